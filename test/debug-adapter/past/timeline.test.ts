/** The run as a picture: calls in windows of any width, what happened there, and what is at one moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MomentAnswer, TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { BadRequest } from '../../../debug-adapter/protocol/schema.ts';
import { type Driver, drive, file } from '../driver.ts';
import { lineOf } from '../questions.ts';

const PROGRAM = file(
  'timeline.c',
  `#include <stdio.h>
static int (*chosen)(int);
static double half = 0.5;
static int leaf(int x) { return x * (int)(half * 4); }
static int middle(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    sum += leaf(i);
  }
  return sum;
}
static int down(int n) { return n == 0 ? leaf(0) : down(n - 1) + 1; }
int main(void) {
  chosen = leaf;
  int sum = middle(40) + chosen(7);
  printf("%d\\n", sum);
  fprintf(stderr, "too much\\n");
  return down(12) + sum > 0;
}
`,
);

/** Stopped at the end. */
async function ended(...breakpoints: (number | object)[]): Promise<Driver> {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.breakpoints(...breakpoints);
  while (debug.move('continue').reason === 'breakpoint');
  return debug;
}

const timeline = (debug: Driver, args: object = {}): TimelineAnswer => debug.ask('stepformer/timeline', args);

interface Span {
  from: number;
  to: number;
  name: string;
  calls: number;
  depth: number;
}

function spansOf({ spans, functions }: TimelineAnswer): Span[] {
  return spans.flatMap((row, depth) =>
    Array.from({ length: row.length / 5 }, (_, i) => {
      const [from, to, fn, calls] = row.slice(5 * i, 5 * i + 4);
      return { from, to, name: functions[fn].name, calls, depth };
    }),
  );
}

/** Calls of a function by `stepformer/calls`, which finds them in another way. */
const callsOf = (debug: Driver, name: string) => debug.ask('stepformer/calls', { function: name }).calls;

test('a window with more room than calls has each call as it was', async () => {
  const debug = await ended();
  const { recording } = debug.session;
  const all = timeline(debug, { buckets: 4096 });
  assert.equal(all.from, recording.firstToken(0));
  assert.equal(all.to, recording.now + 1);
  for (const name of ['main', 'middle', 'leaf', 'down']) {
    const spans = spansOf(all).filter((span) => span.name === name && span.calls === 1);
    const calls = callsOf(debug, name);
    assert.equal(spans.length, calls.length, name);
    calls.forEach(({ traceLine, depth, end }: { traceLine: number; depth: number; end?: number }, i: number) => {
      const span = spans.toSorted((a, b) => a.from - b.from)[i];
      assert.equal(span.depth, depth, name);
      assert.ok(span.from <= recording.firstToken(traceLine));
      if (end !== undefined) assert.equal(span.to, recording.firstToken(end));
    });
  }
});

test('few buckets: short calls stand together, none is lost, and the deepest is told', async () => {
  const debug = await ended();
  const all = timeline(debug, { buckets: 4096 });
  const thin = timeline(debug, { buckets: 8 });
  const total = (answer: TimelineAnswer) => spansOf(answer).reduce((sum, { calls }) => sum + calls, 0);
  assert.equal(total(thin), total(all));
  assert.ok(spansOf(thin).length < spansOf(all).length);
  assert.ok(spansOf(thin).some(({ name, calls }) => name === 'leaf' && calls > 5));
  assert.equal(thin.depths.length, 8);
  assert.equal(Math.max(...thin.depths), thin.spans.length);
  assert.equal(Math.max(...thin.depths), Math.max(...all.depths));
  for (const row of thin.spans) {
    const starts = row.filter((_, i) => i % 5 === 0);
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    );
  }
});

