/* Common definitions. */
#ifndef _STEPFORMER_STDDEF_H
#define _STEPFORMER_STDDEF_H
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;
typedef struct {
  long long __widest_integer __attribute__((aligned(__alignof__(long long))));
  long double __widest_float __attribute__((aligned(__alignof__(long double))));
} max_align_t;
#if __STDC_VERSION__ >= 202311L
typedef __typeof__(nullptr) nullptr_t;
#define unreachable() __builtin_unreachable()
#endif
#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
