/** Looking back over contexts: what is asked about all of a run has the answers that it has in a single one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestName } from '../../../debug-adapter/protocol/protocol.ts';
import type { Driver } from '../driver.ts';
import { open, PROGRAM, small } from './in-contexts.ts';

const one = await open();
const many = await open(small(1000));
const { recording } = many.session;

/** What both sessions say. */
function both<T>(what: (debug: Driver) => T): T {
  const expected = what(one);
  assert.deepEqual(what(many), expected);
  return expected;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
const ask = (command: RequestName, args: object): any => both((debug) => debug.ask(command, args));

const dataId = (debug: Driver, name: string, access = 'write') => ({
  dataId: debug.ask('dataBreakpointInfo', { name, frameId: debug.frames()[0].id }).dataId,
  accessType: access,
});

/** Contexts of the lines at which one stopped. */
const contextsOf = (lines: readonly number[]) =>
  new Set(lines.map((line) => recording.contextOf(recording.firstToken(line))));

function stops(debug: Driver, command: 'continue' | 'reverseContinue'): { description?: string; traceLine: number }[] {
  const found: { description?: string; traceLine: number }[] = [];
  for (;;) {
    const { reason, description } = debug.move(command);
    if (reason !== 'data breakpoint') return found;
    found.push({ description, traceLine: debug.ask('stepformer/position').traceLine });
  }
}

test('data breakpoints on a global, an array and a local stop in all contexts, in both directions', () => {
  both((debug) => [debug.go('next'), debug.go('next')]);
  both((debug) => {
    const breakpoints = [dataId(debug, '::total'), dataId(debug, 'seen[1]', 'readWrite'), dataId(debug, 'wide')];
    return debug.ask('setDataBreakpoints', { breakpoints }).breakpoints.length;
  });
  const forwards = both((debug) => stops(debug, 'continue'));
  assert.ok(forwards.length >= 8, `${forwards.length} stops`);
  const backwards = both((debug) => stops(debug, 'reverseContinue'));
  const lines = forwards.map(({ traceLine }) => traceLine);
  const after = backwards.map(({ traceLine }) => traceLine).filter((line) => line >= lines[0]);
  assert.deepEqual(after.reverse(), lines);
  const contexts = contextsOf(lines).size;
  assert.ok(contexts > 2, `${contexts} contexts`);
  both((debug) => debug.ask('setDataBreakpoints', { breakpoints: [] }).breakpoints);
  both((debug) => debug.move('continue').reason);
});

test('histories, prints after the fact, calls, the tree of them, coverage and searches', () => {
  for (const expression of ['total', 'seen[1]', 'seen']) ask('stepformer/history', { expression });
  const { writes } = ask('stepformer/history', { expression: 'total' });
  assert.ok(contextsOf(writes.map(({ traceLine }: { traceLine: number }) => traceLine)).size > 1);
  const { rows } = ask('stepformer/print', { path: PROGRAM, line: 5, expression: 'n; total; seen[0]' });
  assert.ok(rows.length > 4 && contextsOf(rows.map(({ traceLine }: { traceLine: number }) => traceLine)).size > 1);
  const { calls } = ask('stepformer/calls', { function: 'depth' });
  assert.ok(calls.some(({ returned }: { returned?: string }) => returned !== undefined));
  for (const { traceLine } of calls) {
    ask('stepformer/callTree', { traceLine, depth: 3 });
    ask('stepformer/coverage', { traceLine });
    ask('stepformer/control', { traceLine });
  }
  for (const text of ['dep', 'total == 5', 'hel']) ask('stepformer/search', { text });
  ask('stepformer/output', {});
});

test('the timeline, and the moments that it names', () => {
  const { to } = ask('stepformer/timeline', { buckets: 300 });
  assert.equal(to, one.ask('stepformer/timeline', { buckets: 300 }).to);
  for (let token = recording.history.promptLength; token < recording.tokens; token += 701) {
    ask('stepformer/timeline', { from: token, to: token + 700, buckets: 64 });
    ask('stepformer/moment', { token });
  }
});

/** An answer; or what is said where there is none. */
function attempt(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Without evidence: margins are over what a context knows. */
const told = (answer: object) =>
  JSON.parse(JSON.stringify(answer, (key, value) => (key === 'evidence' ? undefined : value)));
const origin = (debug: Driver, args: object) => told(debug.ask('stepformer/origin', { limit: 100, ...args }));

test('origins lead back over contexts, and readers forward', () => {
  const { traceLine } = one.ask('stepformer/position');
  for (const expression of ['total', 'seen[0]', 'seen[1]']) both((debug) => origin(debug, { expression }));
  const step = Math.floor(traceLine / 12);
  let farthest = 0;
  for (let line = 1; line < traceLine - 1; line += step) {
    const token = recording.firstToken(line);
    const readers = both((debug) => attempt(() => told(debug.ask('stepformer/readers', { token })).readers));
    for (const { token: reader } of Array.isArray(readers) ? readers : []) {
      farthest = Math.max(farthest, recording.contextOf(reader) - recording.contextOf(token));
    }
    both((debug) => attempt(() => origin(debug, { token })));
  }
  assert.ok(farthest > 0, 'something was read in a later context than it was written in');
});
