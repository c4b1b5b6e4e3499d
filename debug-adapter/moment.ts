/**
 * The machine before one trace line, as the debugger sees it: plain reads of what the generated tokens say, and from
 * them the frames and the state that debug information asks for.
 */
import type { MachineState } from '../engine/debuginfo/index.ts';
import { opcodeIndex } from '../engine/isa/opcodes.ts';
import type { ProgramFunction } from '../engine/isa/program.ts';
import type { CodeMap } from './code-map.ts';

/** Reads of one moment; values are the bits of an i32, unsigned. */
export interface Moment {
  /** The trace line that comes next. */
  readonly line: number;
  /** Values on the whole operand stack. */
  readonly stackDepth: number;
  /** Value `index` of the operand stack, from the bottom. */
  stack(index: number): number;
  /** Cell of a local or global: see TokenProgram. */
  cell(index: number): number;
  /** Bytes of memory; fewer where it ends. */
  memory(address: number, length: number): Uint8Array;
  /** Trace lines of the calls that are open, outermost first. */
  readonly calls: readonly number[];
}

/** One call that is open. */
export interface Frame {
  /** Calls below it. */
  depth: number;
  /** The trace line that it executes: the next one, or its call of the frame above. */
  line: number;
  /** The instruction of that line. */
  cursor: number;
  fn: ProgramFunction | undefined;
  /** Its part of the operand stack: from `stackBase` up to but not including `stackTop`. */
  stackBase: number;
  stackTop: number;
  moment: Moment;
}

const CALL_INDIRECT = opcodeIndex('call_indirect');

/** What frames are made from. */
export interface FrameSource {
  cursorOf(line: number): number;
  /** Values on the operand stack before a line. */
  stackDepthOf(line: number): number;
}

/**
 * The frames of a moment, innermost first, without the stub that starts the program (unless that is all there is).
 * Arguments belong to the caller until the callee's prologue has taken them.
 */
export function framesOf(moment: Moment, source: FrameSource, code: CodeMap): Frame[] {
  const lines = [...moment.calls, moment.line];
  const frames = lines.map((line, depth): Frame => {
    const cursor = source.cursorOf(line);
    const fn = code.functionAt(cursor);
    return { depth, line, cursor, fn, stackBase: 0, stackTop: 0, moment };
  });
  for (const frame of frames) {
    const above = frames[frame.depth + 1];
    const here = above ? source.stackDepthOf(frame.line) : moment.stackDepth;
    // An indirect call's table index lies on top of its arguments.
    const index = code.program.ops[frame.cursor] === CALL_INDIRECT ? 1 : 0;
    frame.stackTop = above ? here - index - (above.fn?.params ?? 0) : here;
    const below = frames[frame.depth - 1];
    frame.stackBase = below ? Math.min(below.stackTop, here) : 0;
  }
  frames.reverse();
  return frames.length > 1 ? frames.slice(0, -1) : frames;
}

/** The cells of the module's wasm globals, by index; -1 where a global has none. */
export function globalCells(globals: readonly { type: string; initial: { value?: number | undefined } }[]): number[] {
  let cell = 1;
  return globals.map(({ type, initial }) => (type === 'i32' && initial.value !== undefined ? cell++ : -1));
}

/** A frame's state, as debug information reads it. */
export function stateOf(frame: Frame, stride: number, cells: readonly number[]): MachineState {
  const { moment, depth, fn, stackBase, stackTop } = frame;
  const locals = fn?.locals.length ?? 0;
  return {
    local: (index) => (index >= 0 && index < locals ? moment.cell(depth * stride + index) : undefined),
    global: (index) => ((cells[index] ?? -1) >= 0 ? moment.cell(cells[index]) : undefined),
    stack: (index) => (index >= 0 && index < stackTop - stackBase ? moment.stack(stackBase + index) : undefined),
    memory: (address, length) => moment.memory(address, length),
  };
}
