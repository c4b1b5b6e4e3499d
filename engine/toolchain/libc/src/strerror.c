/* Names of errors. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

int errno;

char *strerror(int number) {
  switch (number) {
    case 0:
      return "Success";
    case ENOENT:
      return "No such file or directory";
    case ENOMEM:
      return "Cannot allocate memory";
    case EINVAL:
      return "Invalid argument";
    case EDOM:
      return "Numerical argument out of domain";
    case ERANGE:
      return "Numerical result out of range";
    case EILSEQ:
      return "Invalid or incomplete multibyte or wide character";
    default:
      return "Unknown error";
  }
}

void perror(const char *text) {
  if (text && *text) {
    fputs(text, stderr);
    fputs(": ", stderr);
  }
  fputs(strerror(errno), stderr);
  fputc('\n', stderr);
}
