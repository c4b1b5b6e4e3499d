/** A session over many contexts is what it is in one: every line of it, forwards and backwards, with input and with edits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf } from '../../../debug-adapter/explain/witness.ts';
import { meaning } from '../../../debug-adapter/inspect/heads/meaning.ts';
import { finish } from '../../../debug-adapter/recording/pace.ts';
import type { Recording } from '../../../debug-adapter/recording/recording.ts';
import { editTokens } from '../../../engine/isa/edit-lines.ts';
import { ByteSteps } from '../../../engine/trace/byte-steps.ts';
import { InputLog } from '../../../engine/trace/input-log.ts';
import { byteOf, KIND, KINDS } from '../../../engine/trace/notation.ts';
import type { Driver } from '../driver.ts';
import { encoder, open, pace, program, recordingOf, small } from './in-contexts.ts';

const complete = (recording: Recording) => finish(recording.complete(Number.POSITIVE_INFINITY, pace));
/** The machine before a line. */
function machine(recording: Recording, line: number): unknown {
  const moment = recording.moment(line);
  const stack = Array.from({ length: moment.stackDepth }, (_, i) => moment.stackWrite(i));
  const cells = Array.from({ length: 60 }, (_, cell) => moment.cellWrite(cell)?.value);
  const { loaded } = program;
  return [
    recording.cursorOf(line),
    moment.calls,
    stack,
    cells,
    loaded.program.globals.map(({ cell }) => moment.cell(cell)),
  ];
}

function assertSame(recording: Recording, expected: Recording): void {
  assert.equal(recording.failure, undefined);
  assert.deepEqual(recording.everything, expected.everything);
  assert.deepEqual(recording.end, expected.end);
  // Tokens say all the rest; so a look here and there is enough.
  for (let line = recording.lines; line >= 0; line -= 50) {
    assert.deepEqual(machine(recording, line), machine(expected, line), `line ${line}`);
  }
}

test('a run in contexts of any size has the lines, the values and the end of one in a single context', async () => {
  const expected = await recordingOf();
  complete(expected);
  assert.equal(expected.end?.kind, 'halt');
  for (const room of [611, 4096]) {
    const recording = await recordingOf({ contextLength: small(room) });
    complete(recording);
    assertSame(recording, expected);
    const contexts = recording.contextOf(recording.tokens - 1);
    assert.ok(contexts >= Math.floor((recording.generated / room) * 0.9), `${contexts} contexts of ${room}`);
  }
});

test('input that is given in a later context is read there', async () => {
  const typed = ['h', 'e', 'l'];
  const run = async (contextLength?: (state: number) => number) => {
    const recording = await recordingOf({
      input: new Uint8Array(),
      more: true,
      ...(contextLength && { contextLength }),
    });
    for (const text of typed) {
      complete(recording);
      assert.equal(recording.wantsInput, true);
      recording.give(encoder.encode(text), text === 'l');
    }
    complete(recording);
    return recording;
  };
  const expected = await run();
  assert.equal(expected.end?.kind, 'halt');
  for (const room of [900]) assertSame(await run(small(room)), expected);
});

test('a branch begins in the context of its line, and has the lines that it has in a single context', async () => {
  const place = program.loaded.program.data.flatMap(({ address, bytes }) => {
    const at = Buffer.from(bytes).indexOf('abc');
    return at < 0 ? [] : [address + at];
  })[0];
  const edit = editTokens({ kind: 'memory', place, bytes: Uint8Array.of(122) });
  const run = async (contextLength?: (state: number) => number) => {
    const recording = await recordingOf(contextLength && { contextLength });
    complete(recording);
    const line = Math.floor(recording.lines / 2);
    const again = finish(recording.fork(line, new Uint16Array(), pace));
    complete(again);
    assertSame(again, recording);
    const fork = finish(recording.fork(line, edit, pace));
    complete(fork);
    return fork;
  };
  const fork = await run(small(1000));
  assert.ok(fork.contextOf(fork.tokens - 1) > 2);
  assertSame(fork, await run());
});

test('what was said before is taken over, and gone on with in the context where it ended', async () => {
  const expected = await recordingOf();
  complete(expected);
  const { tokens, given } = expected.everything;
  const recording = await recordingOf({ contextLength: small(600) });
  finish(recording.restore({ tokens: tokens.slice(0, tokens.length >> 1), given }, pace));
  complete(recording);
  assertSame(recording, expected);
});

/** Counts bytes of input that were read, and so begins anew with a context. */
const COUNTS_INPUT = 'input read';

