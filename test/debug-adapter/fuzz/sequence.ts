/**
 * Random sequences of a client's requests, and what must hold behind each: what is shown is what a fresh run of the same
 * branch shows at that moment; continue and its reverse find the same stops; a data breakpoint misses no write; a call that is
 * made anew where the program made it returns the same.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Launched } from '../../../debug-adapter/protocol/launch.ts';
import { BadRequest } from '../../../debug-adapter/protocol/schema.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { PlacedError } from '../../../engine/errors.ts';
import { type SavedRecording, unpackRecording } from '../../../engine/recording/saved-recording.ts';
import { Random } from '../../fuzz/random.ts';
import { Driver, file, launched } from '../driver.ts';
import { OracleSource } from '../oracle-source.ts';
import { LOCALS, STATICS, smallProgram } from './small-program.ts';

/** A program with a session that has run to its end, on the oracle: what others are held against. */
export interface Subject {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
  readonly program: Launched;
  readonly reference: Driver;
  fresh(): Driver;
  /** A driver for a recording that was saved. */
  opened(saved: SavedRecording): Driver;
  /** The same on the oracle. */
  trusted(saved: SavedRecording): Driver;
}

/** Bytes of generators that are kept: few, so that contexts are made again. */
const KEPT = 2 ** 26;

/** Compiles the program of a seed. `inContexts`: sessions are on the model, in contexts of few tokens beside what they begin with. */
export async function subjectOf(seed: number, inContexts = false): Promise<Subject> {
  const random = new Random(seed);
  const text = smallProgram(random);
  const path = file(`fuzz-${seed}.c`, text);
  const program = await launched(path);
  // A change may let a loop go on for ever.
  const options = { stopOnEntry: true, maxTokens: MOST_TOKENS };
  const { program: tokens } = program.loaded;
  const source = inContexts
    ? await transformerSources(undefined, KEPT).source({
        ...program,
        program: tokens,
        attention: 'hull',
        engine: undefined,
      })
    : undefined;
  const room = 1000 + random.below(10_000);
  const length = source && ((state: number) => state + room);
  const fresh = () => new Driver(path, program, options, source?.another(), length);
  const opened = (saved: SavedRecording) => new Driver(path, { ...program, saved }, options, source?.another(), length);
  const trusted = (saved: SavedRecording) => new Driver(path, { ...program, saved }, options);
  const reference = new Driver(path, program, options);
  reference.move('configurationDone');
  reference.move('continue');
  return { seed, path, text, program, reference, fresh, opened, trusted };
}

/** Tokens of a branch: more than any of the programs takes as it is. */
const MOST_TOKENS = 200_000;

/** Stops of one direction that are looked at: beyond, programs with a breakpoint in a loop take too long. */
const MOST_STOPS = 300;

/** Runs the sequence of a seed. @throws AssertionError with the requests that led there */
export function runSequence(subject: Subject, seed: number): void {
  const random = new Random(seed);
  let debug = subject.fresh();
  const done: string[] = [];
  const ask = (command: Parameters<Driver['ask']>[0], args: object) => {
    done.push(`${command} ${JSON.stringify(args)}`);
    try {
      return debug.move(command, args);
    } catch (error) {
      // A request that makes no sense there is answered with a sentence; anything else is a fault.
      if (!(error instanceof BadRequest || error instanceof PlacedError)) throw error;
      return undefined;
    }
  };
  try {
    ask('configurationDone', {});
    for (let length = 3 + random.below(10); length > 0; length--) {
      if (random.below(20) === 0) {
        done.push('save, and open again');
        debug = reopened(debug, subject);
        continue;
      }
      const [command, args] = request(debug, subject, random);
      ask(command, args);
    }
    compareShown(debug, subject);
    compareDirections(debug);
    compareWrites(subject, random);
    if (random.below(5) === 0) compareCall(subject.reference, random);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const where = `program ${subject.seed}, sequence ${seed}`;
    throw new Error(`${where}: ${what}\nafter\n${done.join('\n')}\nin\n${subject.text}`, { cause: error });
  }
}

const MOTIONS = [
  'continue',
  'reverseContinue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'stepformer/stepBackIn',
  'stepformer/stepBackOut',
] as const;

