/** What each operator on vectors is on halves: `helper` is the function of the operator's own name for one half. */
import { operatorName, operatorOf } from '../../decode/operators.ts';
import { expandAccess } from './accesses.ts';
import { extractLane, LANE_BITS, replaceLane, splat } from './lanes.ts';
import type { Writer } from './writer.ts';

export { splat };

/** Whether the operator is one on vectors that is lowered: all of SIMD, nothing of relaxed SIMD. */
export function isExpanded(code: number): boolean {
  return operatorOf(code)?.proposal === 'SIMD' && !operatorName(code).includes('relaxed');
}

const UNARY = /\.(abs|neg|popcnt|sqrt|ceil|floor|trunc|nearest|extadd_pairwise_.*|convert_i32x4_.|trunc_sat_f32x4_.)$/;
const SHIFT = /\.(shl|shr_s|shr_u)$/;
const BITWISE: Readonly<Record<string, string>> = { 'v128.and': 'i64.and', 'v128.or': 'i64.or', 'v128.xor': 'i64.xor' };

/** Writes an operator on vectors as operators on their halves. */
export function expand(writer: Writer, name: string, immediate: number, high: number): void {
  writer.begin();
  if (/^v128\.(load|store)/.test(name)) expandAccess(writer, name, immediate, high);
  else if (name.endsWith('.splat')) splat(writer, name.slice(0, 5));
  else if (name.includes('.extract_lane')) extractLane(writer, name, immediate);
  else if (name.endsWith('.replace_lane')) replaceLane(writer, name, immediate);
  else if (UNARY.test(name)) unary(writer, name);
  else if (SHIFT.test(name)) shift(writer, name);
  else if (/\.(all_true|bitmask)$/.test(name) || name === 'v128.any_true') reduction(writer, name);
  else if (/\.(extend|extmul)_/.test(name)) wider(writer, name);
  else if (/_zero$|_low_/.test(name)) fromOrToLow(writer, name);
  else special(writer, name, immediate);
}

function unary(writer: Writer, name: string): void {
  const upper = writer.take('i64');
  writer.op(name);
  writer.get(upper);
  writer.op(name);
  writer.vector();
}

function shift(writer: Writer, name: string): void {
  const count = writer.take('i32');
  const upper = writer.take('i64');
  writer.get(count);
  writer.op(name);
  writer.get(upper, count);
  writer.op(name);
  writer.vector();
}

function reduction(writer: Writer, name: string): void {
  if (name === 'v128.any_true') {
    writer.op('i64.or');
    writer.long(0n);
    writer.op('i64.ne');
    return;
  }
  const upper = writer.take('i64');
  writer.op(name);
  writer.get(upper);
  writer.op(name);
  if (name.endsWith('.bitmask')) {
    writer.op('i32.const', 64 / LANE_BITS[name.slice(0, 5)]);
    writer.op('i32.shl');
    writer.op('i32.or');
  } else writer.op('i32.and');
}

/** Of the halves of their operands one is taken, of which each half of the result takes a half. */
function wider(writer: Writer, name: string): void {
  const half = name.includes('_low_') ? 0 : 1;
  const operands = name.includes('.extmul_')
    ? [writer.takeVector(), writer.takeVector()].reverse()
    : [writer.takeVector()];
  for (const part of ['low', 'high']) {
    writer.get(...operands.map((operand) => operand[half]));
    writer.op(name.replace(/_(low|high)_/, `_${part}_`));
  }
  writer.vector();
}

/** Between lanes of four bytes in the low half, and of eight in both. */
function fromOrToLow(writer: Writer, name: string): void {
  if (name.endsWith('_zero')) {
    writer.op(name);
    writer.long(0n);
  } else {
    const [low] = writer.takeVector();
    writer.get(low);
    writer.op(name);
    writer.get(low);
    writer.long(32n);
    writer.op('i64.shr_u');
    writer.op(name);
  }
  writer.vector();
}

function special(writer: Writer, name: string, immediate: number): void {
  switch (name) {
    case 'v128.const': {
      const [a, b, c, d] = writer.tables[immediate];
      writer.op('i64.const', a, b);
      writer.op('i64.const', c, d);
      break;
    }
    case 'v128.not':
      for (const local of [...writer.takeVector()]) {
        writer.get(local);
        writer.long(-1n);
        writer.op('i64.xor');
      }
      break;
    case 'v128.bitselect': {
      const mask = writer.takeVector();
      const second = writer.takeVector();
      const first = writer.takeVector();
      for (const half of [0, 1]) {
        // The bits in which they differ, where the mask wants the first.
        writer.get(first[half], second[half]);
        writer.op('i64.xor');
        writer.get(mask[half]);
        writer.op('i64.and');
        writer.get(second[half]);
        writer.op('i64.xor');
      }
      break;
    }
    case 'i8x16.swizzle': {
      const indices = writer.takeVector();
      const from = writer.takeVector();
      for (const half of [0, 1]) {
        writer.get(...from, indices[half]);
        writer.op(name);
      }
      break;
    }
    case 'i8x16.shuffle': {
      const [a, b, c, d] = writer.tables[immediate];
      const second = writer.takeVector();
      const first = writer.takeVector();
      for (const [low, high] of [
        [a, b],
        [c, d],
      ]) {
        writer.get(...first, ...second);
        writer.op('i64.const', low, high);
        writer.op(name);
      }
      break;
    }
    default:
      binary(writer, name);
  }
  writer.vector();
}

function binary(writer: Writer, name: string): void {
  const second = writer.takeVector();
  const first = writer.takeVector();
  const isNarrow = name.includes('.narrow_');
  for (const half of [0, 1]) {
    if (isNarrow) writer.get(...(half === 0 ? first : second));
    else writer.get(first[half], second[half]);
    if (name === 'v128.andnot') {
      writer.long(-1n);
      writer.op('i64.xor');
      writer.op('i64.and');
    } else writer.op(BITWISE[name] ?? name);
  }
}