test('in every context heads attend to what they attend to in a single one, or to what repeats that', async () => {
  const input = encoder.encode('h');
  const expected = await recordingOf({ input });
  complete(expected);
  const recording = await recordingOf({ input, contextLength: small(400) });
  complete(recording);
  const { tokens, history } = recording;
  assert.ok(recording.contextOf(tokens - 1) >= 2);
  const reads = new InputLog(history);
  let carried = 0;
  let compared = 0;
  let later = history.promptLength;
  while (recording.contextOf(later) === 0) later++;
  finish(expected.feed(tokens, pace));
  // One of three is of every kind that a line has, and looking at one takes milliseconds.
  for (let token = later; token < tokens; token += 3) {
    finish(recording.feed(token + 1, pace));
    const found = recording.passes.inspect(token)?.heads ?? [];
    assert.ok(found.length > 0);
    for (const [i, one] of (expected.passes.inspect(token)?.heads ?? []).entries()) {
      const { name, active, target } = found[i];
      // Where they stand can be what some do nothing about: their numbers differ, and what is zero of them.
      if (!(active && one.active) || name === COUNTS_INPUT) continue;
      // There is no next byte: what such a head attends to tells nothing.
      const taken = name === 'next input byte' ? reads.lineOf(one.target) : undefined;
      if (taken !== undefined && history.firstToken(taken) < token) continue;
      compared++;
      assert.equal(target, one.target, `token ${token}, ${name}`);
      if (target >= 0) assert.equal(meaning(found[i]), meaning(one), `token ${token}, ${name}`);
      if (recording.passes.carriedTo(token, target)) carried++;
    }
    if (token % 50 > 0) continue;
    const dissected = recording.passes.anatomy(token)?.layers.flatMap(({ heads }) => heads.map(({ target }) => target));
    assert.deepEqual(
      dissected,
      found.map(({ target }) => target),
    );
  }
  assert.ok(compared > tokens - later, `${compared} heads`);
  assert.ok(carried > 50, `${carried} heads attend to what was carried over`);
});

test('heads testify in every context, to what the tokens say', async () => {
  const recording = await recordingOf({ contextLength: small(1300) });
  complete(recording);
  const steps = new ByteSteps(recording.history);
  let carried = 0;
  for (let line = recording.lines - 1; line > 0; line--) {
    const token = recording.firstToken(line);
    const step = KINDS[recording.tokenAt(token)] === KIND.byte ? steps.step(token) : undefined;
    if (recording.contextOf(token - 1) === 0 || step?.kind !== 'copy') continue;
    const { look } = step;
    finish(recording.feed(look.token, pace));
    const evidence = evidenceOf(recording, look);
    const isCarried = recording.passes.carriedTo(look.token - 1, look.target) !== undefined;
    // Zeros are not carried over.
    if (!evidence) assert.ok(isCarried && byteOf(recording.tokenAt(look.target)) === 0, recording.lineText(line));
    else assert.equal(evidence.to, look.target, recording.lineText(line));
    if (evidence && isCarried) carried++;
  }
  assert.ok(carried > 10, `${carried} values were carried over`);
  complete(recording);
  assert.equal(recording.end?.kind, 'halt');
});

test('input that is given when a context is exactly full is read in the next one', async () => {
  const run = async (contextLength?: (state: number) => number) => {
    const recording = await recordingOf({
      input: new Uint8Array(),
      more: true,
      ...(contextLength && { contextLength }),
    });
    complete(recording);
    const asked = recording.tokens;
    recording.give(encoder.encode('he'), true);
    complete(recording);
    return { recording, asked };
  };
  const { recording: expected, asked } = await run();
  // Full with the line that asks, or a few tokens behind it, where the line of input has no room.
  for (const left of [0, 3]) {
    const length = (state: number) => (state === expected.history.promptLength ? asked + left : state + 2000);
    const { recording } = await run(length);
    assertSame(recording, expected);
    assert.equal(recording.contextOf(asked - 1), 0);
    assert.equal(recording.contextOf(asked), 1);
  }
});

test('a context without room for a line ends the run with an error, and what there is stays', async () => {
  const recording = await recordingOf({ contextLength: small(3) });
  complete(recording);
  assert.equal(recording.failure?.kind, 'error');
  assert.match(recording.failure?.message ?? '', /holds no line/);
});

/** What a client sees of a stop, but for heads. */
function seen(debug: Driver): unknown {
  const frames = debug.frames();
  const scopes = frames.flatMap(({ id }) => debug.ask('scopes', { frameId: id }).scopes);
  const values = scopes
    .filter(({ name }) => !name.startsWith('Attention'))
    .map(({ name, variablesReference }) => [
      name,
      debug.children(variablesReference).map((variable) => `${variable.name}=${variable.value}`),
    ]);
  return { frames: frames.map(({ name, line }) => `${name}:${line}`), values };
}

test('a session goes to the end and back over contexts, and stops where one context stops', async () => {
  const one = await open();
  const many = await open(small(1500));
  const both = <T>(what: (debug: Driver) => T): T => {
    const expected = what(one);
    assert.deepEqual(what(many), expected);
    return expected;
  };
  both((debug) => debug.breakpoints(10).map(({ line, verified }) => [line, verified]));
  const stops: unknown[] = [];
  for (let i = 0; i < 3; i++) stops.push(both((debug) => [debug.go('continue'), seen(debug)]));
  const { recording } = many.session;
  assert.ok(recording.contextOf(recording.now) > 0);
  const scope = many
    .ask('scopes', { frameId: many.frames()[0].id })
    .scopes.find(({ name }: { name: string }) => name.startsWith('Attention'));
  const heads = many.children(scope?.variablesReference ?? 0).map(({ name, value }) => `${name}: ${value}`);
  assert.ok(heads.length > 5, heads.join('\n'));
  for (const stop of stops.slice(0, -1).reverse()) {
    assert.deepEqual(
      both((debug) => [debug.move('reverseContinue').reason, debug.where(), seen(debug)]).at(-1),
      (stop as unknown[])[1],
    );
  }
  both((debug) => debug.breakpoints().length);
  both((debug) => [debug.move('continue').reason, debug.output()]);
  both((debug) => [debug.move('reverseContinue').reason, seen(debug)]);
});
