/* The next byte of stdin: one that was given back, else of the input. */
#ifndef READ_H
#define READ_H
#include "file.h"
#include "libc.h"

static inline int read_stdin(void) {
  if (__stdin_FILE.rpos != __stdin_FILE.rend) return *__stdin_FILE.rpos++;
  int c = __stepformer_read_byte();
  if (c < 0) __stdin_FILE.flags |= F_EOF;
  return c;
}

/* Gives back a byte that was read last. */
static inline void unread_stdin(int c) {
  if (__stdin_FILE.rpos == __stdin_FILE.rend) __stdin_FILE.rpos = __stdin_FILE.rend = __stdin_FILE.buf;
  *--__stdin_FILE.rpos = c;
}
#endif
