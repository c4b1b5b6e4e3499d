/* Output of bytes and strings; both output files are the same place. */
#include <stdio.h>
#include "libc.h"

FILE __stepformer_stdout, __stepformer_stderr;

int putchar(int c) {
  __stepformer_write_byte(c & 255);
  return c & 255;
}

int fputc(int c, FILE *file) {
  (void)file;
  __stepformer_write_byte(c & 255);
  return c & 255;
}

int putc(int c, FILE *file) {
  (void)file;
  __stepformer_write_byte(c & 255);
  return c & 255;
}

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
  (void)file;
  put_text(text);
  return 1;
}

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file) {
  (void)file;
  if (size == 0) return 0;
  const unsigned char *next = data, *end = next + size * count;
  while (next < end) __stepformer_write_byte(*next++);
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
