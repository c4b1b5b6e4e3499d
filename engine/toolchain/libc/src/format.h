/*
 * The formatter of the printf family, included once per kind of destination. Before including it, define
 * FORMAT (the function's name), SINK (the destination's type) and PUT(sink, c) (writes one byte).
 *
 * Integers of 64 bits are printed by long division in 16-bit digits: no 64-bit instruction is needed.
 */
#include <stdarg.h>
#include <stddef.h>

enum { LEFT = 1, PLUS = 2, SPACE = 4, ALTERNATE = 8, ZERO = 16 };

static void FORMAT_PAD(SINK *sink, int c, int count) {
  for (; count > 0; count--) PUT(sink, c);
}

/* Digits of high:low, written backwards from `end`; returns where they start. Zero has none. */
static char *FORMAT_DIGITS(char *end, unsigned low, unsigned high, unsigned base, const char *digits) {
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

static int FORMAT(SINK *sink, const char *format, va_list arguments) {
  int written = 0;
  for (;;) {
    int c = *(const unsigned char *)format++;
    if (c != '%') {
      if (c == 0) return written;
      PUT(sink, c);
      written++;
      continue;
    }

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
      width = va_arg(arguments, int);
      if (width < 0) flags |= LEFT, width = -width;
      c = *(const unsigned char *)++format;
    } else {
      for (; c - '0' < 10u; c = *(const unsigned char *)++format) width = width * 10 + (c - '0');
    }
    if (c == '.') {
      precision = 0;
      c = *(const unsigned char *)++format;
      if (c == '*') {
        precision = va_arg(arguments, int);
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
      else if (c != 'z' && c != 't') break;
    }
    format++;

    char buffer[24];
    char *const end = buffer + sizeof buffer;
    const char *text = end, *digits = "0123456789abcdef";
    int length, prefix = 0, prefix2 = 0, zeros = 0;
    unsigned low, high = 0, base = 10;

    switch (c) {
      case '%':
        PUT(sink, '%');
        written++;
        continue;
      case 'c':
        buffer[0] = va_arg(arguments, int);
        text = buffer;
        length = 1;
        break;
      case 's':
        text = va_arg(arguments, const char *);
        if (!text) text = "(null)";
        for (length = 0; length != precision && text[length]; length++) {
        }
        break;
      case 'n': {
        void *to = va_arg(arguments, void *);
        if (size == -2) *(signed char *)to = written;
        else if (size == -1) *(short *)to = written;
        else *(int *)to = written;
        if (size >= 2) ((int *)to)[1] = 0;
        continue;
      }
      case 'p':
        size = 0;
        flags |= ALTERNATE;
        base = 16;
        goto number;
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
          unsigned *next = (unsigned *)(((unsigned)arguments + 7) & -8u);
          low = next[0];
          high = next[1];
          arguments = (va_list)(next + 2);
        } else {
          low = va_arg(arguments, unsigned);
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
          if (base == 16 && flags & ALTERNATE && (low | high)) {
            prefix = '0';
            prefix2 = c == 'X' ? 'X' : 'x';
          }
        }
        text = FORMAT_DIGITS(end, low, high, base, digits);
        length = end - text;
        if (length < precision) zeros = precision - length;
        if (length == 0 && precision < 0) zeros = 1;
        if (base == 8 && flags & ALTERNATE && zeros == 0) zeros = 1;
        if ((flags & (ZERO | LEFT)) == ZERO && precision < 0) {
          int fill = width - length - zeros - (prefix != 0) - (prefix2 != 0);
          if (fill > 0) zeros += fill;
        }
        break;
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        /* Not supported: shows as a question mark; its eight bytes are skipped. */
        arguments = (va_list)((((unsigned)arguments + 7) & -8u) + 8);
        text = "?";
        length = 1;
        break;
      default:
        /* Not a conversion: shown as it stands. */
        if (c == 0) return written;
        PUT(sink, '%');
        PUT(sink, c);
        written += 2;
        continue;
    }

    int total = length + zeros + (prefix != 0) + (prefix2 != 0);
    int padding = width - total;
    if (!(flags & LEFT)) FORMAT_PAD(sink, ' ', padding);
    if (prefix) PUT(sink, prefix);
    if (prefix2) PUT(sink, prefix2);
    for (; zeros > 0; zeros--) PUT(sink, '0');
    for (const char *stop = text + length; text != stop; text++) PUT(sink, *(const unsigned char *)text);
    if (flags & LEFT) FORMAT_PAD(sink, ' ', padding);
    written += padding > 0 ? total + padding : total;
  }
}
