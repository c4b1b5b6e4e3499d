/**
 * Breakpoints: what clients ask for, where that lies in the program or the trace, and whether a position is a hit.
 *
 * A breakpoint lies on instructions (a C line's statements, a function's first one, a disassembled one) or on one
 * trace line. Execution that arrives there hits it if its condition holds and its hit count counts; the same
 * positions are hits in both directions. What was asked for outlives the program: after a restart it is placed anew.
 *
 * Other kinds lie on what happens rather than where (kind.ts); they are asked along with these.
 */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PlacedError } from '../../engine/errors.ts';
import type { History } from '../../engine/trace/history.ts';
import { lineNumber } from '../../engine/trace/notation.ts';
import type { BreakpointSpec } from '../protocol/dap-messages.ts';
import type { ArgumentsOf, Handlers, SourceLine } from '../protocol/protocol.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import { PAGE_LINES, pageOfUri } from '../recording/trace-pages.ts';
import { AttentionBreakpoints } from './attention.ts';
import { DataBreakpoints } from './data.ts';
import { Divergence } from './divergence.ts';
import { ExceptionBreakpoints } from './exceptions.ts';
import { type HitCondition, HitCounter, parseHitCondition } from './hit-counts.ts';
import { type BreakpointKind, earlier, type Hits, type Program } from './kind.ts';
import { MemoryErrors } from './memory-errors.ts';
import type { Misuse } from './misuse.ts';
import { OutputBreakpoints } from './output.ts';
import { type Placement, placeInstruction, placeSource } from './placement.ts';

interface Breakpoint {
  id: number;
  spec: BreakpointSpec;
  place(program: Program): Placement;
  /** As clients know it. */
  shown: DebugProtocol.Breakpoint;
  cursors: readonly number[];
  traceLine: number;
  conditions: Map<number, (line: number) => boolean>;
  messages: Map<number, (line: number) => string>;
  hitCondition: HitCondition | undefined;
  counter: HitCounter | undefined;
}

/** Where a breakpoint of a line, a function, an instruction or a trace line lies. */
export interface Lying {
  readonly id: number;
  /** As a person would call it. */
  readonly text: string;
  readonly place?: SourceLine;
  /** Whether it is a hit only sometimes. */
  readonly conditional: boolean;
  readonly cursors: readonly number[];
  /** -1 if it lies on none. */
  readonly traceLine: number;
}

/** The requests that set breakpoints. */
export type BreakpointRequest =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'setDataBreakpoints'
  | 'setExceptionBreakpoints'
  | 'stepformer/setOutputBreakpoints'
  | 'stepformer/setAttentionBreakpoints';

/** Name of the group of breakpoints on instructions. */
const INSTRUCTIONS = 'instruction breakpoints';

/** All breakpoints of a session. */
export class Breakpoints {
  /** Source and trace breakpoints by path, the others under a name of their own. */
  private readonly groups = new Map<string, Breakpoint[]>();
  private program: Program | undefined;
  private nextId = 1;
  /** Per instruction: 1 where a breakpoint lies. */
  private marks = new Uint8Array(0);
  /** How the program ends is told as an exception, or not. */
  readonly exceptions = new ExceptionBreakpoints();
  readonly data = new DataBreakpoints(() => this.nextId++);
  private readonly output = new OutputBreakpoints(() => this.nextId++);
  private readonly attention = new AttentionBreakpoints(() => this.nextId++);
  private readonly memory = new MemoryErrors(() => this.exceptions.wants('memory'));
  private readonly divergence = new Divergence(() => this.exceptions.wants('divergence'));
  private readonly kinds: readonly BreakpointKind[] = [
    this.data,
    this.output,
    this.attention,
    this.memory,
    this.divergence,
  ];
  private readonly byCursor = new Map<number, Breakpoint[]>();
  private readonly byLine = new Map<number, Breakpoint[]>();
  /** Trace lines where a breakpoint lies, ascending. */
  private lines: number[] = [];

