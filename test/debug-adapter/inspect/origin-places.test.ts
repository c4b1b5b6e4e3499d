/** What a hop of an origin says so that it can be acted on: the memory that was written, the byte that was printed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const PROGRAM = file(
  'places.c',
  `#include <stdio.h>
struct pair { char small; int large; };
int main(void) {
  struct pair pair = {1, 2};
  pair.large = 70;
  struct pair copy = pair;
  putchar(copy.large);
  return 0;
}
`,
);

test('a copy into memory says which bytes it wrote, the offset of the instruction counted in', async () => {
  const debug = await drive(PROGRAM);
  debug.move('configurationDone');
  debug.ask('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 7 }] });
  debug.move('continue', { threadId: 1 });
  const [written] = debug.ask('stepformer/origin', { expression: 'pair.large' }).hops;
  const { result } = debug.ask('evaluate', { expression: '&pair.large' });
  assert.equal(written.address.at, Number(/0x[0-9a-f]+/.exec(result)?.[0]));
  assert.equal(written.address.bytes, 4);
  // A structure is copied eight bytes at once: of the value the last four are.
  const [copied] = debug.ask('stepformer/origin', { expression: 'copy.large' }).hops;
  const copy = debug.ask('evaluate', { expression: '&copy.large' }).result;
  assert.deepEqual([copied.address.at, copied.address.bytes], [Number(/0x[0-9a-f]+/.exec(copy)?.[0]), 4]);
  assert.equal(copied.how, 'store');
});

test('what was printed has the value of its character', async () => {
  const debug = await drive(PROGRAM);
  debug.move('configurationDone');
  debug.move('continue', { threadId: 1 });
  const { chunks } = debug.ask('stepformer/output');
  const [printed] = debug.ask('stepformer/origin', { token: chunks[0].token }).hops;
  assert.equal(printed.value, '70');
});
