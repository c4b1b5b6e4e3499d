/* Reading: bytes, lines, scanf from stdin and from strings. */
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[16], word[32], set[32];
  int a, b, c, n;
  unsigned x, o;
  printf("%c", getchar());
  c = getchar();
  ungetc(c, stdin);
  printf("%c", getc(stdin));
  printf("%c\n", fgetc(stdin));
  while (fgets(line, sizeof line, stdin)) {
    printf("<%s>", line);
    if (strcmp(line, "scan\n") == 0) break;
  }
  printf("%d ", scanf("%d %d,%d", &a, &b, &c));
  printf("%d %d %d\n", a, b, c);
  printf("%d ", scanf("%x %o %i %i", &x, &o, &a, &b));
  printf("%u %u %d %d\n", x, o, a, b);
  printf("%d ", scanf("%5s%n %[a-z] %*s %[^\n]", word, &n, line, set));
  printf("%s %d %s %s\n", word, n, line, set);
  printf("%d ", scanf(" %c%c", word, word + 1));
  printf("%c%c\n", word[0], word[1]);
  printf("%d ", scanf("%2d%3d", &a, &b));
  printf("%d %d\n", a, b);
  printf("%d ", scanf("%d", &a));
  printf("%s|", fgets(line, sizeof line, stdin) ? line : "none");
  printf("%d\n", scanf("%s", word));
  while (fgets(line, sizeof line, stdin)) printf("{%s}", line);
  printf("%d", feof(stdin) != 0);
  printf(" %d", getchar());
  printf(" %d", fgets(line, sizeof line, stdin) == NULL);
  printf(" %d %d\n", scanf("%d", &a), ferror(stdin));

  short small;
  signed char tiny;
  n = sscanf("70000 300 key=value; 50%", "%hd %hhd %[^=]=%[^;]; %d%%", &small, &tiny, word, set, &a);
  printf("%d %d %d %s %s %d\n", n, small, tiny, word, set, a);
  printf("%d %d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a), sscanf("  ", "%s", word));
  n = sscanf("-12-34", "%d%d", &a, &b);
  printf("%d %d %d\n", n, a, b);
  n = sscanf("12:34:56", "%d:%d:%d", &a, &b, &c);
  printf("%d %d %d %d\n", n, a, b, c);
  n = sscanf("0x1f", "%i", &a);
  printf("%d %d %d\n", n, a, sscanf("abc", "abd%d", &b));
  n = sscanf("]x]y", "%[]x]", word);
  printf("%d %s\n", n, word);
  n = sscanf("a-b", "%[a-]", word);
  printf("%d %s\n", n, word);
  return 0;
}
