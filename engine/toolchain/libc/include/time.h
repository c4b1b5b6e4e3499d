/* The machine has no clock: time and clock are always 0, so runs repeat exactly. */
#ifndef _STEPFORMER_TIME_H
#define _STEPFORMER_TIME_H
#include <stddef.h>
typedef long time_t;
typedef long clock_t;
#define CLOCKS_PER_SEC 1000000L
time_t time(time_t *to);
clock_t clock(void);
double difftime(time_t end, time_t start);
#endif
