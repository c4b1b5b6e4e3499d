/**
 * Comparing text with a string literal, as `strcmp` does: C would compare addresses, of which a literal in an expression
 * has none, so it is the text that is meant.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { INT, LONG } from '../types/base-types.ts';
import { bare, spellType, type Type } from '../types/types.ts';
import { bytesAt, outsideMemory } from '../types/values.ts';
import { numberOperator } from './arithmetic.ts';
import type { Code } from './code.ts';
import { textIn } from './containers.ts';
import type { BinaryOperator } from './syntax/tree.ts';

/** The first bytes of a text, up to `length`, a zero behind an array that is full of it; undefined for a null pointer. */
type TextReader = (state: MachineState, length: number) => Uint8Array | undefined;

/** `left operator right`, where one of them is a literal. */
export function textComparison(operator: BinaryOperator, left: Code, right: Code, column: number): Code {
  const a = textReader(left);
  const b = textReader(right);
  const compare = numberOperator(operator, LONG, column);
  const length = Math.max(left.literal?.length ?? 0, right.literal?.length ?? 0) + 1;
  const isEquality = operator === '==' || operator === '!=';
  const number = (state: MachineState): number => {
    const x = a(state, length);
    const y = b(state, length);
    if (x && y) return compare(difference(x, y, column), 0);
    if (isEquality) return operator === '==' ? 0 : 1;
    throw new PlacedError('a null pointer has no text', { column });
  };
  return { type: INT, column, number };
}

/** Below, at or above 0 as the first text comes before, is, or comes behind the second. */
function difference(a: Uint8Array, b: Uint8Array, column: number): number {
  for (let i = 0; ; i++) {
    if (a[i] === undefined || b[i] === undefined) throw new PlacedError('the text has no end in memory', { column });
    if (a[i] !== b[i] || a[i] === 0) return a[i] - b[i];
  }
}

function textReader(code: Code): TextReader {
  const { place, number, column } = code;
  const type = bare(code.type);
  const text = textIn(code);
  if (text) return (state, length) => Uint8Array.of(...text(state).subarray(0, length), 0);
  if (type.kind === 'pointer' && number && isCharacter(type.to)) {
    return (state, length) => {
      const address = number(state);
      if (address === 0) return undefined;
      const bytes = state.memory(address, length);
      if (bytes.length === 0) throw new PlacedError(outsideMemory(address), { column });
      return bytes;
    };
  }
  if (type.kind === 'array' && place && isCharacter(type.element)) {
    const { count = Number.POSITIVE_INFINITY } = type;
    return (state, length) => {
      const bytes = bytesAt(place(state), 0, Math.min(count, length), state);
      return count < length ? Uint8Array.of(...bytes, 0) : bytes;
    };
  }
  throw new PlacedError(`a string literal cannot be compared with ${spellType(code.type)}`, { column });
}

function isCharacter(type: Type): boolean {
  const plain = bare(type);
  return plain.kind === 'integer' && plain.size === 1;
}
