typedef unsigned char byte;
typedef unsigned int word;

enum color { RED, GREEN = 5, BLUE };
enum level { LOW = -2, HIGH = 7 };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4 };

struct node {
  int value;
  struct node *next;
  byte bytes[8];
  char name[12];
  unsigned flag : 3;
  int small : 5;
  enum color color : 4;
};

union mixed {
  int integer;
  float real;
  byte bytes[4];
};

struct outer {
  struct node inner;
  union mixed u;
  struct {
    int x, y;
  };
  long long wide;
  double real;
};

typedef int (*operation)(int, int);

void stop(int id);

static int add(int a, int b) { return a + b; }
int subtract(int a, int b) { return a - b; }

static const int table[3][2] = {{1, 2}, {3, 4}, {5, 6}};
struct node second = {9, 0, {1}, "two", 1, 2, RED};
struct node first = {7, &second, {1, 2, 3, 4, 5, 6, 7, 8}, "hello", 5, -3, BLUE};
operation chosen = add;
operation other = subtract;
long long big = 0x123456789abcdefLL;
unsigned long long huge = 0xfedcba9876543210ULL;
double ratio = 3.25;
float tenth = 0.1f;
_Bool yes = 1;
short small = -300;
unsigned short medium = 65535;
signed char tiny = -5;
const char *greeting = "hi there\n";
char letter = 'a';
enum level level = LOW;
enum flags rights = READ | EXECUTE;
void *anything = &first;
static int counter;
const volatile int fixed = 42;
int *const pinned = &counter;

static int use(struct outer o, struct outer *p) {
  char line[6] = "abc";
  char *words[3] = {"one", "two", 0};
  int *row = (int *)table[1];
  int(*rows)[2] = (int(*)[2])table;
  stop(2);
  return o.inner.value + p->x + line[0] + words[0][0] + row[0] + rows[2][1];
}

static int count(int n) {
  int lengths[n];
  for (int i = 0; i < n; i++) lengths[i] = i * i;
  stop(3);
  return lengths[n - 1];
}

int main(void) {
  int i = 3;
  unsigned u = 4000000000u;
  long l = -70000;
  for (int i = 0; i < 4; i++) {
    int square = i * i;
    counter += square;
  }
  union mixed m;
  m.real = 1.5f;
  struct outer o = {first, m, {11, 22}, -1, 2.5};
  struct {
    int x, y;
  } pair = {1, 2};
  int grid[4][5];
  for (int r = 0; r < 4; r++)
    for (int c = 0; c < 5; c++) grid[r][c] = r * 10 + c;
  stop(1);
  return add(subtract(i, 1), chosen(1, 2)) + other(3, 4) + (int)u + (int)l + pair.x + grid[2][3] + use(o, &o) + count(5) +
         fixed + *pinned;
}
