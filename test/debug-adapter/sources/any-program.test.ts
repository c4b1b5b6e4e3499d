/**
 * Programs as people have them, with F5: what gcc's and g++'s binaries print, a stop where one is wanted, the way from the
 * end back to the beginning. Files in C, a jump out of a comparison, C++ with streams, a map, sorting and lambdas.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchOptions, loadProgram } from '../../../debug-adapter/protocol/launch.ts';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { Driver, file } from '../driver.ts';

const FILES = `#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int main(void) {
  FILE *in = fopen("numbers.txt", "r");
  FILE *out = fopen("sums.txt", "w");
  int sum = 0, number;
  while (in && fscanf(in, "%d", &number) == 1) {
    sum += number;
    fprintf(out, "%d\\n", sum); // sum
  }
  fclose(out);
  time_t now = time(NULL);
  printf("%s %d %d\\n", getenv("NAME"), sum, gmtime(&now)->tm_year);
  return 0; // end
}
`;

const JUMP = `#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
static jmp_buf out;
static int compared;
static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  compared++;
  if (x == 7 || y == 7) longjmp(out, x + y); // jump
  return x < y ? -1 : x > y;
}
int main(void) {
  int numbers[] = {5, 3, 9, 7, 1};
  int code = setjmp(out);
  if (code == 0) qsort(numbers, 5, sizeof numbers[0], compare);
  printf("%s\\n", code > 7 ? "left with a seven" : "sorted");
  return 0; // end
}
`;

const STREAMS = `#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>
int main() {
  std::vector<std::string> words = {"pear", "fig", "apple"};
  std::map<std::string, int> lengths;
  for (const auto &word : words) lengths[word] = static_cast<int>(word.size());
  std::sort(words.begin(), words.end(), [&](const std::string &a, const std::string &b) {
    return lengths[a] < lengths[b]; // compare
  });
  for (const auto &word : words) std::cout << word << '=' << lengths[word] << ' ';
  std::cout << std::endl;
  return 0; // end
}
`;

/** A program that F5 was pressed on, with breakpoints on the lines that hold these texts. */
async function debugged(name: string, source: string, stops: string[], options: object = {}): Promise<Driver> {
  const path = file(name, source);
  const compiler = new Compiler();
  try {
    const settings = launchOptions({ program: path, ...options });
    const driver = new Driver(path, await loadProgram(settings, compiler, new AbortController().signal), options);
    driver.breakpoints(...stops.map((text) => source.split('\n').findIndex((line) => line.includes(text)) + 1));
    driver.move('configurationDone');
    return driver;
  } finally {
    compiler.dispose();
  }
}

const local = (driver: Driver, name: string) => driver.scope('Locals')[name];

/** From the end of the program back to its beginning, and to its end again: nothing is printed twice. */
function thereAndBack(driver: Driver, printed: string): void {
  while (driver.move('continue').reason === 'breakpoint');
  assert.equal(driver.output(), printed);
  driver.ask('setBreakpoints', { source: { path: driver.path }, breakpoints: [] });
  driver.move('reverseContinue');
  assert.match(driver.where(), /^main:/);
  const [{ line }] = driver.frames();
  driver.move('stepBack');
  assert.equal(driver.frames()[0].line, line, 'the beginning');
  driver.move('continue');
  assert.equal(driver.output(), printed);
}

test('a program in C that reads and writes files, with an environment and a date', async () => {
  const given = file('numbers.txt', '3 4\n5\n');
  const options = { files: [`numbers.txt=${given}`], env: { NAME: 'a b=c' }, startDate: '1999-12-31' };
  const driver = await debugged('files.c', FILES, ['// sum', '// end'], options);
  assert.equal(local(driver, 'sum'), '3');
  driver.move('continue');
  assert.equal(local(driver, 'sum'), '7');
  driver.move('reverseContinue');
  assert.equal(local(driver, 'sum'), '3');
  // Standard I/O keeps what is written until the file is closed: nothing is in it yet.
  assert.deepEqual(driver.scope('Files'), { 'sums.txt': '0 bytes ""' });
  driver.move('continue');
  driver.move('continue');
  driver.move('continue');
  const [written] = driver.children(driver.reference('Files'));
  assert.equal(written.value, '7 bytes "3\\n7\\n12\\n"');
  const { source } = driver.ask('locations', { locationReference: written.valueLocationReference });
  const contentOf = () => driver.ask('source', { source: { path: encodeURI(source.path) } }).content;
  assert.equal(contentOf(), '3\n7\n12\n');
  driver.move('reverseContinue');
  assert.equal(contentOf(), '', 'as it was then');
  thereAndBack(driver, 'a b=c 12 99\n');
});

test('a program in C that jumps out of a comparison of qsort', async () => {
  const driver = await debugged('jump.c', JUMP, ['// jump', '// end']);
  assert.match(driver.where(), /^compare:/);
  assert.ok(driver.frames().some(({ name }) => name === 'main'));
  thereAndBack(driver, 'left with a seven\n');
});

test('a program in C++ with streams, a map, sorting and lambdas', async () => {
  const driver = await debugged('streams.cpp', STREAMS, ['// compare', '// end']);
  assert.match(driver.where(), /operator\(\)/);
  assert.equal(local(driver, 'a'), '"fig"');
  assert.equal(local(driver, 'b'), '"pear"');
  assert.equal(driver.evaluate('lengths["apple"]'), '5');
  const main = driver.frames().findIndex(({ name }) => name === 'main');
  assert.equal(driver.scope('Locals', main).lengths, 'size=3 {["apple"] = 5, ["fig"] = 3, ["pear"] = 4}');
  thereAndBack(driver, 'fig=3 pear=4 apple=5 \n');
});
