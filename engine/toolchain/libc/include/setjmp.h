/* With the names of POSIX for jumps: there is no mask of signals to go back to. */
#include_next <setjmp.h>

#ifndef STEPFORMER_SETJMP_H
#define STEPFORMER_SETJMP_H
#define _setjmp(place) setjmp(place)
#define _longjmp(place, value) longjmp(place, value)
#define sigsetjmp(place, mask) setjmp(place)
#define siglongjmp(place, value) longjmp(place, value)
#endif
