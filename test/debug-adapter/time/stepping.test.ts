/** Steps over made-up timelines: where they land, and that back undoes over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InlinedCalls, NOT_INLINED } from '../../../debug-adapter/recording/inlined-calls.ts';
import {
  StepBack,
  type StepKind,
  stepBackInstruction,
  stepForward,
  type Timeline,
} from '../../../debug-adapter/recording/stepping.ts';

type Position = readonly [depth: number, key: number, inlined?: number];

/** A timeline of a position per instruction. `callers`: of each inlined call the one that it was made in. */
function timeline(positions: readonly Position[], callers: number[] = []) {
  const keys = Int32Array.from(positions, ([, key]) => key);
  const inlined = Object.assign(Object.create(InlinedCalls.prototype) as InlinedCalls, {
    at: Int32Array.from(positions, ([, , call = NOT_INLINED]) => call),
    callers,
  });
  const line: Timeline = { cursorOf: (at) => at, depthOf: (at) => positions[at][0] };
  const code = { lineKeys: keys, inlined };
  const forward = (from: number, kind: StepKind, by: 'line' | 'instruction' = 'line') => {
    const arrive = stepForward(line, code, from, kind, by);
    for (let at = from + 1; at < positions.length; at++) if (arrive(at)) return at;
    return -1;
  };
  const back = (from: number, outside = false, kind: StepKind = 'over') => {
    const step = new StepBack(line, code, from, kind, outside ? Number.POSITIVE_INFINITY : 0);
    for (let at = from - 1; at >= 0 && !step.done; at--) step.arrive(at);
    return step.landing;
  };
  const backOne = (from: number, kind: StepKind = 'over') => {
    const arrive = stepBackInstruction(line, from, kind);
    for (let at = from - 1; at >= 0; at--) if (arrive(at)) return at;
    return -1;
  };
  return { forward, back, backOne };
}

const NONE = -1;
const [A, B, C, D, E] = [0, 1, 2, 3, 4];

/** main: A; B calls f (C; D) and goes on; E. */
const CALL = timeline([
  [0, NONE],
  [1, A],
  [1, A],
  [1, B],
  [1, B],
  [2, NONE],
  [2, C],
  [2, D],
  [2, D],
  [1, B],
  [1, E],
  [0, NONE],
]);

test('over, in and out', () => {
  assert.equal(CALL.forward(1, 'over'), 3);
  assert.equal(CALL.forward(3, 'over'), 10, 'over a call');
  assert.equal(CALL.forward(3, 'in'), 6, 'into a call, behind its prologue');
  assert.equal(CALL.forward(6, 'over'), 7);
  assert.equal(CALL.forward(7, 'over'), 9, 'from the end of a call into the middle of the line that made it');
  assert.equal(CALL.forward(6, 'out'), 9);
  assert.equal(CALL.forward(9, 'over'), 10);
  assert.equal(CALL.forward(10, 'over'), -1, 'nothing with lines follows');
  assert.equal(CALL.forward(0, 'over'), -1, 'the caller of main has no lines to return to');
  assert.equal(CALL.forward(0, 'in'), 1);
});

test('back over lines', () => {
  assert.equal(CALL.back(10), 3, 'back over a call to the beginning of its line');
  assert.equal(CALL.back(9), 3, 'from the middle of a line to its beginning');
  assert.equal(CALL.back(7), 6);
  assert.equal(CALL.back(6), 3, 'from the first line of a call to the line that made it');
  assert.equal(CALL.back(5), 3, 'from a prologue too');
  assert.equal(CALL.back(3), 1);
  assert.equal(CALL.back(1), -1, 'nothing with lines is before');
  assert.equal(CALL.back(11, true), 10, 'from the end, to the last line there was');
});

test('instructions, forwards and backwards', () => {
  assert.equal(CALL.forward(3, 'over', 'instruction'), 4);
  assert.equal(CALL.forward(4, 'over', 'instruction'), 9);
  assert.equal(CALL.forward(4, 'in', 'instruction'), 5);
  assert.equal(CALL.forward(7, 'out', 'instruction'), 9);
  assert.equal(CALL.backOne(9), 4);
  assert.equal(CALL.backOne(5), 4);
  assert.equal(CALL.backOne(4), 3);
});

test('back out of calls and into the last one', () => {
  assert.equal(CALL.back(8, false, 'out'), 3, 'to the line of the call');
  assert.equal(CALL.back(6, false, 'out'), 3);
  assert.equal(CALL.back(10, false, 'out'), -1, 'nothing with lines calls the outermost');
  assert.equal(CALL.back(10, false, 'in'), 7, 'into the end of the call that the line before made');
  assert.equal(CALL.back(9, false, 'in'), 7, 'of the same line too');
  assert.equal(CALL.back(7, false, 'in'), 6, 'a line before that made no call');
  assert.equal(CALL.back(6, false, 'in'), 3);
  assert.equal(CALL.back(4, false, 'in'), 3, 'from the middle of a line to its beginning');
  assert.equal(CALL.back(11, true, 'in'), 10, 'from the end, into main');
  assert.equal(CALL.backOne(9, 'in'), 8);
  assert.equal(CALL.backOne(8, 'out'), 4);
});

