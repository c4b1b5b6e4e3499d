/*
 * The reader of the scanf family, included once per kind of source. Before including it, define SCAN (the function's
 * name), SOURCE (the source's type), GET(source) (next byte or -1) and UNGET(source, c) (gives the last one back).
 */
#include <stdarg.h>
#include <stddef.h>
#ifdef FLOATS
#include <stdlib.h>
#endif

static int SCAN_SPACE(int c) { return c == ' ' || c - '\t' < 5u; }

static int SCAN(SOURCE *source, const char *format, va_list arguments) {
  int stored = 0, c, consumed = 0;
#define NEXT() (c = GET(source), consumed += c >= 0, c)
#define BACK() \
  do { \
    if (c >= 0) UNGET(source, c), consumed--; \
  } while (0)

  for (; *format; format++) {
    if (SCAN_SPACE(*(const unsigned char *)format)) {
      while (SCAN_SPACE(NEXT())) {
      }
      BACK();
      continue;
    }
    if (*format != '%') {
      if (NEXT() != *(const unsigned char *)format) {
        BACK();
        return c < 0 && !stored ? -1 : stored;
      }
      continue;
    }

    int suppress = 0, width = 0, size = 0;
    if (*++format == '*') suppress = 1, format++;
    for (; *format - '0' < 10u; format++) width = width * 10 + (*format - '0');
    for (;; format++) {
      if (*format == 'l') size++;
      else if (*format == 'h') size--;
      else if (*format == 'j' || *format == 'q') size = 2;
      else if (*format == 'L') size = 1;
      else if (*format != 'z' && *format != 't') break;
    }

    int kind = *(const unsigned char *)format;
    if (kind != 'c' && kind != '[' && kind != 'n') {
      while (SCAN_SPACE(NEXT())) {
      }
      BACK();
    }
    if (kind == 'n') {
      if (!suppress) *va_arg(arguments, int *) = consumed;
      continue;
    }
    if (kind == '%') {
      if (NEXT() != '%') {
        BACK();
        return c < 0 && !stored ? -1 : stored;
      }
      continue;
    }

    if (kind == 'c' || kind == 's' || kind == '[') {
      char *to = suppress ? NULL : va_arg(arguments, char *);
      const char *set = NULL, *set_end = NULL;
      int inverted = 0, length = 0;
      if (kind == '[') {
        set = format + 1;
        if (*set == '^') inverted = 1, set++;
        set_end = set + 1;
        while (*set_end && *set_end != ']') set_end++;
        format = *set_end ? set_end : set_end - 1;
      }
      if (width == 0) width = kind == 'c' ? 1 : 0x7fffffff;
      while (length < width) {
        if (NEXT() < 0) break;
        if (kind == 's' && SCAN_SPACE(c)) {
          BACK();
          break;
        }
        if (kind == '[') {
          int member = 0;
          for (const char *s = set; s < set_end; s++) {
            if (s[1] == '-' && s + 2 < set_end) {
              if (c >= (unsigned char)s[0] && c <= (unsigned char)s[2]) member = 1;
              s += 2;
            } else if (c == *(const unsigned char *)s) {
              member = 1;
            }
          }
          if (member == inverted) {
            BACK();
            break;
          }
        }
        if (to) to[length] = c;
        length++;
      }
      if (length == 0 || (kind == 'c' && length < width)) return c < 0 && !stored ? -1 : stored;
      if (to && kind != 'c') to[length] = 0;
      if (to) stored++;
      continue;
    }

#ifdef FLOATS
    if (kind == 'f' || (kind | 32) == 'e' || (kind | 32) == 'g' || kind == 'a') {
      /* The longest text that a number can start with; what it is, strtod says. */
      char number[400];
      int length = 0, start = 0, base = 10, point = 0, digits = 0, exponent = -1;
      const char *word = NULL;
      if (width == 0 || width > 399) width = 399;
      while (length < width && NEXT() >= 0) {
        int letter = c | 32, place = length - start;
        if (word) {
          if (letter != word[place]) break;
        } else if (c == '-' || c == '+') {
          if (length != 0 && length != exponent + 1) break;
          if (length == 0) start = 1;
        } else if (c - '0' < 10u || (base == 16 && exponent < 0 && letter - 'a' < 6u)) {
          digits++;
        } else if (c == '.' && !point && exponent < 0) {
          point = 1;
        } else if (letter == 'x' && place == 1 && number[start] == '0') {
          base = 16;
          digits = 0;
        } else if (letter == (base == 16 ? 'p' : 'e') && digits && exponent < 0) {
          exponent = length;
        } else if (place == 0 && (letter == 'i' || letter == 'n')) {
          word = letter == 'i' ? "infinity" : "nan";
        } else {
          break;
        }
        number[length++] = c;
        c = 0;
      }
      if (length < width) BACK();
      number[length] = 0;
      char *end;
      union {
        double wide;
        float narrow;
      } value;
      if (size >= 1) value.wide = strtod(number, &end);
      else value.narrow = strtof(number, &end);
      if (end == number) return c < 0 && length == 0 && !stored ? -1 : stored;
      if (suppress) continue;
      if (size >= 1) *va_arg(arguments, double *) = value.wide;
      else *va_arg(arguments, float *) = value.narrow;
      stored++;
      continue;
    }
#endif

    unsigned base = 10, low = 0, high = 0;
    int negative = 0, digits = 0;
    switch (kind) {
      case 'd':
      case 'u':
        break;
      case 'i':
        base = 0;
        break;
      case 'x':
      case 'X':
      case 'p':
        base = 16;
        break;
      case 'o':
        base = 8;
        break;
      default:
        return stored;
    }
    if (width == 0) width = 0x7fffffff;
    NEXT();
    if (c < 0) return stored ? stored : -1;
    if (c == '-' || c == '+') {
      negative = c == '-';
      c = --width > 0 ? NEXT() : -2;
    }
    if (c == '0' && (base == 0 || base == 16)) {
      digits = 1;
      c = --width > 0 ? NEXT() : -2;
      if (c >= 0 && (c | 32) == 'x') {
        base = 16;
        digits = 0;
        c = --width > 0 ? NEXT() : -2;
      } else if (base == 0) {
        base = 8;
      }
    }
    if (base == 0) base = 10;
    for (; c >= 0; c = --width > 0 ? NEXT() : -2) {
      unsigned digit;
      if (c - '0' < 10u) digit = c - '0';
      else if ((c | 32) - 'a' < 6u) digit = (c | 32) - 'a' + 10;
      else break;
      if (digit >= base) break;
      digits = 1;
      /* high:low = high:low * base + digit, by halves of low */
      unsigned lower = (low & 0xffff) * base + digit, upper = (low >> 16) * base + (lower >> 16);
      low = upper << 16 | (lower & 0xffff);
      high = high * base + (upper >> 16);
    }
    if (c >= 0) BACK();
    if (!digits) return stored;
    if (suppress) continue;
    if (negative) {
      low = -low;
      high = ~high + (low == 0);
    }
    void *to = va_arg(arguments, void *);
    if (size == -2) *(unsigned char *)to = low;
    else if (size == -1) *(unsigned short *)to = low;
    else *(unsigned *)to = low;
    if (size >= 2) ((unsigned *)to)[1] = high;
    stored++;
  }
  return stored;
#undef NEXT
#undef BACK
}
