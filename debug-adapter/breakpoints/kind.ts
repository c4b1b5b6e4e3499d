/**
 * What all kinds of breakpoints have in common: each says where on a stretch of the recording it may be hit, found by
 * scans of arrays, and for a single position whether it is. Forwards and backwards ask the same questions, so both
 * find the same stops.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { WasmModule } from '../../engine/toolchain/decode/module.ts';
import type { CodeMap } from '../recording/code-map.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import type { Exception } from './exceptions.ts';

/** An object of the program: the bytes of a static variable. */
export interface StaticObject {
  address: number;
  length: number;
  /** Its value as text, by its bytes, at a trace line. */
  format: Format;
}

/** Bytes of a value as text; what they point to is read before a trace line. */
export type Format = (bytes: Uint8Array, line: number) => string;

/** What breakpoints need of the debugger: expressions compiled for an instruction, evaluated at a trace line. */
export interface Expressions {
  /** @throws PlacedError for text that is no expression */
  condition(text: string, cursor: number): (line: number) => boolean;
  /** A condition for wherever it is asked: in the open call of a depth, or else in the innermost one that is in C. */
  conditionAnywhere(text: string): (line: number, depth: number | undefined) => boolean;
  /** The text of a log message with its `{expressions}` filled in. @throws PlacedError */
  message(template: string, cursor: number): (line: number) => string;
  /** What an expression, as a function of the program sees it, denotes at all times. @throws PlacedError */
  staticObject(text: string, functionName: string): StaticObject;
}

/** The program that breakpoints are placed in. */
export interface Program {
  code: CodeMap;
  /** What the program was lowered from. */
  module: WasmModule;
  recording: Recording;
  expressions: Expressions;
  /** Tells the user something, in the console. */
  say(text: string): void;
}

/** What a stop is called that is not for a breakpoint on code. */
export type HitKind = 'data breakpoint' | 'output breakpoint' | 'attention breakpoint';

/** What arriving at a position means. */
export interface Hits {
  /** Breakpoints that stop here. */
  ids: number[];
  /** Log messages, for a moment that is new. */
  logs: { text: string; cursor: number }[];
  /** Of what kind the first of them is, if it is not on code, and in a few words what happens here. */
  kind?: HitKind | undefined;
  description?: string | undefined;
  /** What the program is about to do that its author did not mean. */
  exception?: Exception | undefined;
}

/** Breakpoints of one kind. */
export interface BreakpointKind {
  /** Whether any is set. */
  readonly any: boolean;
  /** Places all of them in a program, anew after a restart. Returns them as clients know them. */
  attach(program: Program): DebugProtocol.Breakpoint[];
  /** The first line from `from` up to but not including `to` where one may be hit; -1 for none. */
  next(from: number, to: number): number;
  /** The last line from `from` up to but not including `to` where one may be hit; -1 for none. */
  previous(from: number, to: number): number;
  /** What arriving at `line` hits. */
  hitsAt(line: number, pace: Pace): Work<Hits>;
  /** Gives up what it holds besides memory. */
  dispose?(): void;
}

/** The lower of two lines, where -1 is none. */
export function earlier(a: number, b: number): number {
  if (a < 0 || b < 0) return Math.max(a, b);
  return Math.min(a, b);
}
