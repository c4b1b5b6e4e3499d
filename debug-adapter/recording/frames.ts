/**
 * The calls that are open at a moment, and the machine's state as one of them sees it: what debug information reads.
 */
import type { MachineState } from '../../engine/debuginfo/index.ts';
import { opcodeIndex } from '../../engine/isa/opcodes.ts';
import { type NumberType, type ProgramFunction, type ProgramGlobal, widthOf } from '../../engine/isa/program.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { type CodeMap, NO_LINE, type SourcePlace } from './code-map.ts';

/** One call that is open: the machine's, or one that the compiler inlined into it. */
export interface Frame {
  /** Calls of the machine below it. */
  depth: number;
  /** Which of the source's functions at the instruction: 0 is the innermost, the last the one with the code. */
  inlined: number;
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
 */
export function framesOf(moment: Moment, source: FrameSource, code: CodeMap): Frame[] {
  const frames: Frame[] = [];
  for (let depth = moment.callDepth; depth >= 0; depth--) {
    const frame = frameAt(moment, depth, source, code);
    frames.push(frame);
    const around = code.inlined.depthOf(code.inlined.at[frame.cursor]);
    for (let i = 1; i <= around; i++) frames.push({ ...frame, inlined: frame.inlined + i });
  }
  return moment.callDepth > 0 ? frames.slice(0, -1) : frames;
}

/** The innermost frame of a moment; the same whatever is below it, and however much. */
export function innermostFrame(moment: Moment, source: FrameSource, code: CodeMap): Frame {
  return frameAt(moment, moment.callDepth, source, code);
}

/**
 * The innermost trace line with a C line at a moment: its own, or the call that the innermost frame in C waits for;
 * undefined where no open call is in C.
 */
export function lineInC(
  moment: Moment,
  source: Pick<FrameSource, 'cursorOf'>,
  { lineKeys }: CodeMap,
): number | undefined {
  for (let depth = moment.callDepth; depth >= 0; depth--) {
    const line = lineAt(moment, depth);
    if (lineKeys[source.cursorOf(line)] !== NO_LINE) return line;
  }
  return undefined;
}

/** The instruction of that line. */
export function cursorInC(moment: Moment, source: Pick<FrameSource, 'cursorOf'>, code: CodeMap): number | undefined {
  const line = lineInC(moment, source, code);
  return line === undefined ? undefined : source.cursorOf(line);
}

/** Calls below the outermost one that is in C; Infinity where none is. */
export function depthOfC(moment: Moment, source: Pick<FrameSource, 'cursorOf'>, { lineKeys }: CodeMap): number {
  for (let depth = 0; depth <= moment.callDepth; depth++) {
    if (lineKeys[source.cursorOf(lineAt(moment, depth))] !== NO_LINE) return depth;
  }
  return Number.POSITIVE_INFINITY;
}

/** The innermost frame that is in C, or else the innermost one. */
export function frameInC(moment: Moment, source: FrameSource, code: CodeMap): Frame {
  for (let depth = moment.callDepth; depth >= 0; depth--) {
    if (code.lineKeys[source.cursorOf(lineAt(moment, depth))] !== NO_LINE) return frameAt(moment, depth, source, code);
  }
  return innermostFrame(moment, source, code);
}

/** The trace line that the call with `depth` calls below it executes. */
function lineAt(moment: Moment, depth: number): number {
  return depth < moment.callDepth ? moment.callLine(depth + 1) : moment.line;
}

/** The frame with `depth` calls below it. */
export function frameAt(moment: Moment, depth: number, source: FrameSource, code: CodeMap): Frame {
  const line = lineAt(moment, depth);
  const cursor = source.cursorOf(line);
  const stackTop = depth < moment.callDepth ? topBelow(moment, depth + 1, source, code) : moment.stackDepth;
  const stackBase = depth > 0 ? Math.min(topBelow(moment, depth, source, code), source.stackDepthOf(line)) : 0;
  const inlined = code.innermost(cursor);
  return { depth, inlined, line, cursor, fn: code.functionAt(cursor), stackBase, stackTop, moment };
}

/**
 * Where the caller's part of the stack ends below the call of a depth. Arguments belong to the caller until the
 * callee's prologue has taken them; then they are gone.
 */
function topBelow(moment: Moment, depth: number, source: FrameSource, code: CodeMap): number {
  const call = moment.callLine(depth);
  const callee = code.functionAt(source.cursorOf(lineAt(moment, depth)));
  // An indirect call's table index lies on top of its arguments.
  const index = code.program.ops[source.cursorOf(call)] === CALL_INDIRECT ? 1 : 0;
  return source.stackDepthOf(call) - index - (callee?.params ?? 0);
}

/** A cell's bits, as wide as its type. */
export function cellBits(moment: Moment, cell: number, type: NumberType): number | bigint {
  return widthOf(type) === 8 ? moment.wideCell(cell) : moment.cell(cell);
}

/** A frame's state, as debug information reads it. */
export function stateOf(
  { moment, depth, fn, stackBase, stackTop }: Frame,
  stride: number,
  globals: readonly (ProgramGlobal | undefined)[],
): MachineState {
  const numbers = fn?.numbers;
  return {
    ...(numbers ? { numberOf: (local: number) => [numbers.low[local], numbers.high[local]] as const } : {}),
    local: (index) => {
      const type = fn?.locals[index];
      return type && cellBits(moment, depth * stride + index, type);
    },
    global: (index) => {
      const found = globals[index];
      return found && cellBits(moment, found.cell, found.type);
    },
    stack: (index) => (index >= 0 && index < stackTop - stackBase ? moment.stackBits(stackBase + index) : undefined),
    memory: (address, length) => moment.memory(address, length),
  };
}

/** The C line that a trace line was executed for. */
export function placeAt(
  recording: FrameSource & { moment(line: number): Moment },
  code: CodeMap,
  line: number,
): SourcePlace | undefined {
  const cursor = cursorInC(recording.moment(line), recording, code);
  return cursor === undefined ? undefined : code.placeOf(cursor);
}
