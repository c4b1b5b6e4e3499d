/*
 * The inside of wasi-libc's FILE (in musl: src/internal/stdio_impl.h), for the three standard streams. They are not
 * buffered, so that functions of wasi-libc and ours can be used on the same stream: what was written is out at once,
 * and no byte was read that was not asked for. Bytes given back to the input lie between `rpos` and `rend`.
 */
#ifndef FILE_H
#define FILE_H
#include <stdio.h>
#include <sys/types.h>

struct _IO_FILE {
  unsigned flags;
  unsigned char *rpos, *rend;
  int (*close)(FILE *);
  unsigned char *wend, *wpos, *wbase;
  size_t (*read)(FILE *, unsigned char *, size_t);
  size_t (*write)(FILE *, const unsigned char *, size_t);
  off_t (*seek)(FILE *, off_t, int);
  unsigned char *buf;
  size_t buf_size;
  FILE *prev, *next;
  int fd, mode, lbf;
  void *cookie;
  off_t off;
  char *getln_buf;
  void *unused;
  unsigned char *shend;
  off_t shlim, shcnt;
};
_Static_assert(sizeof(FILE) == 112, "as in wasi-libc");

/* Of `flags`: never freed; not for reading; not for writing; the end was met. */
enum { F_PERM = 1, F_NORD = 4, F_NOWR = 8, F_EOF = 16 };

extern FILE __stdin_FILE, __stdout_FILE, __stderr_FILE;

/* What the streams share. */
int __stepformer_stream_close(FILE *file);
off_t __stepformer_stream_seek(FILE *file, off_t offset, int whence);
#endif
