/* Other numbers for open files, which POSIX has and WASI has not. */
#include <errno.h>
#include <unistd.h>
#include "descriptors.h"

int dup(int fd) {
  int number = descriptor_copy(fd, -1);
  if (number < 0) errno = descriptor_of(fd) ? EMFILE : EBADF;
  return number;
}

int dup2(int fd, int to) {
  int number = descriptor_of(fd) && to >= 0 ? descriptor_copy(fd, to) : -1;
  if (number < 0) errno = EBADF;
  return number;
}