type Request = [Parameters<Driver['ask']>[0], object];

function request(debug: Driver, { path, text, reference }: Subject, random: Random): Request {
  const { lines } = reference.session.recording;
  const name = random.pick(LOCALS);
  const line = () => 1 + random.below(text.split('\n').length);
  switch (random.below(17)) {
    case 0:
      return ['setBreakpoints', { source: { path }, breakpoints: someOf(random, () => onLine(line(), random)) }];
    case 1:
      return ['setFunctionBreakpoints', { breakpoints: someOf(random, () => ({ name: `f${random.below(4)}` })) }];
    case 2:
      return ['setDataBreakpoints', { breakpoints: someOf(random, () => onData(debug, random)) }];
    case 3: {
      const breakpoints = someOf(random, () => ({ text: random.pick(['a', 'b', 'ab', 'aa', '']) }));
      return ['stepformer/setOutputBreakpoints', { breakpoints }];
    }
    case 4:
      return ['stepformer/travel', { traceLine: random.below(lines + 2) }];
    case 5: {
      const traceLine = random.below(lines);
      const source = { path: 'stepformer-trace:/trace-0.stepformer-trace' };
      return ['setBreakpoints', { source, breakpoints: [{ line: traceLine + 1 }] }];
    }
    case 6:
      return ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: String(random.below(200)) }] }];
    case 7:
    case 10: {
      const value = random.pick(['0', '1', '7', '-1', 'a + 1', 'total', name]);
      return ['setExpression', { expression: random.pick([...LOCALS, ...STATICS]), value }];
    }
    case 8:
      return ['stepformer/switchBranch', { id: random.below(3) }];
    case 9:
      return random.below(2) ? ['stepformer/undoEdit', {}] : ['stepformer/dropBranch', { id: random.below(4) }];
    default: {
      const granularity = random.pick(['statement', 'line', 'instruction']);
      return [random.pick(MOTIONS), { threadId: 1, granularity }];
    }
  }
}

function someOf<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: random.below(3) }, make);
}

function onLine(line: number, random: Random): object {
  const condition = random.pick([undefined, undefined, 'total > 2', 'a == b', 'nowhere']);
  return { line, condition, hitCondition: random.pick([undefined, undefined, '2', '% 2']) };
}

function onData(debug: Driver, random: Random): object {
  const name = random.pick([...LOCALS, ...STATICS]);
  const accessType = random.pick(['read', 'write', 'readWrite', undefined]);
  const condition = random.pick([undefined, undefined, '$changed', 'total & 1', 'nowhere']);
  const hitCondition = random.pick([undefined, undefined, undefined, '2']);
  try {
    const { dataId } = debug.ask('dataBreakpointInfo', { name, frameId: debug.frames()[0].id });
    return { dataId: dataId ?? 'nothing', accessType, condition, hitCondition };
  } catch (error) {
    if (!(error instanceof PlacedError)) throw error;
    return { dataId: 'memory:64+4', accessType };
  }
}

/** What was saved of a session, opened in another. */
function reopened(debug: Driver, subject: Subject): Driver {
  const opened = subject.opened(savedOf(debug));
  opened.move('configurationDone');
  assert.deepEqual(shown(opened), shown(debug), 'opened again');
  return opened;
}

/** What is shown is what a fresh run shows at the same moment: of a branch with edits, one to which they are made. */
function compareShown(debug: Driver, subject: Subject): void {
  const { traceLine } = debug.ask('stepformer/position');
  const changed = debug.session.recording.everything.given.length > 0;
  const reference = changed ? runOfBranch(debug, subject) : subject.reference;
  reference.ask('stepformer/travel', { traceLine });
  // Behind an edit nothing is there yet that heads could have chosen.
  const lacks = debug.session.recording.lines <= traceLine;
  const compared = (driver: Driver) => (lacks ? driver.scope('Locals') : shown(driver));
  assert.deepEqual(compared(debug), compared(reference), `at trace line ${traceLine}`);
}

