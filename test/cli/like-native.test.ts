/** What `stepformer run` prints, beside what the binaries of the host's compiler print: whole programs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { hasGcc, workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const files = workspace();
after(() => files.remove());

const options = { skip: hasGcc ? false : 'no gcc to compare with' };

/** Runs the program of the host's compiler in the folder of the files. */
function native(source: string): string {
  const program = files.path('native');
  execFileSync('gcc', ['-w', '-O1', '-o', program, source, '-lm']);
  return execFileSync(program, { cwd: files.directory, encoding: 'utf8' });
}

const BOTH = ['O0', 'O2'] as const;

const COPIES = `#include <ctype.h>
#include <stdio.h>
#include <string.h>
int main(void) {
  FILE *from = fopen("words.txt", "r"), *to = fopen("upper.txt", "w");
  if (!from || !to) return perror("words.txt"), 1;
  char line[80];
  int lines = 0;
  double sum = 0, number;
  while (fgets(line, sizeof line, from)) {
    if (sscanf(line, "%*s %lf", &number) == 1) sum += number;
    for (char *c = line; *c; c++) *c = (char)toupper((unsigned char)*c);
    fprintf(to, "%d: %s", ++lines, line);
  }
  printf("%d lines, %.3f, %ld bytes\\n", lines, sum, ftell(to));
  fclose(from);
  return fclose(to);
}
`;

test('C that reads a file and writes another', options, async () => {
  const source = files.write('copies.c', COPIES);
  const words = files.write('words.txt', 'one 1.5\ntwo 2.25\nthree 1e-1\nnone\n');
  const expected = native(source);
  const written = readFileSync(files.path('upper.txt'), 'utf8');
  for (const optimize of BOTH) {
    const out = files.path(`out-${optimize}`);
    const given = ['--file', `words.txt=${words}`, '--out', out];
    const { status, output, complaint } = await runCli(['run', source, '--optimize', optimize, ...given]);
    assert.equal(output, expected);
    assert.equal(status, 0, complaint);
    assert.equal(readFileSync(`${out}/upper.txt`, 'utf8'), written);
  }
});

const LEAVES = `#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
static jmp_buf out;
static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  if (x < 0 || y < 0) longjmp(out, x < 0 ? -x : -y);
  return (x > y) - (x < y);
}
static void sorted(int *list, size_t count) {
  int code = setjmp(out);
  if (code == 0) {
    qsort(list, count, sizeof *list, compare);
    for (size_t i = 0; i < count; i++) printf("%d ", list[i]);
    puts("sorted");
  } else {
    printf("left with %d\\n", code);
  }
}
int main(void) {
  int good[] = {5, 3, 9, 1, 7}, bad[] = {4, 2, -6, 8};
  sorted(good, 5);
  sorted(bad, 4);
  sorted(good, 5);
  return 0;
}
`;

test('C that leaves the comparison of qsort by longjmp', options, async () => {
  const source = files.write('leaves.c', LEAVES);
  const expected = native(source);
  for (const optimize of BOTH) {
    const { status, output, complaint } = await runCli(['run', source, '--optimize', optimize]);
    assert.equal(output, expected);
    assert.equal(status, 0, complaint);
  }
});
