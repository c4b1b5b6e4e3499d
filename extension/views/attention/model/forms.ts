/** Queries and keys as people read sums: `stack top: position 2,084 − 4`. */
import type { HeadForms } from '../../../../debug-adapter/protocol/protocol.ts';
import { number } from '../../dom.ts';

type Form = HeadForms['query'][number];

/** A piece of a sum: its sign and factor, the slot's name if it is no plain number, and what was in the slot. */
export interface Piece {
  readonly sign: '' | '+' | '−';
  readonly factor: string;
  readonly slot?: string;
  readonly value?: string;
}

/** The sum in pieces, those that are 0 left out if others are not; a sum of nothing is 0. */
export function piecesOf({ terms }: Form): Piece[] {
  const told = terms.filter(({ value }) => value !== 0);
  if (told.length === 0) return [{ sign: '', factor: '0' }];
  return told.map(({ slot, weight, value }, i) => {
    const sign = weight < 0 ? '−' : i === 0 ? '' : '+';
    const size = Math.abs(weight);
    if (slot === 'one') return { sign, factor: exact(size) };
    return { sign, factor: size === 1 ? '' : exact(size), slot, value: exact(value) };
  });
}

/** A number of the model: whole ones with separators; powers of two beyond a million as such, for they are not to be read. */
export function exact(value: number): string {
  const size = Math.abs(value);
  const exponent = Math.log2(size);
  if (size >= 2 ** 20 && Number.isInteger(exponent)) return `${value < 0 ? '−' : ''}2^${exponent}`;
  const text = Number.isInteger(value) ? number(size) : String(Number(size.toPrecision(12)));
  return value < 0 ? `−${text}` : text;
}

/** `(2,080, 1)` */
export const pair = (forms: readonly Form[]): string => `(${forms.map(({ sum }) => exact(sum)).join('; ')})`;
