/*
 * Floats as text, exactly: the integer part and the fraction are long numbers in words of 32 bits; nine digits at a
 * time come from the one by division and from the other by multiplication. What is cut off rounds to nearest, a tie
 * to even, as the host's C libraries do.
 */
#include "float-text.h"

typedef unsigned u32;
typedef unsigned long long u64;

#define BILLION 1000000000u
/* Where the point lies among the digits: room for the longest integer part and a carry before it. */
#define POINT 320

struct digits {
  /* Digits as characters; from `start` to POINT those of the integer part (at least one), then the fraction's. */
  char text[POINT + 1100];
  int start, end;
  /* What is left of the fraction, highest word first. */
  u32 part[36];
  int parts;
};

static void put_nine(char *to, u32 chunk) {
  for (int i = 8; i >= 0; i--) {
    u32 rest = chunk / 10;
    to[i] = '0' + (chunk - rest * 10);
    chunk = rest;
  }
}

/* Takes the number apart: all its integer digits; the fraction is left in words. */
static void take_apart(struct digits *d, u64 bits) {
  u64 significand = bits & 0xfffffffffffff;
  int exponent = (int)(bits >> 52);
  if (exponent) significand |= 1ull << 52;
  else exponent = 1;
  exponent -= 1075;

  u32 whole[34];
  int words = 0;
  d->parts = 0;
  if (exponent >= 0) {
    int skip = exponent >> 5, shift = exponent & 31;
    while (words < skip) whole[words++] = 0;
    whole[words++] = (u32)significand << shift;
    significand = significand >> 1 >> (31 - shift);
    whole[words++] = significand;
    whole[words++] = significand >> 32;
  } else {
    int scale = -exponent;
    u64 integer = scale < 64 ? significand >> scale : 0;
    if (integer) significand -= integer << scale;
    whole[words++] = integer;
    whole[words++] = integer >> 32;
    d->parts = (scale + 31) >> 5;
    int shift = d->parts * 32 - scale;
    for (int i = 0; i < d->parts; i++) d->part[i] = 0;
    u64 upper = significand >> 1 >> (31 - shift);
    d->part[d->parts - 1] = (u32)significand << shift;
    if (d->parts > 1) d->part[d->parts - 2] = upper;
    if (d->parts > 2) d->part[d->parts - 3] = upper >> 32;
  }

  int start = POINT;
  for (;;) {
    while (words && whole[words - 1] == 0) words--;
    if (words <= 1) break;
    u64 rest = 0;
    for (int i = words - 1; i >= 0; i--) {
      rest = rest << 32 | whole[i];
      whole[i] = rest / BILLION;
      rest -= (u64)whole[i] * BILLION;
    }
    start -= 9;
    put_nine(&d->text[start], rest);
  }
  u32 last = words ? whole[0] : 0;
  while (last || start == POINT) {
    u32 rest = last / 10;
    d->text[--start] = '0' + (last - rest * 10);
    last = rest;
  }
  d->start = start;
  d->end = POINT;
}

/* Nine more digits of the fraction, if there are any; gives whether there were. */
static int more(struct digits *d) {
  while (d->parts && d->part[d->parts - 1] == 0) d->parts--;
  if (d->parts == 0) return 0;
  u32 carry = 0;
  for (int i = d->parts - 1; i >= 0; i--) {
    u64 product = (u64)d->part[i] * BILLION + carry;
    d->part[i] = product;
    carry = product >> 32;
  }
  put_nine(&d->text[d->end], carry);
  d->end += 9;
  return 1;
}

/* Whether the digits from `cut` on, and what is left, are more than half of the last place, or half and it is odd. */
static int rounds_up(struct digits *d, int cut) {
  if (cut >= d->end || d->text[cut] < '5') return 0;
  if (d->text[cut] > '5') return 1;
  for (int i = cut + 1; i < d->end; i++) {
    if (d->text[i] != '0') return 1;
  }
  for (int i = 0; i < d->parts; i++) {
    if (d->part[i]) return 1;
  }
  return d->text[cut - 1] & 1;
}

