/**
 * Moving the position: forwards through the recording and beyond its end, where the model generates; backwards
 * through the recording alone. Each motion is work in slices that ends with where it stops and why.
 *
 * Lines between two places where something may happen are passed in batches: array scans, nothing per line but what
 * a step asks of each.
 */
import { PlacedError } from '../../engine/errors.ts';
import type { End } from '../../engine/trace/history.ts';
import type { Breakpoints } from '../breakpoints/breakpoints.ts';
import type { Exception } from '../breakpoints/exceptions.ts';
import type { HitKind, Hits } from '../breakpoints/kind.ts';
import { NO_LINE } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { depthOfC } from '../recording/frames.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import {
  type Arrival,
  type Granularity,
  StepBack,
  type StepKind,
  type SteppedCode,
  stepBackInstruction,
  stepForward,
  stepIntoTarget,
} from '../recording/stepping.ts';

/** Why a motion ended. */
export type StopReason = 'entry' | 'step' | 'breakpoint' | HitKind | 'pause' | 'goto' | 'restart' | 'end' | 'exception';

/** Where a motion ended. */
export interface Stop {
  line: number;
  reason: StopReason;
  /** Ids of the breakpoints hit. */
  hits: number[];
  /** What happens here, in a few words. */
  description?: string;
  /** Of a stop at an exception that does not end the program. */
  exception?: Exception;
}

/** What motions share with the session. */
export interface Traveller {
  readonly recording: Recording;
  readonly breakpoints: Breakpoints;
  readonly debuggee: Debuggee;
  readonly pace: Pace;
  /** Set from outside to stop at the next line. */
  pausing: boolean;
  /** Where the motion is, for whoever asks on the way. */
  live: number;
  /** Says that the motion goes on when there is input, or when it is to pause. */
  askForInput(): void;
  /** Something that a motion could not do, for the console. */
  complain(text: string): void;
  /** The user has come to `line`: told in ascending order, and of each line with log messages. */
  reach(line: number, logs: Hits['logs']): void;
}

/** Lines between two looks at the clock. */
const BATCH = 4096;

const NO_HITS: Hits = { ids: [], logs: [] };

/** A motion whose last line is complete, so that its tokens can be shown: unless the model has yet to come that far. */
export function* settled(traveller: Traveller, motion: Work<Stop>): Work<Stop> {
  const { recording, pace } = traveller;
  try {
    const stop = yield* motion;
    traveller.live = stop.line;
    if (stop.line >= recording.lines && recording.isFed) yield* recording.complete(stop.line, pace);
    return stop;
  } catch (error) {
    // The heads were to be looked at of tokens that the model would not have said.
    if (!(error instanceof PlacedError)) throw error;
    traveller.complain(error.toString());
    return { line: traveller.live, reason: 'pause', hits: [], description: error.message };
  }
}

/** Forward from `from` until `arrive` says so; without it, until a breakpoint or the end. */
export function* forward(
  traveller: Traveller,
  from: number,
  arrive: Arrival | undefined,
  reason: StopReason,
): Work<Stop> {
  const { recording, breakpoints, pace } = traveller;
  /** A pause need not wait until the model has gone through a recording; of what it generates it waits for a whole line. */
  const isLeft = () => traveller.pausing && !recording.isFed;
  let line = from;
  for (;;) {
    if (line >= recording.lines && !(yield* recording.complete(line, pace, isLeft))) {
      if (!recording.wantsInput && !isLeft()) {
        return { line, reason: recording.failure ? 'exception' : 'end', hits: [] };
      }
      if (traveller.pausing) return { line, reason: 'pause', hits: [] };
      traveller.askForInput();
      yield;
      continue;
    }
    // What a line does is known when it is complete: the next one is needed too.
    if (line + 1 >= recording.lines) yield* recording.complete(line + 1, pace, isLeft);
    const { end } = recording;
    if (end?.line === line) return { line, reason: endReason(traveller, end), hits: [] };
    const furthest = end || recording.failure || recording.wantsInput ? recording.lastPosition : recording.lines - 1;
    const last = Math.min(furthest, line + BATCH);
    const mark = breakpoints.next(recording.history, line + 1, last + 1);
    const goal = mark < 0 ? last : mark;
    let arrived = false;
    if (arrive) while (!arrived && line < goal) arrived = arrive(++line);
    else line = goal;
    traveller.live = line;
    let hits = NO_HITS;
    if (line === mark) {
      const isNew = line > recording.reached;
      hits = yield* breakpoints.hitsAt(line, recording.cursorOf(line), isNew, pace);
    }
    if (line > recording.reached) traveller.reach(line, hits.logs);
    if (isStop(hits)) return stopOf(line, hits);
    if (arrived) return { line, reason, hits: [] };
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (pace.due()) yield;
  }
}

/** What steps of a size read of the program. */
function stepped({ code }: Debuggee, granularity: Granularity): SteppedCode {
  return granularity === 'statement' ? { lineKeys: code.statementKeys, inlined: code.inlined } : code;
}

/**
 * A read that waited is one instruction, however many lines of the trace it took: one stands before the first of them, and
 * whoever stands before another goes on from there.
 */