  /** Answers to the requests that set breakpoints; they may come before there is a program. */
  readonly handlers: Pick<Handlers, BreakpointRequest> = {
    setBreakpoints: (args) => ({ breakpoints: this.setSource(args) }),
    setFunctionBreakpoints: (args) => ({ breakpoints: this.setFunctions(args) }),
    setInstructionBreakpoints: (args) => ({ breakpoints: this.setInstructions(args) }),
    setDataBreakpoints: (args) => ({ breakpoints: this.data.set(args) }),
    setExceptionBreakpoints: (args) => ({ breakpoints: this.exceptions.set(args) }),
    'stepformer/setOutputBreakpoints': (args) => ({ breakpoints: this.output.set(args) }),
    'stepformer/setAttentionBreakpoints': (args) => ({ breakpoints: this.attention.set(args) }),
  };

  /** Whether a breakpoint on a line or function of the program can stop it: a stop at its entry is needless then. */
  get stopsInSource(): boolean {
    return [...this.groups].some(
      ([group, breakpoints]) =>
        group !== INSTRUCTIONS &&
        breakpoints.some(({ shown, spec, traceLine }) => shown.verified && traceLine < 0 && !spec.logMessage),
    );
  }

  /** Those that lie somewhere in the program or its trace. */
  get lying(): Lying[] {
    const all = [...this.groups].flatMap(([path, of]) => of.map((breakpoint) => lyingAs(path, breakpoint)));
    return all.filter(({ cursors, traceLine }) => cursors.length > 0 || traceLine >= 0);
  }

  /** The first misuse of memory that was found; none is looked for where nobody wants to stop at it. */
  get misuse(): Misuse | undefined {
    return this.memory.first;
  }

