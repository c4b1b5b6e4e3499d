/** Output breakpoints: before the byte that completes a text, in both directions, on each output. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const COUNTING = file(
  'counting.c',
  `#include <stdio.h>
int main(void) {
  for (int i = 0; i < 3; i++) {
    printf("ab%d", i);
    fputs("ab", stderr);
    putchar('a');
  }
  puts("ababab1");
  return 0;
}
`,
);

async function stopsAt(...breakpoints: object[]) {
  const debug = await drive(COUNTING);
  debug.move('configurationDone');
  const placed = debug.ask('stepformer/setOutputBreakpoints', { breakpoints }).breakpoints;
  const all = { continue: [] as string[], reverseContinue: [] as string[] };
  const printed: string[] = [];
  for (const command of ['continue', 'reverseContinue'] as const) {
    for (;;) {
      const { reason, description } = debug.move(command);
      if (reason !== 'output breakpoint') break;
      all[command].push(`${debug.frames().at(-1)?.line} ${description} ${debug.ask('stepformer/position').traceLine}`);
      if (command === 'continue') printed.push(debug.output());
    }
  }
  assert.deepEqual(all.reverseContinue.toReversed(), all.continue);
  return { placed, stops: all.continue.map((stop) => stop.replace(/ \d+$/, '')), printed };
}

test('stops before the last byte of each match, however it was printed', async () => {
  const { placed, stops, printed } = await stopsAt({ text: 'aab1' });
  assert.equal(placed[0].verified, true);
  assert.deepEqual(stops, ['4 "aab1" is printed']);
  assert.deepEqual(printed, ['ab0aab']);
});

test('matches overlap, and the two outputs are looked through apart', async () => {
  const over = await stopsAt({ text: 'abab' });
  assert.deepEqual(
    over.stops,
    [5, 5, 8, 8].map((line) => `${line} "abab" is printed`),
  );
  assert.deepEqual((await stopsAt({ text: 'abab', category: 'stdout' })).stops.length, 2);
  assert.deepEqual((await stopsAt({ text: 'abab', category: 'stderr' })).stops.length, 2);
  assert.deepEqual((await stopsAt({ text: 'never' })).stops, []);
});

test('several at once, and one without a text', async () => {
  const { placed, stops } = await stopsAt({ text: 'b0' }, { text: '' }, { text: 'ab2' });
  assert.deepEqual(
    placed.map(({ verified }: { verified: boolean }) => verified),
    [true, false, true],
  );
  assert.deepEqual(stops, ['4 "b0" is printed', '4 "ab2" is printed']);
});
