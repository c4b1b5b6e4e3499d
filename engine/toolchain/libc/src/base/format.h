/*
 * The formatter of the printf family, included once per kind of destination. Before including it, define SINK (the
 * destination's type) and PUT(sink, c) (writes one byte). It gives `format(sink, text, arguments)`, which does plain
 * text, %d, %u, %s and %c itself, in few instructions, and leaves everything else to `convert`.
 *
 * Integers of 64 bits are printed by long division in 16-bit digits, which is shorter than division of 64 bits.
 * Floats are converted where FLOATS is defined; a program without them is linked with a smaller formatter.
 */
#include <stdarg.h>
#include <stddef.h>
#ifdef FLOATS
#include "float-text.h"
#endif

enum { LEFT = 1, PLUS = 2, SPACE = 4, ALTERNATE = 8, ZERO = 16 };

static void pad(SINK *sink, int c, int count) {
  for (; count > 0; count--) PUT(sink, c);
}

/* Digits of high:low, written backwards from `end`; returns where they start. Zero has none. */
static char *write_digits(char *end, unsigned low, unsigned high, unsigned base, const char *digits) {
  while (high) {
    unsigned upper = high / base, rest = high % base;
    unsigned middle = rest << 16 | low >> 16;
    rest = middle % base << 16 | (low & 0xffff);
    low = middle / base << 16 | rest / base;
    *--end = digits[rest % base];
    high = upper;
  }
  while (low) {
    unsigned upper = low / base;
    *--end = digits[low - upper * base];
    low = upper;
  }
  return end;
}

/* What is left to format. */
struct rest {
  const char *format;
  va_list arguments;
};

