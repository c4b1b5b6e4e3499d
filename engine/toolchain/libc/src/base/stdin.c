/* stdin, for functions that know it as a FILE. */
#include "file.h"
#include "libc.h"

/* Gives a line at most, as a terminal does: what is not needed yet is not read. */
static size_t read_in(FILE *file, unsigned char *to, size_t size) {
  size_t count = 0;
  while (count < size) {
    int c = __stepformer_read_byte();
    if (c < 0) {
      if (count == 0) file->flags |= F_EOF;
      break;
    }
    to[count++] = c;
    if (c == '\n') break;
  }
  return count;
}

/* Bytes that are given back go before where the buffer would begin. */
#define PUSHED 8
static unsigned char buffer[PUSHED];

FILE __stdin_FILE = {
    .flags = F_PERM | F_NOWR,
    .fd = 0,
    .lbf = -1,
    .buf = buffer + PUSHED,
    .read = read_in,
    .seek = __stepformer_stream_seek,
    .close = __stepformer_stream_close,
};
FILE *const stdin = &__stdin_FILE;
FILE *volatile __stdin_used = &__stdin_FILE;