function onceARead(recording: Recording, from: number, arrive: Arrival): Arrival {
  let first = from;
  while (recording.waits(first - 1)) first--;
  return (line) => arrive(line) && line !== first && !recording.waits(line - 1);
}

function isStop({ ids, exception }: Hits): boolean {
  return ids.length > 0 || exception !== undefined;
}

function stopOf(line: number, { ids, kind, description, exception }: Hits): Stop {
  if (exception) return { line, reason: 'exception', hits: ids, exception };
  return { line, reason: kind ?? 'breakpoint', hits: ids, ...(description === undefined ? {} : { description }) };
}

function endReason({ breakpoints, recording, debuggee }: Traveller, end: End): StopReason {
  return breakpoints.exceptions.stopsAt(end, recording, debuggee.code) ? 'exception' : 'end';
}

/** A step forward. */
export function step(traveller: Traveller, from: number, kind: StepKind, granularity: Granularity): Work<Stop> {
  const { recording, debuggee } = traveller;
  const floor = depthOfC(recording.moment(from), recording, debuggee.code);
  const arrive = stepForward(recording, stepped(debuggee, granularity), from, kind, granularity, floor);
  return forward(traveller, from, onceARead(recording, from, arrive), 'step');
}

/** Back from `from` to the previous breakpoint, or to where `arrive` says; without either to `home`, the beginning. */
export function* backward(traveller: Traveller, from: number, home: number, arrive: Arrival | undefined): Work<Stop> {
  const { recording, breakpoints, pace } = traveller;
  let line = from;
  while (line > 0) {
    const last = Math.max(line - BATCH, 0);
    const mark = breakpoints.previous(recording.history, last, line);
    const goal = mark < 0 ? last : mark;
    let arrived = false;
    if (arrive) while (!arrived && line > goal) arrived = arrive(--line);
    else line = goal;
    traveller.live = line;
    if (line === mark) {
      const hits = yield* breakpoints.hitsAt(line, recording.cursorOf(line), false, pace);
      if (isStop(hits)) return stopOf(line, hits);
    }
    if (arrived) return { line, reason: 'step', hits: [] };
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (pace.due()) yield;
  }
  return { line: home, reason: 'entry', hits: [] };
}

/** A step into one of the calls of a line; see `stepIntoTarget`. */
export function stepInto(traveller: Traveller, from: number, target: number): Work<Stop> {
  const { recording, debuggee } = traveller;
  return forward(traveller, from, stepIntoTarget(recording, debuggee.code, from, target), 'step');
}

/** Back to the last time before `from` that one of some instructions was come to. */
export function backTo(traveller: Traveller, from: number, cursors: readonly number[], home: number): Work<Stop> {
  const { recording, debuggee } = traveller;
  const marks = new Uint8Array(debuggee.code.program.ops.length);
  for (const cursor of cursors) marks[cursor] = 1;
  return backward(traveller, from, home, (line) => marks[recording.cursorOf(line)] === 1);
}

/** A step back. `home` is where the reverse of C lines ends. */
export function stepBack(
  traveller: Traveller,
  from: number,
  kind: StepKind,
  granularity: Granularity,
  home: number,
): Work<Stop> {
  if (granularity === 'instruction') {
    const { recording } = traveller;
    return backward(traveller, from, 0, onceARead(recording, from, stepBackInstruction(recording, from, kind)));
  }
  return stepBackLine(traveller, from, kind, stepped(traveller.debuggee, granularity), home);
}

/**
 * A step back over C lines. Where it lands is known only when something before it has been seen, so breakpoints on
 * the way are kept in mind until it is clear whether they lie between. From the end it lands on the last line that was
 * executed, in whichever call.
 */
function* stepBackLine(
  traveller: Traveller,
  from: number,
  kind: StepKind,
  code: SteppedCode,
  home: number,
): Work<Stop> {
  const { recording, breakpoints, debuggee, pace } = traveller;
  const isOver = recording.end?.line === from && debuggee.code.lineKeys[recording.cursorOf(from)] === NO_LINE;
  const floor = isOver ? Number.POSITIVE_INFINITY : depthOfC(recording.moment(from), recording, debuggee.code);
  const stepping = new StepBack(recording, code, from, kind, floor);
  let met: Stop | undefined;
  /** Where something may lie, and from where on that has been looked up. */
  let mark = -1;
  let looked = from;
  const landed = (): Stop =>
    met && met.line >= stepping.landing ? met : { line: stepping.landing, reason: 'step', hits: [] };
  for (let line = from - 1; line >= home; line--) {
    traveller.live = line;
    stepping.arrive(line);
    if (stepping.done) return landed();
    if (line < looked) {
      looked = Math.max(line - BATCH, home);
      mark = breakpoints.previous(recording.history, looked, line + 1);
    }
    if (met === undefined && line === mark) {
      const hits = yield* breakpoints.hitsAt(line, recording.cursorOf(line), false, pace);
      if (isStop(hits)) met = stopOf(line, hits);
      else mark = breakpoints.previous(recording.history, looked, line);
    }
    if (met && (stepping.landing < 0 || stepping.landing <= met.line)) return met;
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (line % BATCH === 0 && pace.due()) yield;
  }
  if (stepping.landing >= 0) return landed();
  return met ?? { line: home, reason: 'entry', hits: [] };
}
