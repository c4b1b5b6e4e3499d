/* With the zone of POSIX, which WASI's library has not: it is UTC. */
#include_next <time.h>

#ifndef STEPFORMER_TIME_H
#define STEPFORMER_TIME_H
#ifdef __cplusplus
extern "C" {
#endif
extern char *tzname[2];
extern long timezone;
extern int daylight;
void tzset(void);
#ifdef __cplusplus
}
#endif
#endif
