/**
 * Random sequences of a client's requests, and what must hold behind each: what is shown is what a fresh run shows at
 * that moment; continue and its reverse find the same stops; a data breakpoint misses no write; a call that is made anew
 * where the program made it returns the same.
 */
import assert from 'node:assert/strict';
import { BadRequest } from '../../../debug-adapter/protocol/schema.ts';
import { PlacedError } from '../../../engine/errors.ts';
import { Random } from '../../fuzz/random.ts';
import { Driver, file, launched } from '../driver.ts';
import { LOCALS, STATICS, smallProgram } from './small-program.ts';

/** A program with a session that has run to its end: what others are held against. */
export interface Subject {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
  readonly reference: Driver;
  fresh(): Driver;
}

/** Compiles the program of a seed. */
export async function subjectOf(seed: number): Promise<Subject> {
  const text = smallProgram(new Random(seed));
  const path = file(`fuzz-${seed}.c`, text);
  const program = await launched(path);
  const fresh = () => new Driver(path, program, { stopOnEntry: true });
  const reference = fresh();
  reference.move('configurationDone');
  reference.move('continue');
  return { seed, path, text, reference, fresh };
}

/** Stops of one direction that are looked at: beyond, programs with a breakpoint in a loop take too long. */
const MOST_STOPS = 300;

/** Runs the sequence of a seed. @throws AssertionError with the requests that led there */
export function runSequence(subject: Subject, seed: number): void {
  const random = new Random(seed);
  const debug = subject.fresh();
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
      const [command, args] = request(debug, subject, random);
      ask(command, args);
    }
    compareShown(debug, subject.reference);
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
  const line = () => 1 + random.below(text.split('\n').length);
  switch (random.below(12)) {
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

/** What is shown is what the reference shows at the same moment. */
function compareShown(debug: Driver, reference: Driver): void {
  const { traceLine } = debug.ask('stepformer/position');
  reference.ask('stepformer/travel', { traceLine });
  assert.deepEqual(shown(debug), shown(reference), `at trace line ${traceLine}`);
}

/** The state, without what a step says about the calls that it came back from: a moment has none. */
function shown(debug: Driver): unknown {
  const isKept = (item: unknown) => typeof item !== 'string' || !/ returned=/.test(item);
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
