/*
 * A stream for output, for functions that know it as a FILE; included once for each. Before including it, define PUT(c)
 * (writes one byte). `OUTPUT(stdout, 1)` then defines it, by its name and its number.
 */
#include "file.h"
#include "libc.h"

/* Writes what is in the buffer, then these bytes. */
static size_t write_out(FILE *file, const unsigned char *bytes, size_t size) {
  for (unsigned char *next = file->wbase; next != file->wpos; next++) PUT(*next);
  for (const unsigned char *end = bytes + size; bytes != end; bytes++) PUT(*bytes);
  file->wpos = file->wbase = file->wend = file->buf;
  return size;
}

static unsigned char buffer[8];

#define OUTPUT(name, number) \
  FILE __##name##_FILE = { \
      .flags = F_PERM | F_NORD, \
      .fd = number, \
      .lbf = -1, \
      .buf = buffer, \
      .write = write_out, \
      .seek = __stepformer_stream_seek, \
      .close = __stepformer_stream_close, \
  }; \
  FILE *const name = &__##name##_FILE; \
  FILE *volatile __##name##_used = &__##name##_FILE;