  /** Places all breakpoints in a program. Returns what changed for clients. */
  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.program = program;
    const all = [...this.groups.values()].flat();
    for (const breakpoint of all) this.placeOne(breakpoint);
    this.index();
    return [...all.map(({ shown }) => shown), ...this.kinds.flatMap((kind) => kind.attach(program))];
  }

  /** The session is over. */
  dispose(): void {
    for (const kind of this.kinds) kind.dispose?.();
  }

  private setSource({ source: path, breakpoints }: ArgumentsOf<'setBreakpoints'>): DebugProtocol.Breakpoint[] {
    const page = pageOfUri(path);
    return this.replace(
      path,
      breakpoints.map((spec) => ({
        spec,
        place: ({ code }) =>
          page === undefined
            ? placeSource(code, path, spec.line, spec.column)
            : { cursors: [], traceLine: page * PAGE_LINES + spec.line - 1, shown: { verified: true, line: spec.line } },
      })),
    );
  }

  private setFunctions({ breakpoints }: ArgumentsOf<'setFunctionBreakpoints'>): DebugProtocol.Breakpoint[] {
    return this.replace(
      'function breakpoints',
      breakpoints.map((spec) => ({
        spec,
        place: ({ code }) => {
          const cursors = code.entriesOf(spec.name.trim());
          return cursors.length === 0
            ? { cursors: [], shown: { verified: false, message: `There is no function "${spec.name}".` } }
            : { ...placeInstruction(code, cursors[0]), cursors };
        },
      })),
    );
  }

  private setInstructions({ breakpoints }: ArgumentsOf<'setInstructionBreakpoints'>): DebugProtocol.Breakpoint[] {
    return this.replace(
      INSTRUCTIONS,
      breakpoints.map((spec) => ({
        spec,
        place: ({ code }) => {
          const cursor = Number(spec.instructionReference) + spec.offset;
          const known = Number.isInteger(cursor) && cursor > 0 && cursor < code.program.ops.length;
          return known
            ? placeInstruction(code, cursor)
            : { cursors: [], shown: { verified: false, message: 'There is no such instruction.' } };
        },
      })),
    );
  }

  /** The first line from `from` up to but not including `to` where one may be hit; -1 for none. */
  next(history: History, from: number, to: number): number {
    return this.setKinds.reduce(
      (found, kind) => earlier(found, kind.next(from, found < 0 ? to : found)),
      this.nextOnCode(history, from, to),
    );
  }

  private nextOnCode(history: History, from: number, to: number): number {
    const line = this.lines.find((candidate) => candidate >= from);
    const marked = this.byCursor.size > 0 ? history.firstMarked(this.marks, from, to) : -1;
    if (line === undefined || line >= to) return marked;
    return marked < 0 ? line : Math.min(line, marked);
  }

  /** The last line from `from` up to but not including `to` where one may be hit; -1 for none. */
  previous(history: History, from: number, to: number): number {
    return this.setKinds.reduce(
      (found, kind) => Math.max(found, kind.previous(Math.max(from, found + 1), to)),
      this.previousOnCode(history, from, to),
    );
  }

  private get setKinds(): readonly BreakpointKind[] {
    return this.kinds.filter((kind) => kind.any);
  }

  private previousOnCode(history: History, from: number, to: number): number {
    const line = this.lines.findLast((candidate) => candidate < to) ?? -1;
    const marked = this.byCursor.size > 0 ? history.lastMarked(this.marks, from, to) : -1;
    return line < from ? marked : Math.max(line, marked);
  }

  /** What arriving at `line` hits. `isNew`: the moment was never reached before, so log messages are due. */
  *hitsAt(line: number, cursor: number, isNew: boolean, pace: Pace): Work<Hits> {
    let hits: Hits = { ids: [], logs: [] };
    const here = [...(this.byCursor.get(cursor) ?? []), ...(this.byLine.get(line) ?? [])];
    for (const breakpoint of here) {
      try {
        if (!this.holds(breakpoint, line, cursor)) continue;
        if (breakpoint.hitCondition) {
          breakpoint.counter ??= this.counterOf(breakpoint);
          const departure = this.program?.recording.departure ?? 0;
          if (!(yield* breakpoint.counter.counts(breakpoint.hitCondition, line, departure, pace))) continue;
        }
        if (breakpoint.spec.logMessage === undefined) hits.ids.push(breakpoint.id);
        else if (isNew) hits.logs.push({ text: this.message(breakpoint, line, cursor), cursor });
      } catch (error) {
        // A condition that cannot be evaluated stops, saying so: what it asks may matter.
        if (!(error instanceof PlacedError)) throw error;
        hits.ids.push(breakpoint.id);
        hits.logs.push({ text: `Breakpoint ${breakpoint.id}: ${error.message}`, cursor });
      }
    }
    for (const kind of this.setKinds) {
      const found = yield* kind.hitsAt(line, pace);
      const { kind: what, description } = hits.ids.length > 0 ? hits : found;
      const ids = [...hits.ids, ...found.ids];
      const exception = hits.exception ?? found.exception;
      hits = { ids, logs: [...hits.logs, ...found.logs], kind: what, description, exception };
    }
    return hits;
  }

  private holds(breakpoint: Breakpoint, line: number, cursor: number): boolean {
    const { condition } = breakpoint.spec;
    if (!condition || !this.program) return true;
    let compiled = breakpoint.conditions.get(cursor);
    if (!compiled) {
      compiled = this.program.expressions.condition(condition, cursor);
      breakpoint.conditions.set(cursor, compiled);
    }
    return compiled(line);
  }

  /** Counts the lines of the recording where a breakpoint lies and its condition holds. */
  private counterOf(breakpoint: Breakpoint): HitCounter {
    const recording = this.program?.recording;
    if (!recording) throw new RangeError('a breakpoint is counted before there is a program');
    const marks = new Uint8Array(this.marks.length);
    for (const cursor of breakpoint.cursors) marks[cursor] = 1;
    const { traceLine } = breakpoint;
    const next = (from: number, to: number) => {
      const marked = recording.history.firstMarked(marks, from, to);
      return marked < 0 && traceLine >= from && traceLine < to ? traceLine : marked;
    };
    return new HitCounter(next, (line) => this.countsAt(breakpoint, line, recording.cursorOf(line)));
  }

  /** Whether a line where the breakpoint lies is a hit but for its number. A condition that fails does not hold. */
  private countsAt(breakpoint: Breakpoint, line: number, cursor: number): boolean {
    try {
      return this.holds(breakpoint, line, cursor);
    } catch (error) {
      if (error instanceof PlacedError) return false;
      throw error;
    }
  }

  private message(breakpoint: Breakpoint, line: number, cursor: number): string {
    let compiled = breakpoint.messages.get(cursor);
    if (!compiled && this.program) {
      compiled = this.program.expressions.message(breakpoint.spec.logMessage ?? '', cursor);
      breakpoint.messages.set(cursor, compiled);
    }
    return compiled?.(line) ?? '';
  }

  private replace(group: string, wanted: Pick<Breakpoint, 'spec' | 'place'>[]): DebugProtocol.Breakpoint[] {
    const made = wanted.map((item): Breakpoint => {
      const id = this.nextId++;
      return {
        ...item,
        id,
        shown: { id, verified: false },
        cursors: [],
        traceLine: -1,
        conditions: new Map(),
        messages: new Map(),
        hitCondition: undefined,
        counter: undefined,
      };
    });
    for (const breakpoint of made) this.placeOne(breakpoint);
    this.groups.set(group, made);
    this.index();
    return made.map(({ shown }) => shown);
  }

  private placeOne(breakpoint: Breakpoint): void {
    const { id, spec } = breakpoint;
    breakpoint.cursors = [];
    breakpoint.traceLine = -1;
    breakpoint.conditions.clear();
    breakpoint.messages.clear();
    breakpoint.counter = undefined;
    if (!this.program) {
      breakpoint.shown = { id, verified: false, message: 'The program is not loaded yet.' };
      return;
    }
    const { cursors, traceLine = -1, shown } = breakpoint.place(this.program);
    breakpoint.shown = { id, ...shown };
    try {
      breakpoint.hitCondition = spec.hitCondition?.trim() ? parseHitCondition(spec.hitCondition) : undefined;
      for (const cursor of [...cursors, ...recordedAt(this.program.recording, traceLine)]) {
        if (spec.condition) {
          breakpoint.conditions.set(cursor, this.program.expressions.condition(spec.condition, cursor));
        }
        if (spec.logMessage !== undefined) {
          breakpoint.messages.set(cursor, this.program.expressions.message(spec.logMessage, cursor));
        }
      }
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error;
      breakpoint.shown = { id, ...shown, verified: false, message: error.message };
      return;
    }
    breakpoint.cursors = cursors;
    breakpoint.traceLine = traceLine;
  }

  /** Rebuilds the tables that positions are looked up in. */
  private index(): void {
    this.byCursor.clear();
    this.byLine.clear();
    this.marks = new Uint8Array(this.program?.code.program.ops.length ?? 0);
    const add = (map: Map<number, Breakpoint[]>, key: number, breakpoint: Breakpoint) => {
      const known = map.get(key);
      if (known) known.push(breakpoint);
      else map.set(key, [breakpoint]);
    };
    for (const breakpoint of [...this.groups.values()].flat()) {
      if (breakpoint.traceLine >= 0) add(this.byLine, breakpoint.traceLine, breakpoint);
      for (const cursor of breakpoint.cursors) {
        this.marks[cursor] = 1;
        add(this.byCursor, cursor, breakpoint);
      }
    }
    this.lines = [...this.byLine.keys()].sort((a, b) => a - b);
  }
}

/** `group`: the path, of one on a line. */
function lyingAs(group: string, { id, spec, shown, cursors, traceLine }: Breakpoint): Lying {
  const conditional = Boolean(spec.condition || spec.hitCondition);
  const lies = { id, conditional, cursors, traceLine };
  if (traceLine >= 0) return { ...lies, text: `trace line ${lineNumber(traceLine)}` };
  const { path = group } = shown.source ?? {};
  const { line } = shown;
  if (line === undefined) return { ...lies, text: `breakpoint ${id}` };
  return { ...lies, text: `${basename(path)}:${line}`, place: { path, line } };
}

/** The instruction of a trace line, if there is one and it is recorded: what a condition there means is known then. */
function recordedAt(recording: Recording, traceLine: number): number[] {
  return traceLine >= 0 && traceLine < recording.lines ? [recording.cursorOf(traceLine)] : [];
}
