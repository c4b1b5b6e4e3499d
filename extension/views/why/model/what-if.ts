/** What can be changed in the past to see another future: the memory that a copy wrote, just after it did. */
import type { Hop } from '../../../../debug-adapter/protocol/protocol.ts';

export interface Change {
  /** What is changed, in words. */
  readonly name: string;
  /** C's way to say the same bytes in any frame. */
  readonly expression: string;
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

/** The change that a hop offers: of itself, or of the copy that kept it first. */
export function changeAt(hops: readonly Hop[], index: number, nameOf: (hop: Hop) => string): Change | undefined {
  for (let at = index; at >= 0; at--) {
    const expression = objectOf(hops[at]);
    if (expression) {
      return { name: nameOf(hops[at]), expression, value: hops[at].value, traceLine: hops[at].traceLine + 1 };
    }
    // What computes makes another value: a change of what it made is none of its operand.
    if (hops[at].kind === 'compute' && at < index) return undefined;
  }
  return undefined;
}
