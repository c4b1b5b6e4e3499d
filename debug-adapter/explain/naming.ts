/**
 * What C calls an address: the variable whose bytes lie there, down to the member or element. Looked up among the variables
 * of the open calls, innermost first, and then the globals.
 */
import { bare, readVariable, sizeOf, type Value, type Variable } from '../../engine/debuginfo/index.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';
import { innerPart } from './part-name.ts';

/** A variable, or a part of one, in memory. */
export interface NamedPart {
  /** As one would write it in the frame it is seen from: `board.can[3]`. */
  name: string;
  value: Value;
  address: number;
  /** Bytes. */
  size: number;
  /** The frame that it is a local of; undefined for a global. */
  frame: Frame | undefined;
}

/** Calls that are looked into. */
const MOST_FRAMES = 64;

/** Everything in memory that has a name at a moment: the locals of its frames, innermost first, and the globals. */
export function namedVariables(debuggee: Debuggee, frames: readonly Frame[]): NamedPart[] {
  const found: NamedPart[] = [];
  const { debug } = debuggee;
  if (!debug) return found;
  const add = (variable: Variable, offset: number, frame: Frame, isLocal: boolean) => {
    const value = readVariable(variable, offset, debuggee.state(frame));
    const size = sizeOf(value.type);
    if (value.place.kind !== 'memory' || !size) return;
    const { address } = value.place;
    found.push({ name: variable.name, value, address, size, frame: isLocal ? frame : undefined });
  };
  for (const frame of frames.slice(0, MOST_FRAMES)) {
    const offset = debuggee.codeOffset(frame);
    if (offset === undefined) continue;
    for (const variable of debug.variablesAt(offset, frame.inlined)) add(variable, offset, frame, true);
  }
  const [innermost] = frames;
  if (innermost)
    for (const variable of debug.globals) add(variable, debuggee.codeOffset(innermost) ?? 0, innermost, false);
  return found;
}

/** The smallest part that holds `size` bytes at an address; undefined where nothing with a name does. */
export function partAt(variables: readonly NamedPart[], address: number, size: number): NamedPart | undefined {
  const holds = (one: NamedPart) => address >= one.address && address + size <= one.address + one.size;
  let part = variables.find(holds);
  for (let inner = part; inner && holds(inner); inner = partOf(inner, address)) part = inner;
  return part;
}

/** The member or element that holds the byte at an address. */
function partOf(part: NamedPart, address: number): NamedPart | undefined {
  const found = innerPart(bare(part.value.type), address - part.address);
  if (!found) return undefined;
  const start = part.address + found.offset;
  return {
    ...part,
    name: part.name + found.name,
    value: { type: found.type, place: { kind: 'memory', address: start } },
    address: start,
    size: sizeOf(found.type) ?? 0,
  };
}
