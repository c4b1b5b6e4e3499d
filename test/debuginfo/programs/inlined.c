/* Small functions that optimisers put into one another: chains, loops, recursion, several calls on a line. */
int stop(int id);
int input(void);

static inline int square(int side) {
  int area = side * side;
  stop(area);
  return area;
}

static inline __attribute__((always_inline)) int twice(int value) { return square(value) + square(value + 1); }

struct list {
  int value;
  struct list *next;
};

static inline int sum(const struct list *list) {
  int total = 0;
  for (const struct list *at = list; at; at = at->next) {
    int part = twice(at->value);
    total += part;
  }
  return total;
}

static int depth(int n) {
  if (n <= 0) return stop(0);
  {
    int rest = depth(n - 1);
    return rest + square(n);
  }
}

__attribute__((noinline)) int apart(int first, int second) {
  int both = twice(first) - twice(second); int more = square(first);
  return both + more;
}

int main(void) {
  struct list last = {input(), 0};
  struct list head = {input(), &last};
  int total = sum(&head);
  if (total > 10)
    total += apart(total, input()) + depth(input());
  return total;
}
