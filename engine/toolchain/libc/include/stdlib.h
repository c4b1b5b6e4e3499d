/* With temporary files, which WASI's library has not. */
#include_next <stdlib.h>

#ifndef STEPFORMER_STDLIB_H
#define STEPFORMER_STDLIB_H
#ifdef __cplusplus
extern "C" {
#endif
int mkstemp(char *);
char *mkdtemp(char *);
#ifdef __cplusplus
}
#endif
#endif
