/**
 * Moving the position: forwards through the recording and beyond its end, where the model generates; backwards
 * through the recording alone. Each motion is work in slices that ends with where it stops and why.
 */
import type { Breakpoints, Hits } from './breakpoints.ts';
import type { Debuggee } from './debuggee.ts';
import type { Pace, Work } from './pace.ts';
import type { Recording } from './recording.ts';
import { type Arrival, type Granularity, StepBack, stepBackInstruction, stepForward, type StepKind } from './stepping.ts';

/** Why a motion ended. */
export type StopReason = 'entry' | 'step' | 'breakpoint' | 'pause' | 'goto' | 'end' | 'exception';

/** Where a motion ended. */
export interface Stop {
  line: number;
  reason: StopReason;
  /** Ids of the breakpoints hit. */
  hits: number[];
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
  /** Lines up to this one have been reached before: they are not new. */
  readonly reached: number;
  /** Told of each new line in order, once. */
  reach(line: number, logs: Hits['logs']): void;
}

/** Lines between two looks at the clock. */
const BATCH = 512;

const NO_HITS: Hits = { ids: [], logs: [] };

/** Forward from `from` until `arrive` says so; without it, until a breakpoint or the end. */
export function* forward(traveller: Traveller, from: number, arrive: Arrival | undefined, reason: StopReason): Work<Stop> {
  const { recording, breakpoints, pace } = traveller;
  let line = from;
  for (let count = 1; ; count++) {
    if (line >= recording.lines && !(yield* recording.complete(line, pace))) {
      return { line, reason: recording.failure ? 'exception' : 'end', hits: [] };
    }
    if (recording.end?.line === line) return { line, reason: recording.end.kind === 'trap' ? 'exception' : 'end', hits: [] };
    line++;
    traveller.live = line;
    const isNew = line > traveller.reached;
    const cursor = recording.cursorOf(line);
    let hits = NO_HITS;
    if (breakpoints.mayHit(line, cursor)) hits = yield* breakpoints.hitsAt(line, cursor, isNew, pace);
    if (isNew) traveller.reach(line, hits.logs);
    // Arrivals keep count of calls and returns: they are told of every line.
    const arrived = arrive?.(line) === true;
    if (hits.ids.length > 0) return { line, reason: 'breakpoint', hits: hits.ids };
    if (arrived) return { line, reason, hits: [] };
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (count % BATCH === 0 && pace.due()) yield;
  }
}

/** A step forward. */
export function step(traveller: Traveller, from: number, kind: StepKind, granularity: Granularity): Work<Stop> {
  const { recording, debuggee } = traveller;
  const arrive = stepForward(recording, debuggee.code.lineKeys, from, kind, granularity);
  return forward(traveller, from, arrive, 'step');
}

/** Back from `from` to the previous breakpoint, or to where `arrive` says; without either to `home`, the beginning. */
export function* backward(traveller: Traveller, from: number, home: number, arrive: Arrival | undefined): Work<Stop> {
  const { recording, breakpoints, pace } = traveller;
  for (let line = from - 1; line >= 0; line--) {
    traveller.live = line;
    const cursor = recording.cursorOf(line);
    if (breakpoints.mayHit(line, cursor)) {
      const { ids } = yield* breakpoints.hitsAt(line, cursor, false, pace);
      if (ids.length > 0) return { line, reason: 'breakpoint', hits: ids };
    }
    if (arrive?.(line)) return { line, reason: 'step', hits: [] };
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (line % BATCH === 0 && pace.due()) yield;
  }
  return { line: home, reason: 'entry', hits: [] };
}

/** A step back by instructions. */
export function stepBackOne(traveller: Traveller, from: number): Work<Stop> {
  return backward(traveller, from, 0, stepBackInstruction(traveller.recording, from));
}

/**
 * A step back over a C line. Where it lands is known only when something before it has been seen, so breakpoints on
 * the way are kept in mind until it is clear whether they lie between.
 */
export function* stepBackLine(traveller: Traveller, from: number, home: number): Work<Stop> {
  const { recording, breakpoints, debuggee, pace } = traveller;
  const stepping = new StepBack(recording, debuggee.code.lineKeys, from);
  let met: Stop | undefined;
  for (let line = from - 1; line >= home; line--) {
    traveller.live = line;
    const { landing } = stepping;
    stepping.arrive(line);
    if (stepping.done) return { line: stepping.landing, reason: 'step', hits: [] };
    const cursor = recording.cursorOf(line);
    if (met === undefined && breakpoints.mayHit(line, cursor)) {
      const { ids } = yield* breakpoints.hitsAt(line, cursor, false, pace);
      if (ids.length > 0) met = { line, reason: 'breakpoint', hits: ids };
    }
    if (met && (landing < 0 || stepping.landing < landing)) return met;
    if (traveller.pausing) return { line, reason: 'pause', hits: [] };
    if (line % BATCH === 0 && pace.due()) yield;
  }
  if (stepping.landing >= 0) return { line: stepping.landing, reason: 'step', hits: [] };
  return met ?? { line: home, reason: 'entry', hits: [] };
}
