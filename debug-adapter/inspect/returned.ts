/**
 * What the calls returned that a step has passed: read from the trace where each of them ended, on top of the operand
 * stack, or, of a struct, where the caller wants it put.
 */
import { bare, sizeOf, type Type, type Value } from '../../engine/debuginfo/index.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { type Frame, innermostFrame } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';

/** A value that a call returned, and its frame just before it ended. */
export interface Returned {
  name: string;
  value: Value;
  frame: Frame;
}

/** More would hide the variables. */
const MOST = 10;

/**
 * What the calls returned that ended between two moments and were made by the call that is open at the later one; in
 * order, the last ones if there are many. Calls of functions without debug information, and without a value, are left out.
 */
export function returnedBetween(debuggee: Debuggee, recording: Recording, from: number, to: number): Returned[] {
  const depth = recording.depthOf(to);
  const found: Returned[] = [];
  for (let line = to - 1; line >= from && recording.depthOf(line) >= depth && found.length < MOST; ) {
    if (recording.depthOf(line) > depth) {
      const returned = returnedAt(debuggee, recording, line);
      if (returned) found.unshift(returned);
      line = recording.moment(line).callLine(depth + 1);
    }
    line--;
  }
  return found;
}

/** What the call returns that a line ends. */
function returnedAt(debuggee: Debuggee, recording: Recording, line: number): Returned | undefined {
  const { code } = debuggee;
  const frame = innermostFrame(recording.moment(line), recording, code);
  const source = code.sourceFunctionAt(frame.cursor);
  if (source?.type.kind !== 'function') return undefined;
  const value = returnValue(source.type.returns, frame, recording.moment(line + 1), debuggee);
  return value && { name: `${source.name}() returned`, value, frame: { ...frame, moment: recording.moment(line + 1) } };
}

function returnValue(type: Type, { fn, depth }: Frame, after: Moment, { program }: Debuggee): Value | undefined {
  const { kind } = bare(type);
  if (fn?.results === 0) {
    // Where a struct goes is the first parameter.
    if (kind !== 'struct' && kind !== 'union') return undefined;
    return { type, place: { kind: 'memory', address: after.cell(depth * program.stride) } };
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(after.stackBits(after.stackDepth - 1))), true);
  return { type, place: { kind: 'bytes', bytes: bytes.subarray(0, sizeOf(type) ?? 8), known: undefined } };
}
