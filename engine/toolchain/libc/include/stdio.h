/*
 * Input and output, a byte at a time, unbuffered: stdin, stdout and stderr are the program's own. There are no other
 * files.
 */
#ifndef _STEPFORMER_STDIO_H
#define _STEPFORMER_STDIO_H
#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)
#define BUFSIZ 1024
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct __stepformer_file FILE;
extern FILE __stepformer_stdin, __stepformer_stdout, __stepformer_stderr;
#define stdin (&__stepformer_stdin)
#define stdout (&__stepformer_stdout)
#define stderr (&__stepformer_stderr)

int printf(const char *restrict format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *restrict file, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int sprintf(char *restrict to, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *restrict to, size_t size, const char *restrict format, ...) __attribute__((format(printf, 3, 4)));
int vprintf(const char *restrict format, va_list arguments) __attribute__((format(printf, 1, 0)));
int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
int vsprintf(char *restrict to, const char *restrict format, va_list arguments) __attribute__((format(printf, 2, 0)));
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

int putchar(int c);
int putc(int c, FILE *file);
int fputc(int c, FILE *file);
int puts(const char *text);
int fputs(const char *restrict text, FILE *restrict file);
size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file);
int fflush(FILE *file);
int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size);
void setbuf(FILE *restrict file, char *restrict buffer);
void perror(const char *text);

int getchar(void);
int getc(FILE *file);
int fgetc(FILE *file);
int ungetc(int c, FILE *file);
char *fgets(char *restrict to, int size, FILE *restrict file);
size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);

int scanf(const char *restrict format, ...) __attribute__((format(scanf, 1, 2)));
int fscanf(FILE *restrict file, const char *restrict format, ...) __attribute__((format(scanf, 2, 3)));
int sscanf(const char *restrict from, const char *restrict format, ...) __attribute__((format(scanf, 2, 3)));
int vscanf(const char *restrict format, va_list arguments) __attribute__((format(scanf, 1, 0)));
int vfscanf(FILE *restrict file, const char *restrict format, va_list arguments) __attribute__((format(scanf, 2, 0)));
int vsscanf(const char *restrict from, const char *restrict format, va_list arguments)
    __attribute__((format(scanf, 2, 0)));
#endif
