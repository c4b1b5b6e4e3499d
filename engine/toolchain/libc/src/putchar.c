/*
 * Output of bytes and strings. Which output a file is, is asked once per call and not per byte; what is not stderr is
 * stdout.
 */
#include <stdio.h>
#include "libc.h"

FILE __stepformer_stdout, __stepformer_stderr;

int putchar(int c) {
  __stepformer_write_byte(c & 255);
  return c & 255;
}

int fputc(int c, FILE *file) {
  c &= 255;
  if (file == stderr) __stepformer_write_error(c);
  else __stepformer_write_byte(c);
  return c;
}

int putc(int c, FILE *file) { return fputc(c, file); }

static void put_text(const char *text) {
  int c;
  while ((c = *(const unsigned char *)text)) {
    __stepformer_write_byte(c);
    text++;
  }
}

int puts(const char *text) {
  put_text(text);
  __stepformer_write_byte('\n');
  return 1;
}

int fputs(const char *restrict text, FILE *restrict file) {
  if (file == stderr) {
    for (int c; (c = *(const unsigned char *)text); text++) __stepformer_write_error(c);
  } else {
    put_text(text);
  }
  return 1;
}

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file) {
  if (size == 0) return 0;
  const unsigned char *next = data, *end = next + size * count;
  if (file == stderr) {
    while (next < end) __stepformer_write_error(*next++);
  } else {
    while (next < end) __stepformer_write_byte(*next++);
  }
  return count;
}

int fflush(FILE *file) {
  (void)file;
  return 0;
}

int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size) {
  (void)file, (void)buffer, (void)mode, (void)size;
  return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer) { (void)file, (void)buffer; }
