void stop(int id);

enum color { RED, GREEN = 5, BLUE = -3 };
typedef unsigned short ushort_t;
struct point { int x, y; };
struct node {
  int value;
  struct node *next;
  union {
    float f;
    unsigned bits;
  };
  unsigned flag : 3;
  int small : 5;
  long long big;
  struct point corners[2];
};

static struct node nodes[3] = {
  {7, &nodes[1], {1.5f}, 5, -3, -12884901888LL, {{1, 2}, {3, 4}}},
  {-8, &nodes[2], {-2.25f}, 2, 15, 0x7fffffffffffffffLL, {{5, 6}, {7, 8}}},
  {9, 0, {0.1f}, 7, -16, 1, {{9, 10}, {11, 12}}},
};
static signed char bytes[8] = {-128, -1, 0, 1, 127, 2, 3, 4};
static int grid[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
static double ratio = 0.1;
static unsigned huge = 4000000000u;
static unsigned long long wide = 0xfedcba9876543210ULL;
static const char *text = "text";
static enum color shade = BLUE;
static char word[4] = "full";
static struct packed { char a; int b; } __attribute__((packed)) packed;
static struct aligned { char a; _Alignas(16) char b; } aligned;
long long results[100];
