/** Values in hops: signed numbers, or floats where the operator says that they are. */
import type { NumberType } from '../../engine/isa/program.ts';
import type { History } from '../../engine/trace/history.ts';
import { byteOf } from '../../engine/trace/notation.ts';
import { numberText } from '../inspect/variables.ts';

/** The value whose bytes begin at a token, as wide as it is. */
export function valueText(history: History, token: number, type?: NumberType): string {
  if (token < 0) return '0';
  const width = history.widthAt(token);
  return bytesText(
    history,
    Array.from({ length: width }, (_, i) => token + i),
    type,
  );
}

/** Bytes (of tokens; -1 is 0), the lowest first: a number, signed if it has four or eight bytes or `signed` says so. */
export function bytesText(
  history: History,
  tokens: readonly number[],
  type?: NumberType,
  signed = tokens.length === 4 || tokens.length === 8,
): string {
  let bits = 0n;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const byte = tokens[i] < 0 ? 0 : byteOf(history.tokenAt(tokens[i]));
    bits = (bits << 8n) | BigInt(byte);
  }
  const size = 8 * tokens.length;
  if (type === 'f32' || type === 'f64') return numberText(bits, type);
  return String(signed ? BigInt.asIntN(size, bits) : bits);
}

/** Types of a helper's operands and result by its name: `(f64.add)`, `(f64.convert_i32_s)`, `(i64.div_u)`. */
export function typesOfOperator(name: string): { operand?: NumberType; result?: NumberType } {
  const [, result, operator] = /^\(([if](?:32|64))\.(\w+)\)$/.exec(name) ?? [];
  if (!operator) return {};
  const from = /_([if](?:32|64))(?:_|$)/.exec(operator)?.[1];
  const isTest = /^(?:eq|ne|lt|gt|le|ge)/.test(operator);
  return { operand: (from ?? result) as NumberType, result: (isTest ? 'i32' : result) as NumberType };
}
