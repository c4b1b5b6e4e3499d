/* Comparing without regard to case, and bit search. */
#ifndef _STEPFORMER_STRINGS_H
#define _STEPFORMER_STRINGS_H
#include <stddef.h>
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t size);
int ffs(int value);
#endif