test('a window has the calls around it whole, and its trace lines one by one when they are few', async () => {
  const debug = await ended();
  const { recording } = debug.session;
  const [, second] = callsOf(debug, 'leaf');
  const from = recording.firstToken(second.traceLine);
  const to = recording.firstToken(second.traceLine + 3);
  const { lines, longest, ...window } = timeline(debug, { from, to, buckets: 100 });
  assert.deepEqual(
    lines.map(({ traceLine }) => traceLine),
    [0, 1, 2].map((i) => second.traceLine + i),
  );
  assert.equal(lines[0].text, recording.lineText(second.traceLine));
  assert.equal(lines[0].place?.line, lineOf(PROGRAM, 'static int leaf'));
  const inside = spansOf({ ...window, lines, longest }).filter(({ depth }) => depth >= 1);
  assert.deepEqual(
    inside.slice(-2).map(({ name }) => name),
    ['middle', 'leaf'],
  );
  assert.ok(inside.every((span) => span.from < from && span.to > to - 1));
  assert.equal(longest.at(-1)?.function, 'leaf');
  assert.equal(timeline(debug).lines.length, 0);
});

test('output, executions of breakpoints and findings are thinned to the buckets', async () => {
  const line = lineOf(PROGRAM, 'sum += leaf(i)');
  const debug = await ended(line, { line: lineOf(PROGRAM, 'printf'), condition: 'sum == 0' });
  const { recording } = debug.session;
  const { output, breakpoints, findings } = timeline(debug, { buckets: 4096 });
  assert.deepEqual(
    output.map(({ text, category }) => [text, category]),
    [
      ['1574', 'stdout'],
      ['too much', 'stderr'],
    ],
  );
  assert.deepEqual(
    breakpoints.map(({ text, total, conditional }) => [text, total, conditional]),
    [
      [`timeline.c:${line}`, 40, false],
      [`timeline.c:${lineOf(PROGRAM, 'printf')}`, 1, true],
    ],
  );
  const rows = debug.ask('stepformer/print', { path: PROGRAM, line, expression: 'i' }).rows;
  const hit = (token: number, i: number) => i % 2 === 1 || rows.some((row: { token: number }) => row.token === token);
  assert.ok(breakpoints[0].hits.every(hit));
  const [only] = timeline(debug, { buckets: 1 }).breakpoints;
  assert.deepEqual(only.hits, [rows[0].token, 40]);
  const [deepest, longest, error] = findings;
  assert.equal(deepest.kind, 'deepest');
  // The program's own: what printf calls is deeper than leaf below middle.
  assert.equal(deepest.text, 'deepest: leaf, depth 15');
  assert.equal(longest.kind, 'longest');
  assert.equal(error.text, 'first error: too much');
  assert.equal(recording.firstToken(error.traceLine), error.token);
});

/** Of a program that ran to its end, with some exceptions to stop at on the way. */
async function firstError(name: string, code: string, filters: string[] = []): Promise<unknown> {
  const path = file(name, code);
  const debug = await drive(path, { stopOnEntry: true });
  debug.ask('setExceptionBreakpoints', { filters });
  debug.move('configurationDone');
  while (debug.move('continue').reason !== 'end' && !debug.session.recording.end);
  const { findings } = timeline(debug);
  const error = findings.find(({ kind }) => kind === 'error');
  assert.ok(error?.traceLine === undefined || error.traceLine <= debug.session.recording.reached);
  return error && [error.text, debug.ask('stepformer/moment', { token: error.token }).place?.line ?? 0];
}

test('the first error: what was printed, a misuse of memory, a trap, or a status', async () => {
  assert.equal(await firstError('fine.c', 'int main(void) { return 0; }\n'), undefined);
  assert.deepEqual(await firstError('status.c', 'int main(void) {\n  return 3;\n}\n'), ['first error: exit code 3', 0]);
  const trap = 'int main(int argc, char **argv) {\n  return 7 / (argc - 1);\n}\n';
  assert.deepEqual(await firstError('divides.c', trap), ['first error: integer divide by zero', 2]);
  const misuse = `#include <stdlib.h>
int main(void) {
  int *p = malloc(4);
  free(p);
  *p = 1;
  return 3;
}
`;
  const found = (await firstError('freed.c', misuse, ['memory'])) as [string, number];
  assert.match(found[0], /^first error: use after free: 4 bytes are written to 0x/);
  assert.equal(found[1], 5);
  assert.deepEqual(await firstError('freed-2.c', misuse), ['first error: exit code 3', 0]);
});

