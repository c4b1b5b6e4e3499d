/* 64-bit integers: arithmetic, conversions from and to text. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long long state = 88172645463325252ull;
static unsigned long long next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void read_back(const char *text, int base) {
  char *end;
  errno = 0;
  long long s = strtoll(text, &end, base);
  int error = errno;
  unsigned long long u = strtoull(text, NULL, base);
  printf("%s/%d: %lld %llu %d %d\n", text, base, s, u, (int)(end - text), error == ERANGE);
}

int main(void) {
  unsigned long long sum = 0;
  for (int i = 0; i < 60; i++) {
    unsigned long long a = next(), b = next() >> (a & 63);
    long long c = (long long)a, d = (long long)b | 1;
    sum += (a * b) ^ (a / (b | 1)) ^ (a % (b | 3)) ^ (unsigned long long)(c >> (b & 63));
    sum ^= (c == LLONG_MIN && d == -1 ? 0 : (unsigned long long)(c / d + c % d)) + (a < b) + (c < d) * 2;
    sum = sum << 7 | sum >> 57;
    printf("%lld %llu %llx %llo %d\n", c / d, a / (b | 1), sum, a % (b | 3), (int)(a >> 60));
  }
  read_back("123456789012345678", 10);
  read_back("-9223372036854775808", 10);
  read_back("9223372036854775808", 10);
  read_back("18446744073709551616", 10);
  read_back("0xffffffffffffffffg", 0);
  read_back("-777", 8);
  read_back("zz9", 36);
  read_back("  +", 10);
  long long parsed;
  unsigned long long hex;
  int read = sscanf("-1234567890123 deadbeefcafe", "%lld %llx", &parsed, &hex);
  printf("%d %lld %llx\n", read, parsed, hex);
  lldiv_t parts = lldiv(-7000000000001ll, 1000000);
  printf("%lld %lld %lld %" PRId64 " %" PRIu64 "\n", parts.quot, parts.rem, llabs(-5000000000ll), INT64_MIN, UINT64_MAX);
  printf("%lld %d %lld\n", atoll("4294967296"), (int)strtoimax("12", NULL, 10), imaxdiv(10000000000, 3).rem * 1ll);
  double d = 0;
  for (int i = 0; i < 8; i++) d += (double)next() + (double)(long long)next();
  printf("%.17g %llu %lld %.9g\n", d, (unsigned long long)1.8e19, (long long)-9.2e18, (float)next());
  struct {
    char c;
    long long l;
    double f;
  } s = {1, 1ll << 40, 0.5}, t = s;
  t.l++;
  printf("%lld %g %d\n", t.l + s.l, t.f + s.f, (int)sizeof s);
  switch (next() % 5 + 0x100000000ull) {
    case 0x100000000ull:
      puts("0");
      break;
    case 0x100000003ull:
      puts("3");
      break;
    default:
      puts("other");
  }
  return 0;
}
