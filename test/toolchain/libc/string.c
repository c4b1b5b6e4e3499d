/* string.h and strings.h. Only signs of comparisons are printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int sign(int value) { return (value > 0) - (value < 0); }
static int at(const char *base, const void *found) { return found ? (int)((const char *)found - base) : -1; }

struct pair {
  int a, b;
};
struct large {
  int values[12];
  char text[7];
};

int main(void) {
  const char *text = "the quick brown fox jumps over the lazy dog";
  const char *words[] = {"", "a", "ab", "abc", "abd", "b", "the", "\xff", "ABC", "abcabcabd"};
  char buffer[64], other[64];
  for (int i = 0; i < 10; i++) {
    printf("%d:", (int)strlen(words[i]));
    for (int k = 0; k < 10; k++) {
      printf(" %d%d%d%d", sign(strcmp(words[i], words[k])), sign(strncmp(words[i], words[k], 2)),
             sign(strcasecmp(words[i], words[k])), sign(strncasecmp(words[i], words[k], 2)));
      printf(",%d", at(words[i], strstr(words[i], words[k])));
    }
    printf(" %d %d %d\n", (int)strspn(words[i], "abc"), (int)strcspn(words[i], "cd"), (int)strnlen(words[i], 2));
  }
  printf("%d %d %d %d\n", at(text, strchr(text, 'q')), at(text, strchr(text, 'Q')), at(text, strchr(text, 0)),
         at(text, strrchr(text, 'o')));
  printf("%d %d %d\n", at(text, strstr(text, "the lazy")), at(text, strpbrk(text, "xyz")), at(text, strpbrk(text, "!?")));
  printf("%d %d\n", at(text, memchr(text, 'z', 43)), at(text, memchr(text, 'z', 5)));

  for (int size = 0; size < 20; size++) {
    for (int i = 0; i < 63; i++) buffer[i] = 'a' + i % 26;
    buffer[63] = 0;
    memset(buffer + 3, '.', size);
    memcpy(buffer + 30, buffer + 1, size);
    printf("%s %d\n", buffer, sign(memcmp(buffer + 30, buffer + 1, size + 1)));
    memmove(buffer + 2, buffer, size);
    printf("%s\n", buffer);
    memmove(buffer, buffer + 3, size);
    printf("%s\n", buffer);
  }
  printf("%s %s\n", strcpy(buffer, "copy"), strcat(strcpy(other, "con"), "cat"));
  memset(buffer, '#', sizeof buffer);
  strncpy(buffer, "ab", 5);
  printf("%d %d %c\n", buffer[2], buffer[4], buffer[5]);
  strncpy(buffer, "abcdefg", 3);
  printf("%.5s|\n", buffer);
  strcpy(buffer, "x");
  printf("%s\n", strncat(buffer, "yzabc", 2));

  strcpy(buffer, "  one, two,,three  ");
  for (char *word = strtok(buffer, " ,"); word; word = strtok(NULL, " ,")) printf("[%s]", word);
  char *rest;
  strcpy(buffer, "k=v;l=w");
  for (char *word = strtok_r(buffer, ";", &rest); word; word = strtok_r(NULL, ";", &rest)) printf("(%s)", word);
  char *twin = strdup("twin"), *part = strndup("partial", 4);
  printf(" %s %s\n", twin, part);
  free(twin);
  free(part);

  struct pair one = {1, 2}, two = one, none = {0};
  struct large big = {{1, 2, 3}, "six"}, same = big;
  char filled[16] = "abc";
  int numbers[4] = {9, 8};
  printf("%d %d %d %d %d %s %s %d %d\n", two.a, two.b, none.a, none.b, same.values[2] + same.values[11], same.text, filled,
         filled[15], numbers[1] + numbers[3]);
  printf("%d %d %d\n", ffs(0), ffs(1), ffs(0x50));
  return 0;
}
