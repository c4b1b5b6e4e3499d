/* With temporary files, which WASI's library has not. */
#ifndef STEPFORMER_STDIO_H
#define STEPFORMER_STDIO_H
#define tmpnam stepformer_no_tmpnam
#define tmpfile stepformer_no_tmpfile
#include_next <stdio.h>
#undef tmpnam
#undef tmpfile
#define L_tmpnam 20
#define TMP_MAX 10000
#ifdef __cplusplus
extern "C" {
#endif
char *tmpnam(char *);
FILE *tmpfile(void);
#ifdef __cplusplus
}
#endif
#else
#include_next <stdio.h>
#endif
