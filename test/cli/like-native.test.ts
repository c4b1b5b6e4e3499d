/** What `stepformer run` prints, beside what the binaries of the host's compiler print: whole programs. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { PATIENCE } from '../patience.ts';
import { hasGcc, hasGxx, workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const files = workspace();
after(() => files.remove());

const options = { skip: hasGcc ? false : 'no gcc to compare with', timeout: PATIENCE };
const optionsOfCpp = { skip: hasGxx ? false : 'no g++ to compare with', timeout: PATIENCE };

/** Runs the program of the host's compiler in the folder of the files. */
function native(source: string, compiler: 'gcc' | 'g++' = 'gcc') {
  const program = files.path('native');
  execFileSync(compiler, ['-w', '-O1', '-o', program, source, '-lm']);
  return spawnSync(program, { cwd: files.directory, encoding: 'utf8' });
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
  const { stdout: expected } = native(source);
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
  const { stdout: expected } = native(source);
  for (const optimize of BOTH) {
    const { status, output, complaint } = await runCli(['run', source, '--optimize', optimize]);
    assert.equal(output, expected);
    assert.equal(status, 0, complaint);
  }
});

const COUNTS = `#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>
int main() {
  std::istringstream text("the cat and the dog and the bird saw a cat");
  std::map<std::string, int> counts;
  for (std::string word; text >> word;) ++counts[word];
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  int compared = 0;
  std::sort(sorted.begin(), sorted.end(), [&compared](const auto &a, const auto &b) {
    compared += 1;
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (const auto &[word, count] : sorted)
    std::cout << std::left << std::setw(6) << word << std::right << std::setw(3) << count << '\\n';
  auto longest = std::max_element(counts.begin(), counts.end(),
                                  [](const auto &a, const auto &b) { return a.first.size() < b.first.size(); });
  std::cout << longest->first << ' ' << std::boolalpha << (compared > 0) << ' ' << std::hex << 255 << std::endl;
  std::cerr << "done\\n";
  return static_cast<int>(counts.size());
}
`;

test('C++ with streams, a map, a sort and lambdas', optionsOfCpp, async () => {
  const source = files.write('counts.cpp', COUNTS);
  const { stdout, stderr, status: expected } = native(source, 'g++');
  assert.equal(expected, 7);
  for (const optimize of BOTH) {
    const { status, output, complaint } = await runCli(['run', source, '--optimize', optimize]);
    assert.deepEqual({ status, output, complaint }, { status: expected, output: stdout, complaint: stderr });
  }
});
