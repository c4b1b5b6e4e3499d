/* Assertions. A failed one prints where and what, then aborts. May be included again with another NDEBUG. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) \
  ((condition) ? (void)0 : __stepformer_assert_failed(__FILE_NAME__, __LINE__, __func__, #condition))
#endif

#ifndef _STEPFORMER_ASSERT_H
#define _STEPFORMER_ASSERT_H
_Noreturn void __stepformer_assert_failed(const char *file, int line, const char *function, const char *condition);
#if __STDC_VERSION__ < 202311L
#define static_assert _Static_assert
#endif
#endif
