/** The profile of a run: by function and line in the debugger, and in the files that other tools open. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { PlacedError } from '../../../engine/errors.ts';
import { type Driver, drive, file } from '../driver.ts';
import { lineOf } from '../questions.ts';

const PROGRAM = file(
  'profile.c',
  `#include <stdio.h>
static int down(int n) {
  if (n == 0) return 0;
  return 1 + down(n - 1);
}
static int busy(int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += i;
  return s;
}
int main(void) {
  int r = busy(10) + down(4);
  printf("%d\\n", busy(2));
  return r + down(0);
}
`,
);

async function ended(): Promise<Driver> {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  return debug;
}

const profileOf = (debug: Driver) => debug.ask('stepformer/profile') as AnswerOf<'stepformer/profile'>;

/** Tokens in front of the line that ended the program. */
function spent(debug: Driver): number {
  const { lines } = debug.ask('stepformer/lines', { traceLine: 0, count: 10_000 }) as AnswerOf<'stepformer/lines'>;
  return (lines.at(-1)?.token ?? 0) - lines[0].token;
}

test('functions: calls, tokens of their own and in all; a recursion is counted once', async () => {
  const debug = await ended();
  const { tokens, functions } = profileOf(debug);
  assert.equal(tokens, spent(debug));
  const of = (name: string) => functions.find((one) => one.name === name) as (typeof functions)[number];
  for (const name of ['main', 'busy', 'down']) {
    assert.equal(of(name).calls, debug.ask('stepformer/calls', { function: name }).total, name);
    assert.deepEqual(of(name).place?.path, PROGRAM);
  }
  assert.equal(of('busy').place?.line, lineOf(PROGRAM, 'static int busy'));
  assert.equal(of('down').own, of('down').total, 'it calls nothing but itself');
  assert.ok(of('main').own < of('busy').own);
  assert.ok(of('main').total > of('main').own + of('busy').total + of('down').total, 'printf is in it too');
  assert.equal(
    functions.reduce((all, { own }) => all + own, 0),
    tokens,
  );
  const totals = functions.map(({ total }) => total);
  assert.deepEqual(
    totals,
    totals.toSorted((a, b) => b - a),
  );
});

test('lines: how often, and the tokens of library calls with them', async () => {
  const debug = await ended();
  const { functions, lines, tokens } = profileOf(debug);
  const of = (text: string) => lines.find(({ place }) => place.line === lineOf(PROGRAM, text));
  assert.equal(of('s += i')?.count, 12);
  assert.equal(of('if (n == 0)')?.count, 6);
  assert.equal(of('return 1 + down')?.count, 4);
  assert.equal(of('printf(')?.count, 1);
  const printf = functions.find(({ name }) => name === 'printf')?.total ?? 0;
  assert.ok(printf > 0 && (of('printf(')?.tokens ?? 0) > printf, 'what the library did, it did for this line');
  const all = lines.reduce((sum, one) => sum + one.tokens, 0);
  assert.ok(all <= tokens && all > 0.9 * tokens, 'all but the start is on lines');
});

test('only what was reached is told', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  const { functions, lines } = profileOf(debug);
  assert.equal(functions.find(({ name }) => name === 'main')?.calls, 1);
  assert.equal(
    functions.find(({ name }) => name === 'busy'),
    undefined,
  );
  assert.ok(lines.every(({ count }) => count === 0));
});

test('as a file for speedscope: samples weigh what the functions cost', async () => {
  const debug = await ended();
  const path = join(dirname(PROGRAM), 'profile.speedscope.json');
  const { bytes } = debug.ask('stepformer/exportProfile', { path });
  const text = readFileSync(path, 'utf8');
  assert.equal(bytes, Buffer.byteLength(text));
  const { shared, profiles } = JSON.parse(text);
  const [{ samples, weights, endValue }] = profiles;
  const { functions, tokens } = profileOf(debug);
  assert.equal(endValue, tokens);
  for (const { name, own, total } of functions) {
    const within = (at: (stack: string[]) => boolean) =>
      weights.reduce((sum: number, weight: number, i: number) => {
        const stack = samples[i].map((frame: number) => shared.frames[frame].name);
        return at(stack) ? sum + weight : sum;
      }, 0);
    assert.equal(
      within((stack) => stack.at(-1) === name),
      own,
      name,
    );
    assert.equal(
      within((stack) => stack.includes(name)),
      total,
      name,
    );
  }
});

test("as V8's .cpuprofile: time by samples and by lines is what the functions cost", async () => {
  const debug = await ended();
  const path = join(dirname(PROGRAM), 'profile.cpuprofile');
  debug.ask('stepformer/exportProfile', { path });
  const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(readFileSync(path, 'utf8'));
  const { functions } = profileOf(debug);
  const self = new Map<string, number>();
  let now = startTime;
  for (const [i, id] of samples.entries()) {
    now += timeDeltas[i];
    const until = i + 1 < samples.length ? now + timeDeltas[i + 1] : endTime;
    const { functionName } = nodes[id - 1].callFrame;
    self.set(functionName, (self.get(functionName) ?? 0) + until - now);
  }
  const busy = functions.find(({ name }) => name === 'busy');
  assert.equal(self.get('busy'), busy?.own);
  assert.equal(
    [...self.values()].reduce((sum, time) => sum + time, 0),
    endTime,
  );
  type Node = {
    callFrame: { functionName: string; url: string; lineNumber: number };
    positionTicks: { line: number }[];
  };
  const node: Node = nodes.find(({ callFrame }: Node) => callFrame.functionName === 'busy');
  assert.equal(node.callFrame.url, pathToFileURL(PROGRAM).href);
  assert.equal(node.callFrame.lineNumber, lineOf(PROGRAM, 'static int busy') - 1);
  assert.ok(node.positionTicks.some(({ line }) => line === lineOf(PROGRAM, 's += i')));
});

test('a file that cannot be written is a sentence', async () => {
  const debug = await ended();
  assert.throws(
    () => debug.ask('stepformer/exportProfile', { path: join(PROGRAM, 'no', 'folder') }),
    (error) => error instanceof PlacedError && /^the profile cannot be written: /.test(error.message),
  );
});
