/* Character classes by comparison: shorter than a table of the same size. */
#include <ctype.h>

int isdigit(int c) { return c - '0' < 10u; }
int islower(int c) { return c - 'a' < 26u; }
int isupper(int c) { return c - 'A' < 26u; }
int isalpha(int c) { return (c | 32) - 'a' < 26u; }
int isalnum(int c) { return isalpha(c) || isdigit(c); }
int isblank(int c) { return c == ' ' || c == '\t'; }
int iscntrl(int c) { return (unsigned)c < 32 || c == 127; }
int isgraph(int c) { return c - 33 < 94u; }
int isprint(int c) { return c - 32 < 95u; }
int ispunct(int c) { return isgraph(c) && !isalnum(c); }
int isspace(int c) { return c == ' ' || c - '\t' < 5u; }
int isxdigit(int c) { return isdigit(c) || (c | 32) - 'a' < 6u; }
int tolower(int c) { return isupper(c) ? c | 32 : c; }
int toupper(int c) { return islower(c) ? c & ~32 : c; }
