/** Loads and stores of vectors: where any byte lies outside of memory, nothing is written. */
import { extractLane, replaceLane, splat } from './lanes.ts';
import type { Writer } from './writer.ts';

const HALF = 8;
/** Nothing lies there, whatever is added. */
const OUTSIDE = 0xffff_ffff;

/** Loads of a number of so many bits. */
const LOADS: Readonly<Record<string, string>> = {
  8: 'i32.load8_u',
  16: 'i32.load16_u',
  32: 'i32.load',
  64: 'i64.load',
};
const STORES: Readonly<Record<string, string>> = {
  8: 'i32.store8',
  16: 'i32.store16',
  32: 'i32.store',
  64: 'i64.store',
};
const SHAPES: Readonly<Record<string, string>> = { 8: 'i8x16', 16: 'i16x8', 32: 'i32x4', 64: 'i64x2' };
/** Lanes that a load makes wider. */
const WIDER: Readonly<Record<string, string>> = {
  '8x8': 'i16x8.extend_half_i8x16',
  '16x4': 'i32x4.extend_half_i16x8',
  '32x2': 'i64x2.extend_half_i32x4',
};

export function expandAccess(writer: Writer, name: string, immediate: number, memory: number): void {
  const lane = /^v128\.(load|store)(\d+)_lane$/.exec(name);
  if (lane) {
    const [offset, number] = writer.tables[immediate];
    if (lane[1] === 'load') loadLane(writer, lane[2], number, offset, memory);
    else storeLane(writer, lane[2], number, offset, memory);
  } else if (name === 'v128.store') {
    const [low, high] = writer.takeVector();
    const address = writer.take('i32');
    // The upper half first: if it is inside, so is the lower.
    writer.get(address, high);
    writer.op('i64.store', upper(immediate), memory);
    writer.get(address, low);
    writer.op('i64.store', immediate, memory);
  } else load(writer, name, immediate, memory);
}

function upper(offset: number): number {
  return Math.min((offset >>> 0) + HALF, OUTSIDE) | 0;
}

function load(writer: Writer, name: string, offset: number, memory: number): void {
  const [, size = '', what = ''] = /^v128\.load([\dx]*)_?(.*)$/.exec(name) ?? [];
  if (size === '') {
    const address = writer.take('i32');
    writer.get(address);
    writer.op('i64.load', offset, memory);
    writer.get(address);
    writer.op('i64.load', upper(offset), memory);
    writer.vector();
  } else if (what === 'splat') {
    writer.op(LOADS[size], offset, memory);
    splat(writer, SHAPES[size]);
  } else if (what === 'zero') {
    writer.op(size === '32' ? 'i64.load32_u' : 'i64.load', offset, memory);
    writer.long(0n);
    writer.vector();
  } else {
    writer.op('i64.load', offset, memory);
    const half = writer.take('i64');
    for (const part of ['low', 'high']) {
      writer.get(half);
      writer.op(`${WIDER[size].replace('half', part)}_${what}`);
    }
    writer.vector();
  }
}

function loadLane(writer: Writer, bits: string, lane: number, offset: number, memory: number): void {
  const [low, high] = writer.takeVector();
  const address = writer.take('i32');
  writer.get(low, high, address);
  writer.op(LOADS[bits], offset, memory);
  replaceLane(writer, SHAPES[bits], lane);
}

function storeLane(writer: Writer, bits: string, lane: number, offset: number, memory: number): void {
  extractLane(writer, SHAPES[bits], lane);
  writer.op(STORES[bits], offset, memory);
}
