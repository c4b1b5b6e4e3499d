/* In the place of WASI's, which has room for eight signals. */
#ifndef __wasilibc___typedef_sigset_t_h
#define __wasilibc___typedef_sigset_t_h
typedef struct {
  unsigned long long bits;
} sigset_t;
#endif
