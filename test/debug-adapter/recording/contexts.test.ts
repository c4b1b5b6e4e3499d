/** A session over many contexts is what it is in one: every line of it, forwards and backwards, with input and with edits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish, Pace } from '../../../debug-adapter/recording/pace.ts';
import { Recording, type RecordingOptions } from '../../../debug-adapter/recording/recording.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { editTokens } from '../../../engine/isa/edit-lines.ts';
import { Driver, file, launched } from '../driver.ts';

const sources = transformerSources();
const pace = new Pace();
const encoder = new TextEncoder();

/** Prints what it reads, and keeps it in all places that a machine has. */
const PROGRAM = file(
  'many-contexts.c',
  `extern int getchar(void);
extern int putchar(int);
unsigned total = 5;
char seen[40] = "abc";
static int depth(int n) { int below = n > 0 ? depth(n - 1) : 1; return below * 3 + n; }
int main(void) {
  int c, at = 0;
  long long wide = 1;
  while ((c = getchar()) >= 0) {
    seen[at++] = (char)c;
    total = total * 31 + c;
    wide = wide * 1000003 + depth(c & 3);
    putchar('a' + (int)(wide & 15));
  }
  for (int i = 0; i < at; i++) putchar(seen[i]);
  return (int)(total & 127) + depth(4);
}
`,
);
const program = await launched(PROGRAM);

async function recordingOf(options: Partial<RecordingOptions> = {}): Promise<Recording> {
  const { loaded } = program;
  const input = options.input ?? encoder.encode('hel');
  const more = options.more ?? false;
  const source = await sources.source({ program: loaded.program, input, more, attention: 'hull', engine: undefined });
  return new Recording({ program: loaded.program, budget: 1e7, ...options, input, source });
}

const complete = (recording: Recording) => finish(recording.complete(Number.POSITIVE_INFINITY, pace));
/** Contexts that have room for little beside what they begin with. */
const small = (room: number) => (state: number) => state + room;

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

test('heads are looked at in the first context, and refused in others; afterwards the run goes on', async () => {
  const expected = await recordingOf();
  complete(expected);
  const recording = await recordingOf({ contextLength: small(2000) });
  finish(recording.complete(900, pace));
  const token = recording.history.promptLength + 1500;
  assert.ok(recording.contextOf(recording.tokens - 1) > 0);
  finish(recording.feed(token + 1, pace));
  finish(expected.feed(token + 1, pace));
  assert.deepEqual(recording.passes.inspect(token), expected.passes.inspect(token));
  assert.throws(() => recording.passes.inspect(recording.tokens - 1), /in the first context of a run.*in context \d/);
  complete(recording);
  assertSame(recording, expected);
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
  const open = async (contextLength?: (state: number) => number) => {
    const { loaded } = program;
    const input = encoder.encode('hel');
    const source = await sources.source({ program: loaded.program, input, attention: 'hull', engine: undefined });
    const debug = new Driver(PROGRAM, { ...program, input }, { stopOnEntry: true }, source, contextLength);
    debug.move('configurationDone');
    return debug;
  };
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
