/* The zone of a program: there are no others than UTC. What is asked for by the name of gmtime is called GMT, as with glibc. */
#include <errno.h>
#include <time.h>

static char name[] = "UTC";
char *tzname[2] = {name, name};
long timezone;
int daylight;

void tzset(void) {}

/* Of musl: the fields of a date but for the zone. */
int __secs_to_tm(long long seconds, struct tm *to);

struct tm *gmtime_r(const time_t *restrict when, struct tm *restrict to) {
  if (__secs_to_tm(*when, to) < 0) {
    errno = EOVERFLOW;
    return NULL;
  }
  to->tm_isdst = 0;
  to->__tm_gmtoff = 0;
  to->__tm_zone = "GMT";
  return to;
}

struct tm *gmtime(const time_t *when) {
  static struct tm kept;
  return gmtime_r(when, &kept);
}
