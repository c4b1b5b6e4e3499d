/* Temporary files. Their names are counted: nobody else makes any, and runs are the same each time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTERS = 6 };

/* Writes the next name over the six X at the end of a pattern; NULL if there are none. */
static char *named(char *pattern) {
  static unsigned count;
  size_t length = strlen(pattern);
  char *letters = pattern + length - LETTERS;
  if (length < LETTERS || strspn(letters, "X") != LETTERS) {
    errno = EINVAL;
    return NULL;
  }
  unsigned rest = count++;
  for (int i = LETTERS - 1; i >= 0; i--, rest /= 10) letters[i] = (char)('0' + rest % 10);
  return pattern;
}

int mkstemp(char *pattern) {
  char *letters = pattern + strlen(pattern) - LETTERS;
  while (named(pattern)) {
    int fd = open(pattern, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
    memset(letters, 'X', LETTERS);
  }
  return -1;
}

char *mkdtemp(char *pattern) { return named(pattern) && mkdir(pattern, 0700) == 0 ? pattern : NULL; }

char *tmpnam(char *name) {
  static char own[L_tmpnam];
  char *pattern = strcpy(name ? name : own, "tmp-XXXXXX");
  struct stat found;
  while (stat(named(pattern), &found) == 0) strcpy(pattern, "tmp-XXXXXX");
  return pattern;
}

FILE *tmpfile(void) {
  char name[] = "tmp-XXXXXX";
  int fd = mkstemp(name);
  if (fd < 0) return NULL;
  unlink(name);
  return fdopen(fd, "w+");
}
