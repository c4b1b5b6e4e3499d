/** What happens once per token besides its logits: running sums, flags, streams, records under keys. */

import { isInt } from '../graph/integers.ts';
import type { Node } from '../graph/node.ts';
import { call } from './calls.ts';
import { type Field, GROUP, RECORD, STREAM } from './memory-map.ts';
import type { Pusher } from './search.ts';
import { type Effect, T } from './surroundings.ts';
import { F64, I32, MEMORY, OP } from './wasm.ts';

/** Has it happen. `inner` computes what only a record's values need. */
export function emitEffect(e: Pusher, effect: Effect, inner: () => void): void {
  const { code, layout } = e;
  switch (effect.kind) {
    case 'flag':
      code.i32(0).get(T).mem(MEMORY.i32_store, layout.flagCell(effect.lookup));
      return;
    case 'sum': {
      code.get(T).i32(1).op(OP.i32_and).i32(3).op(OP.i32_shl);
      code.get(T).i32(1).op(OP.i32_and).i32(1).op(OP.i32_xor).i32(3).op(OP.i32_shl);
      code.mem(MEMORY.f64_load, layout.sumCell(effect.form));
      if (effect.value.kind !== 'const' || effect.value.value !== 0) {
        e.push(effect.value);
        code.op(OP.f64_add);
      }
      code.mem(MEMORY.f64_store, layout.sumCell(effect.form));
      return;
    }
    case 'stream': {
      const { cell, field } = layout.stream(effect.form);
      streamAddress(e, cell, field, T);
      store(e, field, effect.value, 0);
      return;
    }
    case 'insert':
      insert(e, effect);
      return;
    case 'store':
      storeValues(e, effect, inner);
  }
}

function insert(e: Pusher, effect: Extract<Effect, { kind: 'insert' }>): void {
  const { code } = e;
  const { group, keyX, keyY } = effect;
  if (group.kind === 'general') {
    code.i32(group.index).get(T);
    e.push(keyX);
    e.push(keyY);
    call(code, 'generalInsert').op(OP.drop);
    return;
  }
  if (isSquare(keyX, keyY) && keyX.lo >= 0 && keyX.hi <= 2 * group.limit) {
    code.i32(group.index);
    e.pushInt(keyX);
    code.i32(1).op(OP.i32_shr_u).get(T);
    call(code, 'insert').op(OP.drop);
    return;
  }
  const [x, y, a] = [code.local(F64), code.local(F64), code.local(F64)];
  const index = code.local(I32);
  e.push(keyX);
  code.set(x);
  e.push(keyY);
  code.set(y);
  code.get(x).f64(group.low[0]).op(OP.f64_ne).get(y).f64(group.low[1]).op(OP.f64_ne, OP.i32_or).if();
  code.get(x).f64(0.5).op(OP.f64_mul).tee(a).toI32().tee(index).op(OP.f64_convert_i32_s).get(a).op(OP.f64_ne);
  code.get(y).get(a).get(a).op(OP.f64_mul, OP.f64_neg, OP.f64_ne, OP.i32_or);
  code
    .get(index)
    .i32(group.limit + 1)
    .op(OP.i32_lt_u, OP.i32_eqz, OP.i32_or);
  e.deopt();
  code.i32(group.index).get(index).get(T);
  call(code, 'insert').op(OP.drop, OP.end);
}

/** Stores what a record holds besides its key, if this token left one. */
function storeValues(e: Pusher, { group, values }: Extract<Effect, { kind: 'store' }>, inner: () => void): void {
  const { code, layout } = e;
  const record = code.local(I32);
  code
    .i32(0)
    .mem(MEMORY.i32_load, layout.groupCell(group.index) + GROUP.last)
    .tee(record)
    .if();
  code.get(record).mem(MEMORY.i32_load, RECORD.position).get(T).op(OP.i32_eq).if();
  inner();
  values.forEach((value, i) => {
    const field = layout.recordField(group.index, i);
    code.get(record);
    store(e, field, value, field.offset);
  });
  code.op(OP.end, OP.end);
}

/** Stores a number in its field's type; the address is on the stack. */
function store(e: Pusher, { int }: Field, value: Node, offset: number): void {
  if (!int) e.push(value);
  else if (isInt(value)) e.pushInt(value);
  else {
    // Integers outside the range of i32 wrap, as they do in sums.
    e.push(value);
    e.code.toI64().op(OP.i32_wrap_i64);
  }
  e.code.mem(int ? MEMORY.i32_store : MEMORY.f64_store, offset);
}

/** Pushes where a stream holds what a position left. */
export function streamAddress({ code }: Pusher, cell: number, { int }: Field, position: number): void {
  code.get(position).i32(STREAM.bits).op(OP.i32_shr_u).i32(2).op(OP.i32_shl).mem(MEMORY.i32_load, cell);
  code
    .get(position)
    .i32(2 ** STREAM.bits - 1)
    .op(OP.i32_and)
    .i32(int ? 2 : 3)
    .op(OP.i32_shl, OP.i32_add);
}

/** True when the keys are 2K and -K². */
function isSquare(x: Node, y: Node): boolean {
  if (x.kind !== 'lin' || y.kind !== 'lin' || y.terms.length !== 1 || y.weights[0] !== -1 || y.constant !== 0)
    return false;
  const [square] = y.terms;
  if (!isInt(x) || square.kind !== 'mul' || square.a !== square.b) return false;
  const root = square.a;
  if (root.kind === 'lin' && x.terms.length === root.terms.length) {
    return (
      x.constant === 2 * root.constant &&
      x.terms.every((term, i) => term === root.terms[i] && x.weights[i] === 2 * root.weights[i])
    );
  }
  return x.constant === 0 && x.terms.length === 1 && x.terms[0] === root && x.weights[0] === 2;
}
