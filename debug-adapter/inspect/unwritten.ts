/**
 * Whether a local variable was written since its call began. If not, its bytes are what earlier calls left there, or zeros
 * that nobody stored: no value of the program's.
 */
import { sizeOf, type Value } from '../../engine/debuginfo/index.ts';
import type { History } from '../../engine/trace/history.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';

/** Larger variables are not looked through: somebody who has so large an array sees it anyway. */
const MOST_BYTES = 4096;

/** Of a value that lies in the part of C's stack that is the frame's own; false for all others, statics among them. */
export function isUnwritten(debuggee: Debuggee, history: History, frame: Frame, value: Value): boolean {
  const { place } = value;
  const size = sizeOf(value.type) ?? 0;
  if (place.kind !== 'memory' || size === 0 || size > MOST_BYTES) return false;
  const own = ownMemory(debuggee, history, frame);
  if (!own || place.address < own.from || place.address + size > own.to) return false;
  for (let address = place.address; address < place.address + size; address++) {
    if (frame.moment.memoryWrite(address) >= own.since) return false;
  }
  return true;
}

/** Where a frame keeps its variables, and the first token of its call; undefined before that is made up. */
function ownMemory(debuggee: Debuggee, history: History, frame: Frame) {
  const { code, program } = debuggee;
  const stackPointer = program.globals.find(({ name }) => name === '__stack_pointer');
  const owner = code.sourceFunctionAt(frame.cursor);
  const offset = debuggee.codeOffset(frame);
  if (!stackPointer || !owner || offset === undefined || offset < owner.prologueEnd) return undefined;
  const from = owner.frameBase?.(debuggee.state(frame));
  const call = frame.moment.callLine(frame.depth);
  if (from === undefined || call < 0) return undefined;
  const entry = history.moment(call + 1);
  return { from, to: entry.cell(stackPointer.cell), since: entry.token };
}
