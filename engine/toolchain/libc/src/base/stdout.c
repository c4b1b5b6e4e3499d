/* stdout, for functions that know it as a FILE. */
#include "file.h"
#include "libc.h"

/* Writes what is in the buffer, then these bytes. */
static size_t write_out(FILE *file, const unsigned char *bytes, size_t size) {
  for (unsigned char *next = file->wbase; next != file->wpos; next++) __stepformer_write_byte(*next);
  for (const unsigned char *end = bytes + size; bytes != end; bytes++) __stepformer_write_byte(*bytes);
  nothing_left(file);
  return size;
}

static unsigned char buffer[8];

FILE __stdout_FILE = {
    .flags = F_PERM | F_NORD,
    .fd = 1,
    .lbf = -1,
    .buf = buffer,
    .write = write_out,
    .seek = __stepformer_stream_seek,
    .close = __stepformer_stream_close,
};
FILE *const stdout = &__stdout_FILE;
FILE *volatile __stdout_used = &__stdout_FILE;
