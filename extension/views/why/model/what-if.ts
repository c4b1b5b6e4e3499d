/** What can be changed in the past to see another future: the memory that a copy wrote, just after it did. */
import type { Hop } from '../../../../debug-adapter/protocol/protocol.ts';
import { assignedBy, characterIn } from './words.ts';

export interface Change {
  /** What is changed, in words. */
  readonly name: string;
  /** C's way to say the same bytes in any frame. */
  readonly expression: string;
  /** As it would be typed: a single byte of text as its character. */
  readonly value: string;
  /** The trace line to stand at: behind the write. */
  readonly traceLine: number;
}

const INTEGERS: Record<number, string> = { 1: 'char', 2: 'short', 4: 'int', 8: 'long long' };
const FLOATS: Record<number, string> = { 4: 'float', 8: 'double' };

/** The bytes that a copy wrote as an object of C, good in any frame; undefined for what wrote no memory. */
export function objectOf({ address, value }: Hop): string | undefined {
  if (!address) return undefined;
  const type = (/[.e]|inf|nan/i.test(value) ? FLOATS : INTEGERS)[address.bytes];
  return type && `*(${type} *)0x${address.at.toString(16)}`;
}

/** The change that a hop offers: of itself, or of the copy that kept it first. Hops are the newest first. */
export function changeAt(hops: readonly Hop[], index: number): Change | undefined {
  for (let at = index; at >= 0; at--) {
    const hop = hops[at];
    const expression = objectOf(hop);
    if (expression) {
      const character = hop.address?.bytes === 1 ? characterIn(hop.value) : undefined;
      const name = nameOf(hops[index]) ?? nameOf(hop) ?? 'this value';
      return { name, expression, value: character ?? hop.value, traceLine: hop.traceLine + 1 };
    }
    // What computes makes another value: a change of what it made is none of its operand.
    if (hop.kind === 'compute' && at < index) return undefined;
  }
  return undefined;
}

/** What holds the value, or where it began. */
function nameOf({ kind, text, address, library }: Hop): string | undefined {
  if (kind === 'input') return text.split(':')[0];
  return address && !library ? assignedBy(text) : undefined;
}
