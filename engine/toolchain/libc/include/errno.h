/* Error numbers; only strtol and its kin set errno here. */
#ifndef _STEPFORMER_ERRNO_H
#define _STEPFORMER_ERRNO_H
extern int errno;
#define ENOENT 2
#define ENOMEM 12
#define EINVAL 22
#define EDOM 33
#define ERANGE 34
#define EILSEQ 84
#endif
