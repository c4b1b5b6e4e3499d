/* With other numbers for open files, which WASI's library has not. */
#include_next <unistd.h>

#ifndef STEPFORMER_UNISTD_H
#define STEPFORMER_UNISTD_H
#ifdef __cplusplus
extern "C" {
#endif
int dup(int);
int dup2(int, int);
#ifdef __cplusplus
}
#endif
#endif