test('a moment: function, depth, place, and how one got there', async () => {
  const debug = await ended();
  const last = callsOf(debug, 'leaf').at(-1);
  const moment: MomentAnswer = debug.ask('stepformer/moment', { token: last.token });
  assert.equal(moment.function, 'leaf');
  assert.equal(moment.depth, last.depth);
  assert.equal(moment.place?.line, lineOf(PROGRAM, 'static int leaf'));
  assert.deepEqual(moment.chain.slice(-3), [
    { function: 'main', times: 1 },
    { function: 'down', times: 13 },
    { function: 'leaf', times: 1 },
  ]);
  assert.equal(debug.ask('stepformer/moment', { token: 0 }).traceLine, 0);
  const [{ traceLine: printing }] = callsOf(debug, 'printf');
  const inside: MomentAnswer = debug.ask('stepformer/moment', { traceLine: printing });
  assert.deepEqual([inside.function, inside.caller, inside.place?.line], ['printf', 'main', lineOf(PROGRAM, 'printf')]);
  assert.equal(moment.caller, undefined);
  assert.deepEqual(debug.ask('stepformer/moment', { traceLine: last.traceLine }), moment);
  assert.throws(() => debug.ask('stepformer/moment', {}), BadRequest);
});

test('very deep recursion is told by depths; calls one by one only as far as one could see', async () => {
  const path = file(
    'deep.c',
    `int down(int n) { return n == 0 ? 0 : down(n - 1) + 1; }
int main(void) { return down(600) != 600; }
`,
  );
  const debug = await drive(path, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  const { depths, spans } = timeline(debug, { buckets: 100 });
  assert.ok(Math.max(...depths) > 600);
  assert.equal(spans.length, 400);
  const { token } = callsOf(debug, 'down').at(-1);
  const { chain } = debug.ask('stepformer/moment', { token });
  assert.deepEqual(chain.at(-1), { function: 'down', times: 601 });
});

test('what is known of the calls grows with the run', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.breakpoints(lineOf(PROGRAM, 'sum += leaf(i)'));
  const seen: number[] = [];
  while (debug.move('continue').reason === 'breakpoint') {
    const answer = timeline(debug, { buckets: 4096 });
    seen.push(spansOf(answer).filter(({ name }) => name === 'leaf').length);
    const open = spansOf(answer).filter(({ name }) => name === 'main');
    assert.equal(open[0].to, answer.end);
  }
  assert.deepEqual(seen, [...seen.keys()]);
});

test('another branch has its own calls', async () => {
  const debug = await ended();
  const before = timeline(debug, { buckets: 4096 });
  const [{ traceLine }] = debug.ask('stepformer/print', {
    path: PROGRAM,
    line: lineOf(PROGRAM, 'for (int i'),
    expression: 'n',
  }).rows;
  debug.move('stepformer/travel', { traceLine });
  debug.ask('setExpression', { expression: 'n', value: '3' });
  while (debug.move('continue').reason === 'breakpoint');
  const after = timeline(debug, { buckets: 4096 });
  const leaves = (answer: TimelineAnswer) => spansOf(answer).filter(({ name }) => name === 'leaf').length;
  assert.equal(leaves(before) - leaves(after), 37);
});

test('a window outside of the run is refused', async () => {
  const debug = await ended();
  const { end } = timeline(debug);
  assert.throws(() => timeline(debug, { from: end + 10, to: end + 20 }), BadRequest);
  assert.throws(() => timeline(debug, { buckets: 0 }), BadRequest);
});
