/* Strings. */
#include <string.h>

size_t strlen(const char *text) {
  const char *end = text;
  while (*end) end++;
  return end - text;
}

size_t strnlen(const char *text, size_t limit) {
  size_t length = 0;
  while (length < limit && text[length]) length++;
  return length;
}

char *stpcpy(char *restrict to, const char *restrict from) {
  while ((*to = *from)) to++, from++;
  return to;
}

char *strcpy(char *restrict to, const char *restrict from) {
  stpcpy(to, from);
  return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t size) {
  char *next = to;
  for (; size && *from; size--) *next++ = *from++;
  for (; size; size--) *next++ = 0;
  return to;
}

char *strcat(char *restrict to, const char *restrict from) {
  stpcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t size) {
  char *next = to + strlen(to);
  for (; size && *from; size--) *next++ = *from++;
  *next = 0;
  return to;
}

int strcmp(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *(const unsigned char *)a - *(const unsigned char *)b;
}

int strncmp(const char *a, const char *b, size_t size) {
  for (; size; size--, a++, b++) {
    int difference = *(const unsigned char *)a - *(const unsigned char *)b;
    if (difference || !*a) return difference;
  }
  return 0;
}

int strcoll(const char *a, const char *b) { return strcmp(a, b); }

size_t strxfrm(char *restrict to, const char *restrict from, size_t size) {
  size_t length = strlen(from);
  if (length < size) strcpy(to, from);
  return length;
}

char *strchr(const char *text, int c) {
  for (;; text++) {
    if (*text == (char)c) return (char *)text;
    if (!*text) return NULL;
  }
}

char *strrchr(const char *text, int c) {
  const char *found = NULL;
  for (;; text++) {
    if (*text == (char)c) found = text;
    if (!*text) return (char *)found;
  }
}

char *strstr(const char *text, const char *part) {
  for (;; text++) {
    size_t i = 0;
    while (part[i] && text[i] == part[i]) i++;
    if (!part[i]) return (char *)text;
    if (!*text) return NULL;
  }
}

size_t strspn(const char *text, const char *set) {
  size_t length = 0;
  while (text[length] && strchr(set, text[length])) length++;
  return length;
}

size_t strcspn(const char *text, const char *set) {
  size_t length = 0;
  while (text[length] && !strchr(set, text[length])) length++;
  return length;
}

char *strpbrk(const char *text, const char *set) {
  text += strcspn(text, set);
  return *text ? (char *)text : NULL;
}

char *strtok_r(char *restrict text, const char *restrict separators, char **restrict rest) {
  if (!text) text = *rest;
  if (!text) return NULL;
  text += strspn(text, separators);
  if (!*text) {
    *rest = NULL;
    return NULL;
  }
  char *end = text + strcspn(text, separators);
  *rest = *end ? end + 1 : NULL;
  *end = 0;
  return text;
}

char *strtok(char *restrict text, const char *restrict separators) {
  static char *rest;
  return strtok_r(text, separators, &rest);
}