/** What the oracle says when it is told the edits of a branch where they stand, in a session of its own. */
function runOfBranch(debug: Driver, subject: Subject): Driver {
  const { recording } = debug.session;
  const { tokens, given } = recording.everything;
  const { prompt, reached } = recording;
  const { length } = prompt;
  const source = new OracleSource(subject.program.loaded.program, subject.program.input);
  source.append(prompt);
  for (const { from, to } of given) {
    source.generate(length + from - source.length);
    assert.equal(source.length, length + from, 'an edit stands where the program has been');
    source.append(tokens.subarray(from, to));
  }
  source.generate(length + tokens.length - source.length);
  const said = source.read(length, source.length);
  assert.deepEqual(said, tokens, 'tokens of the branch');
  const branch = { id: 0, name: 'main', shared: 0, tokens: said, given, edits: [], position: reached, reached };
  const driver = subject.trusted({ ...savedOf(debug), branches: [branch], current: 0, bookmarks: [] });
  driver.move('configurationDone');
  return driver;
}

function savedOf(debug: Driver): SavedRecording {
  const path = file('fuzz.stepformer', '');
  debug.ask('stepformer/saveRecording', { path });
  return unpackRecording(readFileSync(path), path);
}

/** The state, without heads, of which the oracle knows nothing, and what a step says about the calls that it came back from. */
function shown(debug: Driver): unknown {
  const isHeads = (item: unknown) =>
    Array.isArray(item) && typeof item[0] === 'string' && item[0].startsWith('Attention');
  const isKept = (item: unknown) => !isHeads(item) && (typeof item !== 'string' || !/ returned=/.test(item));
  const text = JSON.stringify(debug.state(), (_, value) => (Array.isArray(value) ? value.filter(isKept) : value));
  return JSON.parse(text);
}

/** All stops from one end to the other; undefined if they are too many. */
function stops(debug: Driver, command: 'continue' | 'reverseContinue'): number[] | undefined {
  const found: number[] = [];
  while (/breakpoint/.test(debug.move(command, { threadId: 1 }).reason)) {
    found.push(debug.ask('stepformer/position').traceLine);
    if (found.length > MOST_STOPS) return undefined;
  }
  return found;
}

/** With the breakpoints that are set, both directions find the same stops. */
function compareDirections(debug: Driver): void {
  debug.ask('stepformer/travel', { traceLine: 0 });
  const forwards = stops(debug, 'continue');
  if (!forwards) return;
  const end = debug.ask('stepformer/position').traceLine;
  const backwards = stops(debug, 'reverseContinue');
  // Nothing leads forwards to the first line, and backwards to the last.
  const between = (lines: number[] | undefined) => lines?.filter((line) => line > 0 && line < end);
  assert.deepEqual(between(backwards?.toReversed()), between(forwards), 'stops backwards and forwards');
}

/** In a session of its own, a data breakpoint stops at each line behind which the bytes are others. */
function compareWrites(subject: Subject, random: Random): void {
  const debug = subject.fresh();
  debug.move('configurationDone');
  const name = random.pick(STATICS);
  const dataId = `static:main:${name}`;
  const size = Number(debug.evaluate(`sizeof(${name})`));
  const address = Number(debug.evaluate(`(unsigned)&${name}`));
  debug.ask('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write', condition: '$changed' }] });
  const found = stops(debug, 'continue');
  if (!found) return;
  const { recording } = debug.session;
  const bytes = (line: number) => recording.history.moment(line).bytes(address, size).join();
  const changed: number[] = [];
  for (let line = 0; line < recording.lines - 1; line++) if (bytes(line) !== bytes(line + 1)) changed.push(line);
  assert.deepEqual(found, changed, `writes of ${name} while they are generated`);
  assert.deepEqual(stops(debug, 'reverseContinue'), changed.toReversed(), `writes of ${name} backwards`);
}

/** Called at its own first statement, with its own arguments, a function returns on the side what it returned there. */
function compareCall(reference: Driver, random: Random): void {
  const { calls } = reference.ask('stepformer/calls', { function: 'f2' });
  const { traceLine, returned } = random.pick<{ traceLine: number; returned?: string }>(calls);
  if (returned === undefined) return;
  reference.ask('stepformer/travel', { traceLine });
  assert.equal(reference.evaluate('f2(a, depth)'), returned, `f2(a, depth) at trace line ${traceLine}`);
}
