/*
 * Solves a Sudoku: what follows from the rules is filled in, the rest is guessed, and wrong guesses are taken back.
 *
 * The puzzle is 81 characters, row by row, with 0 or . for an empty cell: as an argument, or on standard input
 * (when the argument is -), or a hard one by Arto Inkala.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS 81
#define ALL 0x1ff /* nine candidates: bit 0 stands for digit 1 */

static const char *const inkala =
    "800000000003600000070090200050007000000045700000100030001000068008500010090000400";

/* The digits that each cell can still hold. One bit left: the cell is solved. None: there is no solution. */
struct board {
  int can[CELLS];
  int touched; /* a bit for each unit in which a candidate was struck since it was last looked at */
};

/* Rows, columns and boxes: 27 units of nine cells; and a bit for each unit that a cell lies in. */
static int units[27][9];
static int units_of[CELLS];

static void list_units(void) {
  for (int i = 0; i < 9; i++) {
    int box = i / 3 * 27 + i % 3 * 3;
    for (int k = 0; k < 9; k++) {
      units[i][k] = i * 9 + k;
      units[9 + i][k] = k * 9 + i;
      units[18 + i][k] = box + k / 3 * 9 + k % 3;
    }
  }
  for (int u = 0; u < 27; u++) {
    for (int k = 0; k < 9; k++) units_of[units[u][k]] |= 1 << u;
  }
}

static bool is_single(int digits) {
  return (digits & (digits - 1)) == 0;
}

static int digit_of(int bit) {
  int digit = 1;
  while (bit >>= 1) digit++;
  return digit;
}

/* Puts a digit into a cell and strikes it from the cells that share a unit; one left there is put in turn. */
static bool place(struct board *board, int cell, int digit) {
  int row = cell / 9, column = cell % 9;
  int shared[3] = {row, 9 + column, 18 + row / 3 * 3 + column / 3};
  board->can[cell] = 0;
  board->touched |= units_of[cell];
  for (int i = 0; i < 3; i++) {
    int *unit = units[shared[i]];
    for (int k = 0; k < 9; k++) {
      int *can = &board->can[unit[k]];
      if (*can & digit) {
        *can ^= digit;
        board->touched |= units_of[unit[k]];
        if (*can == 0) return false;
        if (is_single(*can) && !place(board, unit[k], *can)) return false;
      }
    }
  }
  board->can[cell] = digit;
  return true;
}

/* Finds digits that have one place left in a unit, and puts them there. */
static bool place_hidden(struct board *board) {
  for (int u = 0; board->touched != 0; u = (u + 1) % 27) {
    if ((board->touched & 1 << u) == 0) continue;
    board->touched ^= 1 << u;
    int *unit = units[u];
    int once = 0, twice = 0;
    for (int k = 0; k < 9; k++) {
      int can = board->can[unit[k]];
      twice |= once & can;
      once |= can;
      if ((can & (can - 1)) == 0) twice |= can; /* solved: not hidden */
    }
    if (once != ALL) return false;
    int hidden = once & ~twice;
    for (int k = 0; hidden != 0 && k < 9; k++) {
      int digit = board->can[unit[k]] & hidden;
      if (digit == 0) continue;
      if (!is_single(digit) || !place(board, unit[k], digit)) return false;
      hidden ^= digit;
    }
  }
  return true;
}

/* The cell with the fewest candidates, from the middle row on; -1 when all are solved. */
static int most_constrained(const struct board *board) {
  int best = -1, fewest = 10;
  for (int i = 0; i < CELLS && fewest > 2; i++) {
    int cell = (i + 36) % CELLS;
    int can = board->can[cell], count = 0;
    if (is_single(can)) continue;
    for (; can != 0; can &= can - 1) count++;
    if (count < fewest) {
      fewest = count;
      best = cell;
    }
  }
  return best;
}

static bool search(struct board *board, int depth) {
  struct board guess;
  if (!place_hidden(board)) return false;
  int cell = most_constrained(board);
  if (cell < 0) return true;
  for (int digit = 1 << 8; digit != 0; digit >>= 1) {
    if ((board->can[cell] & digit) == 0) continue;
    printf("%d: guess %d in row %d, column %d\n", depth, digit_of(digit), cell / 9 + 1, cell % 9 + 1);
    guess = *board;
    if (place(&guess, cell, digit) && search(&guess, depth + 1)) {
      *board = guess;
      return true;
    }
    printf("%d: retreat\n", depth);
  }
  return false;
}

int main(int argc, char **argv) {
  const char *puzzle = argc > 1 ? argv[1] : inkala;
  char line[128];
  if (strcmp(puzzle, "-") == 0) {
    if (!fgets(line, sizeof line, stdin)) line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    puzzle = line;
  }
  if (strlen(puzzle) != CELLS || strspn(puzzle, "0123456789.") != CELLS) {
    printf("A puzzle is 81 digits, with 0 or . for an empty cell.\n");
    return 2;
  }

  struct board board;
  list_units();
  for (int i = 0; i < CELLS; i++) board.can[i] = ALL;
  board.touched = 0;
  bool possible = true;
  for (int i = 0; i < CELLS && possible; i++) {
    if (puzzle[i] < '1') continue;
    int digit = 1 << (puzzle[i] - '1');
    possible = (board.can[i] & digit) != 0 && (is_single(board.can[i]) || place(&board, i, digit));
  }
  if (!possible || !search(&board, 1)) {
    printf("There is no solution.\n");
    return 1;
  }
  for (int i = 0; i < CELLS; i++) putchar('0' + digit_of(board.can[i]));
  putchar('\n');
  return 0;
}