test('back in: a call belongs to the line that made it', () => {
  // A calls f (C, which calls g: D) as its last instruction; B makes no call; E.
  const last = timeline([
    [1, A],
    [2, C],
    [3, D],
    [2, NONE],
    [1, B],
    [1, B],
    [1, E],
  ]);
  assert.equal(last.back(6, false, 'in'), 4, 'B made none');
  assert.equal(last.back(4, false, 'in'), 2, 'what g did is the last thing that A did');
  assert.equal(last.back(2, false, 'in'), 1);
});

test('inlined calls are stepped like calls', () => {
  // main: A calls f inlined (B; C calls g inlined within: D), A goes on; then E. f is 0, g is 1.
  const inline = timeline(
    [
      [1, A],
      [1, B, 0],
      [1, C, 0],
      [1, D, 1],
      [1, D, 1],
      [1, C, 0],
      [1, A],
      [1, E],
    ],
    [NOT_INLINED, 0],
  );
  assert.equal(inline.forward(0, 'over'), 7);
  assert.equal(inline.forward(0, 'in'), 1);
  assert.equal(inline.forward(1, 'over'), 2);
  assert.equal(inline.forward(2, 'over'), 6, 'over a call inside, back to the line that called');
  assert.equal(inline.forward(2, 'in'), 3);
  assert.equal(inline.forward(3, 'out'), 5);
  assert.equal(inline.forward(1, 'out'), 6);
  assert.equal(inline.back(7), 0);
  assert.equal(inline.back(6), 0);
  assert.equal(inline.back(3), 2);
  assert.equal(inline.back(1), 0);
  assert.equal(inline.back(7, false, 'in'), 5, 'into the end of f');
  assert.equal(inline.back(5, false, 'in'), 3);
  assert.equal(inline.back(3, false, 'out'), 2);
  assert.equal(inline.back(5, false, 'out'), 0);
  assert.equal(inline.forward(1, 'over', 'instruction'), 2, 'the machine knows no inlined calls');
});

test('one inlined call right behind another; a return from a real call into one', () => {
  // A: f (B) and g (C), with nothing of A between; g calls h (D) for real as its last instruction. f is 0, g is 1.
  const beside = timeline(
    [
      [1, A],
      [1, B, 0],
      [1, C, 1],
      [2, D],
      [1, A],
      [1, E],
    ],
    [NOT_INLINED, NOT_INLINED],
  );
  assert.equal(beside.forward(1, 'over'), 4, 'from the end of f to the line that called it');
  assert.equal(beside.forward(1, 'in'), 2);
  assert.equal(beside.forward(3, 'over'), 4);
  assert.equal(beside.back(5), 0);
  assert.equal(beside.back(3), 2, 'from h to g, which called it');
  assert.equal(beside.back(2), 0);
  assert.equal(beside.back(2, false, 'in'), 1);
});

test('a library that calls back is stepped through', () => {
  // A calls a library function (no lines), which calls C twice; then B.
  const sort = timeline([
    [1, A],
    [2, NONE],
    [3, C],
    [3, D],
    [2, NONE],
    [3, C],
    [3, D],
    [2, NONE],
    [1, A],
    [1, B],
  ]);
  assert.equal(sort.forward(0, 'over'), 9);
  assert.equal(sort.forward(0, 'in'), 2);
  assert.equal(sort.forward(3, 'in'), 5, 'in: into the next call back');
  assert.equal(sort.forward(3, 'over'), 8, 'over: out to where lines are');
  assert.equal(sort.forward(2, 'out'), 8);
  assert.equal(sort.back(9), 0);
  assert.equal(sort.back(5), 0, 'back out of the second call back');
});

test('two calls on one line: out of the first, into the second', () => {
  const twice = timeline([
    [1, A],
    [2, C],
    [1, A],
    [2, D],
    [1, A],
    [1, B],
  ]);
  assert.equal(twice.forward(1, 'out'), 2);
  assert.equal(twice.forward(2, 'in'), 3);
  assert.equal(twice.forward(0, 'over'), 5);
  assert.equal(twice.back(5), 0);
});

/** A random run: calls, returns, loops over few lines, code without lines. */
function randomRun(seed: number): Position[] {
  let state = seed;
  const random = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const positions: Position[] = [[0, NONE]];
  const run = (depth: number, budget: number) => {
    const hasLines = random(4) > 0;
    positions.push([depth, NONE]);
    for (let n = 2 + random(8); n > 0 && positions.length < budget; n--) {
      const key = hasLines ? depth * 10 + random(3) : NONE;
      for (let i = 1 + random(3); i > 0; i--) positions.push([depth, random(6) === 0 ? NONE : key]);
      if (depth < 5 && random(3) === 0) run(depth + 1, budget);
    }
    positions.push([depth, NONE]);
  };
  run(1, 300);
  positions.push([0, NONE]);
  return positions;
}

test('back is the reverse of over wherever over stays in its call', () => {
  let checked = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const positions = randomRun(seed * 7919);
    const { forward, back } = timeline(positions);
    // Beginnings of visits are what over leads to, from anywhere.
    for (let from = 0; from < positions.length; from++) {
      const [depth, key] = positions[from];
      const start = key === NONE ? -1 : forward(from, 'over');
      if (start < 0 || positions[start][0] !== depth) continue;
      const next = forward(start, 'over');
      if (next < 0 || positions[next][0] !== depth) continue;
      assert.equal(back(next), start, `seed ${seed}, ${start} -> ${next}`);
      checked++;
    }
  }
  assert.ok(checked > 500, String(checked));
});
