/** Values in hops: signed numbers, or floats where the operator or the type of a variable says so. */
import { bare, type Type } from '../../engine/debuginfo/index.ts';
import type { NumberType } from '../../engine/isa/program.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { History } from '../../engine/trace/history.ts';
import { byteOf, KIND, KINDS } from '../../engine/trace/notation.ts';
import { numberText } from '../inspect/variables.ts';

/** How bytes are read: as a number of wasm, or as an integer of any width. */
export type ValueType = NumberType | 'signed' | 'unsigned';

/** How the bytes of a C type are read; undefined where that is no question of the type. */
export function typeOf(type: Type | undefined): ValueType | undefined {
  const plain = type && bare(type);
  if (plain?.kind === 'float') return plain.size === 4 ? 'f32' : plain.size === 8 ? 'f64' : undefined;
  if (plain?.kind === 'integer' || plain?.kind === 'enum') return plain.signed ? 'signed' : 'unsigned';
  return undefined;
}

/** The value whose bytes begin at a token, as wide as it is. */
export function valueText(history: History, token: number, type?: ValueType): string {
  const width = token < 0 ? 0 : history.widthAt(token);
  return bytesText(
    history,
    Array.from({ length: width }, (_, i) => token + i),
    type,
  );
}

/** Bytes (of tokens; -1 is 0), the lowest first, as a number: without a type signed if they are four or eight. */
export function bytesText(history: History, tokens: readonly number[], type?: ValueType): string {
  let bits = 0n;
  for (let i = tokens.length - 1; i >= 0; i--) {
    bits = (bits << 8n) | BigInt(tokens[i] < 0 ? 0 : byteAt(history, tokens[i]));
  }
  const { length } = tokens;
  if ((type === 'f32' && length === 4) || (type === 'f64' && length === 8)) return numberText(bits, type);
  const isSigned = type === 'unsigned' ? false : type === 'signed' || length === 4 || length === 8;
  return String(isSigned ? BigInt.asIntN(8 * length, bits) : bits);
}

/** The byte that a token stands for; of a token that is printed, what is printed. */
function byteAt(history: History, at: number): number {
  const token = history.tokenAt(at);
  return KINDS[token] === KIND.out ? token - TOKEN.out : byteOf(token);
}

/** Types of a helper's operands and result by its name: `(f64.add)`, `(f64.convert_i32_s)`, `(i64.div_u)`. */
export function typesOfOperator(name: string): { operand?: NumberType; result?: NumberType } {
  const [, result, operator] = /^\(([if](?:32|64))\.(\w+)\)$/.exec(name) ?? [];
  if (!operator) return {};
  const from = /_([if](?:32|64))(?:_|$)/.exec(operator)?.[1];
  const isTest = /^(?:eq|ne|lt|gt|le|ge)(?:_|$)/.test(operator);
  return { operand: (from ?? result) as NumberType, result: (isTest ? 'i32' : result) as NumberType };
}
