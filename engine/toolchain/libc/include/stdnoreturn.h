/* noreturn, by the name of C11. */
#ifndef _STEPFORMER_STDNORETURN_H
#define _STEPFORMER_STDNORETURN_H
#define noreturn _Noreturn
#endif
