/** Lanes of vectors that are halves: taken out, put in, and all the same. */
import type { Writer } from './writer.ts';

/** Bits of a lane, by shape. */
export const LANE_BITS: Readonly<Record<string, number>> = {
  i8x16: 8,
  i16x8: 16,
  i32x4: 32,
  i64x2: 64,
  f32x4: 32,
  f64x2: 64,
};

/** Puts the number on top, of the type of the shape's lanes, into every lane. */
export function splat(writer: Writer, shape: string): void {
  widen(writer, shape);
  const bits = LANE_BITS[shape];
  if (bits < 64) {
    writer.long(0xffff_ffff_ffff_ffffn / ((1n << BigInt(bits)) - 1n));
    writer.op('i64.mul');
  }
  const half = writer.take('i64');
  writer.get(half, half);
  writer.vector();
}

/** The number of a lane as one of eight bytes with nothing above it. */
function widen(writer: Writer, shape: string): void {
  if (shape === 'f64x2') writer.op('i64.reinterpret_f64');
  if (shape === 'f32x4') writer.op('i32.reinterpret_f32');
  const bits = LANE_BITS[shape];
  if (bits === 64) return;
  writer.op('i64.extend_i32_u');
  if (bits === 32) return;
  writer.long((1n << BigInt(bits)) - 1n);
  writer.op('i64.and');
}

/** Which half a lane is in, and how far up. */
function placeOf(shape: string, lane: number): { half: number; shift: bigint } {
  const at = lane * LANE_BITS[shape];
  return { half: at >> 6, shift: BigInt(at & 63) };
}

/** `name` as `i8x16.extract_lane_s`. */
export function extractLane(writer: Writer, name: string, lane: number): void {
  const shape = name.slice(0, 5);
  const { half, shift } = placeOf(shape, lane);
  const vector = writer.takeVector();
  writer.get(vector[half]);
  if (shift > 0n) {
    writer.long(shift);
    writer.op('i64.shr_u');
  }
  if (shape === 'f64x2') writer.op('f64.reinterpret_i64');
  const bits = LANE_BITS[shape];
  if (bits === 64) return;
  writer.op('i32.wrap_i64');
  if (shape === 'f32x4') writer.op('f32.reinterpret_i32');
  if (bits === 32) return;
  if (name.endsWith('_s')) {
    writer.op(`i32.extend${bits}_s`);
  } else {
    writer.op('i32.const', (1 << bits) - 1);
    writer.op('i32.and');
  }
}

/** `name` begins with the shape. */
export function replaceLane(writer: Writer, name: string, lane: number): void {
  const shape = name.slice(0, 5);
  const { half, shift } = placeOf(shape, lane);
  widen(writer, shape);
  const value = writer.take('i64');
  const vector = writer.takeVector();
  for (const part of [0, 1]) {
    if (part !== half) writer.get(vector[part]);
    else if (LANE_BITS[shape] === 64) writer.get(value);
    else {
      writer.get(vector[part]);
      writer.long(~(((1n << BigInt(LANE_BITS[shape])) - 1n) << shift));
      writer.op('i64.and');
      writer.get(value);
      writer.long(shift);
      writer.op('i64.shl');
      writer.op('i64.or');
    }
  }
  writer.vector();
}
