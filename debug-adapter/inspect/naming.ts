/**
 * What C calls an address: the variable whose bytes lie there, down to the member or element. Looked up among the variables
 * of the open calls, innermost first, and then the globals.
 */
import { bare, readVariable, sizeOf, type Type, type Value, type Variable } from '../../engine/debuginfo/index.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';

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
    for (const variable of debug.variablesAt(offset)) add(variable, offset, frame, true);
  }
  const [innermost] = frames;
  if (innermost)
    for (const variable of debug.globals) add(variable, debuggee.codeOffset(innermost) ?? 0, innermost, false);
  return found;
}

/** The smallest part that holds `size` bytes at an address; undefined where nothing with a name does. */
export function partAt(variables: readonly NamedPart[], address: number, size: number): NamedPart | undefined {
  const variable = variables.find((one) => address >= one.address && address + size <= one.address + one.size);
  if (!variable) return undefined;
  let part = variable;
  for (;;) {
    const inner = innerPart(part, address);
    if (!inner || address + size > inner.address + inner.size) return part;
    part = inner;
  }
}

/** The member or element that begins at or before an address, and holds the byte there. */
function innerPart(part: NamedPart, address: number): NamedPart | undefined {
  const offset = address - part.address;
  const within = (name: string, type: Type, at: number): NamedPart => ({
    ...part,
    name: part.name + name,
    value: { type, place: { kind: 'memory', address: part.address + at } },
    address: part.address + at,
    size: sizeOf(type) ?? 0,
  });
  const type = bare(part.value.type);
  if (type.kind === 'array') {
    const step = sizeOf(type.element);
    if (!step) return undefined;
    const index = Math.floor(offset / step);
    return within(`[${index}]`, type.element, index * step);
  }
  if (type.kind !== 'struct') return undefined;
  for (const member of type.members) {
    const size = member.bits ? 0 : (sizeOf(member.type) ?? 0);
    if (offset < member.offset || offset >= member.offset + size) continue;
    return within(member.name === undefined ? '' : `.${member.name}`, member.type, member.offset);
  }
  return undefined;
}