/* One conversion in full, after its percent sign; `written` bytes went out before. Returns how many it wrote. */
static __attribute__((noinline)) int convert(SINK *sink, struct rest *rest, int written) {
  const char *format = rest->format;
  int c;
  int flags = 0, width = 0, precision = -1, size = 0;
  for (;; format++) {
    c = *(const unsigned char *)format;
    if (c == '0') flags |= ZERO;
    else if (c == '-') flags |= LEFT;
    else if (c == '+') flags |= PLUS;
    else if (c == ' ') flags |= SPACE;
    else if (c == '#') flags |= ALTERNATE;
    else break;
  }
  if (c == '*') {
    width = va_arg(rest->arguments, int);
    if (width < 0) flags |= LEFT, width = -width;
    c = *(const unsigned char *)++format;
  } else {
    for (; c - '0' < 10u; c = *(const unsigned char *)++format) width = width * 10 + (c - '0');
  }
  if (c == '.') {
    precision = 0;
    c = *(const unsigned char *)++format;
    if (c == '*') {
      precision = va_arg(rest->arguments, int);
      c = *(const unsigned char *)++format;
    } else {
      for (; c - '0' < 10u; c = *(const unsigned char *)++format) precision = precision * 10 + (c - '0');
    }
  }
  /* size: -2 char, -1 short, 0 and 1 32 bits, 2 64 bits */
  for (;; c = *(const unsigned char *)++format) {
    if (c == 'l') size++;
    else if (c == 'h') size--;
    else if (c == 'j' || c == 'q') size = 2;
    else if (c != 'z' && c != 't' && c != 'L') break;
  }
  rest->format = c ? format + 1 : format;

  char buffer[24];
  char *const end = buffer + sizeof buffer;
  const char *text = end, *digits = "0123456789abcdef";
  int length, prefix = 0, prefix2 = 0, zeros = 0;
  unsigned low, high = 0, base = 10;

  switch (c) {
    case '%':
      PUT(sink, '%');
      return 1;
    case 'c':
      buffer[0] = va_arg(rest->arguments, int);
      text = buffer;
      length = 1;
      break;
    case 'p':
      if (*(void *const *)rest->arguments) {
        size = 0;
        flags |= ALTERNATE;
        base = 16;
        goto number;
      }
      /* falls through */
    case 's':
      text = va_arg(rest->arguments, const char *);
      if (!text) text = c == 's' ? "(null)" : "(nil)";
      for (length = 0; length != precision && text[length]; length++) {
      }
      break;
    case 'n': {
      void *to = va_arg(rest->arguments, void *);
      if (size == -2) *(signed char *)to = written;
      else if (size == -1) *(short *)to = written;
      else *(int *)to = written;
      if (size >= 2) ((int *)to)[1] = 0;
      return 0;
    }
    case 'X':
      digits = "0123456789ABCDEF";
      base = 16;
      goto number;
    case 'x':
      base = 16;
      goto number;
    case 'o':
      base = 8;
      goto number;
    case 'd':
    case 'i':
    case 'u':
    number:
      if (size >= 2) {
        /* va_list is a pointer to the arguments; eight-byte ones are aligned to 8. */
        unsigned *next = (unsigned *)(((unsigned)rest->arguments + 7) & -8u);
        low = next[0];
        high = next[1];
        rest->arguments = (va_list)(next + 2);
      } else {
        low = va_arg(rest->arguments, unsigned);
      }
      if (c == 'd' || c == 'i') {
        if (size == -1) low = (short)low;
        if (size == -2) low = (signed char)low;
        if ((int)(size >= 2 ? high : low) < 0) {
          prefix = '-';
          low = -low;
          if (size >= 2) high = ~high + (low == 0);
        } else if (flags & PLUS) {
          prefix = '+';
        } else if (flags & SPACE) {
          prefix = ' ';
        }
      } else {
        if (size == -1) low = (unsigned short)low;
        if (size == -2) low = (unsigned char)low;
        if (base == 16 && flags & ALTERNATE && (low | high || c == 'p')) {
          prefix = '0';
          prefix2 = c == 'X' ? 'X' : 'x';
        }
      }
      text = write_digits(end, low, high, base, digits);
      length = end - text;
      if (length < precision) zeros = precision - length;
      if (length == 0 && precision < 0) zeros = 1;
      if (base == 8 && flags & ALTERNATE && zeros == 0) zeros = 1;
      if ((flags & (ZERO | LEFT)) == ZERO && precision < 0) {
        int fill = width - length - zeros - (prefix != 0) - (prefix2 != 0);
        if (fill > 0) zeros += fill;
      }
      break;
#ifdef FLOATS
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A': {
      union {
        double value;
        unsigned long long bits;
      } number = {va_arg(rest->arguments, double)};
      if (number.bits >> 63) prefix = '-';
      else if (flags & PLUS) prefix = '+';
      else if (flags & SPACE) prefix = ' ';
      number.bits &= -1ull >> 1;
      if (number.bits >> 52 == 0x7ff) {
        int nan = number.bits << 12 != 0;
        text = c & 32 ? (nan ? "nan" : "inf") : (nan ? "NAN" : "INF");
        length = 3;
        break;
      }
      struct float_text parts;
      if (c == 'F') c = 'f';
      __stepformer_float_text(&parts, number.bits, c, precision, flags & ALTERNATE);
      int signs = prefix != 0;
      if ((c | 32) == 'a') signs += 2;
      int total = parts.length + parts.zeros + parts.suffix_length + signs;
      int padding = width - total;
      if (!(flags & (LEFT | ZERO))) pad(sink, ' ', padding);
      if (prefix) PUT(sink, prefix);
      if ((c | 32) == 'a') {
        PUT(sink, '0');
        PUT(sink, c + ('x' - 'a'));
      }
      if ((flags & (LEFT | ZERO)) == ZERO) pad(sink, '0', padding);
      for (int i = 0; i < parts.length; i++) PUT(sink, parts.text[i]);
      pad(sink, '0', parts.zeros);
      for (int i = 0; i < parts.suffix_length; i++) PUT(sink, parts.suffix[i]);
      if (flags & LEFT) pad(sink, ' ', padding);
      return padding > 0 ? total + padding : total;
    }
#endif
    default:
      /* Not a conversion: shown as it stands. */
      if (c == 0) return 0;
      PUT(sink, '%');
      PUT(sink, c);
      return 2;
  }

  int total = length + zeros + (prefix != 0) + (prefix2 != 0);
  int padding = width - total;
  if (!(flags & LEFT)) pad(sink, ' ', padding);
  if (prefix) PUT(sink, prefix);
  if (prefix2) PUT(sink, prefix2);
  for (; zeros > 0; zeros--) PUT(sink, '0');
  for (const char *stop = text + length; text != stop; text++) PUT(sink, *(const unsigned char *)text);
  if (flags & LEFT) pad(sink, ' ', padding);
  return padding > 0 ? total + padding : total;
}

static int format(SINK *sink, const char *text, va_list arguments) {
  int written = 0;
  for (;;) {
    int c = *(const unsigned char *)text++;
    if (c == 0) return written;
    if (c == '%') {
      c = *(const unsigned char *)text;
      if (c == 'd' || c == 'u') {
        unsigned value = va_arg(arguments, unsigned);
        text++;
        if (c == 'd' && (int)value < 0) {
          PUT(sink, '-');
          written++;
          value = -value;
        }
        char buffer[10], *const end = buffer + sizeof buffer, *next = end;
        while (value > 9) {
          unsigned upper = value / 10;
          *--next = '0' + (value - upper * 10);
          value = upper;
        }
        PUT(sink, '0' + value);
        written += end - next + 1;
        for (; next != end; next++) PUT(sink, *next);
      } else if (c == 's') {
        const char *string = va_arg(arguments, const char *);
        text++;
        if (!string) string = "(null)";
        const char *start = string;
        for (; (c = *(const unsigned char *)string); string++) PUT(sink, c);
        written += string - start;
      } else if (c == 'c') {
        c = va_arg(arguments, int);
        text++;
        PUT(sink, c & 255);
        written++;
      } else {
        struct rest rest = {text, arguments};
        written += convert(sink, &rest, written);
        text = rest.format;
        arguments = rest.arguments;
      }
    } else {
      PUT(sink, c);
      written++;
    }
  }
}
