/* Input from a stream that is given as a FILE: where there are no files but the standard streams, it is stdin. */
#include "read.h"

int fgetc(FILE *file) { return file == &__stdin_FILE ? read_stdin() : EOF; }

int getc(FILE *file) { return fgetc(file); }

char *fgets(char *restrict to, int size, FILE *restrict file) {
  if (size < 1) return NULL;
  int length = 0, room = size - 1;
  if (room && file != &__stdin_FILE) return NULL;
  while (room--) {
    int c = read_stdin();
    if (c < 0) {
      if (length == 0) return NULL;
      break;
    }
    to[length++] = c;
    if (c == '\n') break;
  }
  to[length] = 0;
  return to;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file) {
  unsigned char *next = to;
  for (size_t done = 0; done < count; done++) {
    for (size_t i = 0; i < size; i++) {
      int c = fgetc(file);
      if (c < 0) return done;
      *next++ = c;
    }
  }
  return size ? count : 0;
}
