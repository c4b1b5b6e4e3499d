/* Input of bytes and lines. Only stdin can be read; at its end every read gives EOF. */
#include <stdio.h>
#include "libc.h"

FILE __stepformer_stdin;

int fgetc(FILE *file) {
  if (file != stdin) return EOF;
  int pushed = stdin->pushed;
  if (pushed) {
    stdin->pushed = 0;
    return pushed - 1;
  }
  int c = __stepformer_read_byte();
  if (c < 0) stdin->ended = 1;
  return c;
}

int getchar(void) { return fgetc(stdin); }

int getc(FILE *file) { return fgetc(file); }

int ungetc(int c, FILE *file) {
  if (c == EOF || file != stdin || stdin->pushed) return EOF;
  stdin->pushed = (c & 255) + 1;
  stdin->ended = 0;
  return c & 255;
}

char *fgets(char *restrict to, int size, FILE *restrict file) {
  if (size < 1) return NULL;
  int length = 0;
  while (length < size - 1) {
    int c = fgetc(file);
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

int feof(FILE *file) { return file->ended; }

int ferror(FILE *file) {
  (void)file;
  return 0;
}

void clearerr(FILE *file) { file->ended = 0; }
