/** The greatest logit in generated code, by the shape of the unembedding (unembed.ts). */

import type { Unembedding } from '../analysis/unembed.ts';
import { isInt } from '../graph/integers.ts';
import type { Node } from '../graph/node.ts';
import type { Emitter } from './emit.ts';
import { F64, I32, MEMORY, OP } from './wasm.ts';

/** Leaves the next token on the stack. `table`: address of its id by kind and byte. */
export function nextToken(
  emitter: Emitter,
  { least, kinds, width, bound }: Unembedding,
  u: Node,
  x: Node,
  table: number,
): void {
  const { code } = emitter;
  const kind = code.local(I32);
  if (isInt(u)) {
    emitter.pushInt(u);
    code.i32(least).op(OP.i32_sub).set(kind);
  } else {
    const value = code.local(F64);
    emitter.push(u);
    code.tee(value).f64(least).op(OP.f64_sub).toI32().tee(kind).op(OP.f64_convert_i32_s).f64(least).op(OP.f64_add);
    code.get(value).op(OP.f64_ne);
    emitter.deopt();
  }
  if (u.lo < least || u.hi >= least + kinds) {
    code.get(kind).i32(kinds).op(OP.i32_lt_u, OP.i32_eqz);
    emitter.deopt();
  }
  const byte = roundedByte(emitter, x, bound);
  if (x.lo < 0) code.get(byte).i32(0).get(byte).i32(0).op(OP.i32_gt_s, OP.select).set(byte);
  const last = width - 1;
  code.get(byte).i32(last).get(byte).i32(last).op(OP.i32_lt_s, OP.select);
  code.get(kind).i32(width).op(OP.i32_mul, OP.i32_add).i32(1).op(OP.i32_shl);
  const token = code.local(I32);
  code.mem(MEMORY.i32_load16_u, table).tee(token).i32(0xffff).op(OP.i32_eq);
  emitter.deopt();
  code.get(token);
}

/** A local with the integer nearest to x; DEOPT where two are, and where x could outweigh a kind. */
function roundedByte(emitter: Emitter, x: Node, bound: number): number {
  const { code } = emitter;
  const byte = code.local(I32);
  if (isInt(x) && x.hi < Math.min(bound, 2 ** 31) && x.lo > -bound) {
    emitter.pushInt(x);
    code.set(byte);
    return byte;
  }
  const result = code.local(F64);
  emitter.push(x);
  code.tee(result).op(OP.f64_abs).f64(bound).op(OP.f64_lt, OP.i32_eqz);
  emitter.deopt();
  if (!x.integer) {
    const floor = code.local(F64);
    code.get(result).f64(0.5).op(OP.f64_add).tee(result).op(OP.f64_floor).tee(floor).get(result).op(OP.f64_eq);
    emitter.deopt();
    code.get(floor).set(result);
  }
  code.get(result).toI32().set(byte);
  return byte;
}