/* Rounds what lies behind `cut`; gives the first significant digit's place, which a carry moves. */
static int rounded(struct digits *d, int cut, int first) {
  if (!rounds_up(d, cut)) return first;
  int i = cut - 1;
  for (; i >= d->start && d->text[i] == '9'; i--) d->text[i] = '0';
  if (i < d->start) d->text[d->start = i] = '0';
  d->text[i]++;
  return i < first ? i : first;
}

/* Copies digits from..to; those that do not exist are zeros, counted and not written. */
static void copy(struct float_text *out, const struct digits *d, int from, int to) {
  int stop = to < d->end ? to : d->end;
  for (; from < stop; from++) out->text[out->length++] = d->text[from];
  if (from < to) out->zeros += to - from;
}

static void put_exponent(struct float_text *out, int letter, int exponent, int least) {
  char *next = out->suffix;
  *next++ = letter;
  *next++ = exponent < 0 ? '-' : '+';
  if (exponent < 0) exponent = -exponent;
  int scale = 1000;
  while (scale > 1 && exponent < scale && scale > least) scale /= 10;
  for (; scale; scale /= 10) *next++ = '0' + exponent / scale % 10;
  out->suffix_length = next - out->suffix;
}

static void hexadecimal(struct float_text *out, u64 bits, int conversion, int precision, int alternate) {
  u64 significand = bits & 0xfffffffffffff;
  int exponent = (int)(bits >> 52);
  if (exponent) significand |= 1ull << 52;
  else if (bits) exponent = 1;
  else exponent = 1023;
  if (precision >= 0 && precision < 13) {
    int lost = (13 - precision) * 4;
    u64 half = 1ull << (lost - 1), odd = significand >> lost & 1;
    significand += half - 1 + odd;
    significand = significand >> lost << lost;
  }
  const char *letters = conversion == 'a' ? "0123456789abcdef" : "0123456789ABCDEF";
  out->text[out->length++] = '0' + (int)(significand >> 52);
  u64 rest = significand & 0xfffffffffffff;
  if (rest || precision > 0 || alternate) out->text[out->length++] = '.';
  for (int i = 0; precision < 0 ? rest != 0 : i < precision && i < 13; i++) {
    out->text[out->length++] = letters[rest >> 48];
    rest = rest << 4 & 0xfffffffffffff;
  }
  if (precision > 13) out->zeros = precision - 13;
  put_exponent(out, conversion + ('p' - 'a'), exponent - 1023, 1);
}

void __stepformer_float_text(struct float_text *out, u64 bits, int conversion, int precision, int alternate) {
  out->length = out->zeros = out->suffix_length = 0;
  int kind = conversion | 32;
  if (kind == 'a') {
    hexadecimal(out, bits, conversion, precision, alternate);
    return;
  }
  struct digits d;
  take_apart(&d, bits);
  if (precision < 0) precision = 6;
  if (kind == 'g' && precision == 0) precision = 1;

  /* The first digit that is not zero; of zero the one before the point. */
  int first = d.start;
  if (d.text[first] == '0' && bits) {
    for (first = POINT; first < d.end || more(&d); first++) {
      if (d.text[first] != '0') break;
    }
  }
  int cut = kind == 'f' ? POINT + precision : first + precision + (kind == 'e');
  while (d.end <= cut && more(&d)) {
  }
  int moved = rounded(&d, cut, first);
  if (kind != 'f') cut -= first - moved;
  first = moved;
  int exponent = POINT - 1 - first;
  int scientific = kind == 'e' || (kind == 'g' && (exponent < -4 || exponent >= precision));
  int before = scientific ? first + 1 : POINT;
  if (kind == 'g' && !alternate) {
    while (cut > before && (cut > d.end || d.text[cut - 1] == '0')) cut--;
  }
  copy(out, &d, scientific ? first : d.start, before);
  if (cut > before || alternate) out->text[out->length++] = '.';
  copy(out, &d, before, cut);
  if (scientific) put_exponent(out, conversion == 'e' || conversion == 'g' ? 'e' : 'E', exponent, 10);
}
