/** How a query finds its token: an index for position and table heads, a directory for address heads. */

import { isInt } from '../graph/integers.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import { call } from './calls.ts';
import { RECORD } from './memory-map.ts';
import type { Layout } from './surroundings.ts';
import { T } from './surroundings.ts';
import { type Code, F64, I32, MEMORY, OP } from './wasm.ts';

/** What a search needs of the emitter: to push numbers, and to give up. */
export interface Pusher {
  readonly code: Code;
  readonly layout: Layout;
  push(node: Node): void;
  pushInt(node: Node): void;
  deopt(): void;
}

/**
 * Sets `target` to the position of the token that a look-up finds, and `record` to its record in an address group.
 * `ready`: every key of every table has occurred; until then the graph pass does what needs a table.
 */
export function search(e: Pusher, node: LookupNode, target: number, record: number, ready: boolean): void {
  const { code, layout } = e;
  const { lookup, x, y } = node;
  const found = () => {
    code.tee(target).i32(0).op(OP.i32_lt_s);
    e.deopt();
  };
  switch (lookup.kind) {
    case 'flag':
      code.i32(0).mem(MEMORY.i32_load, layout.flagCell(lookup));
      found();
      return;
    case 'position':
      nearest(e, target, node, lookup.latest, () => code.get(T));
      return;
    case 'table':
      if (!ready) {
        code.i32(1);
        e.deopt();
      }
      nearest(e, target, node, false, () => code.i32(lookup.ids.length - 1));
      return;
    case 'few':
      code.i32(lookup.id);
      e.push(x);
      e.push(y);
      call(code, 'few');
      found();
      return;
    case 'address':
      address(e, node, lookup.group, target, record);
      return;
    case 'general':
      code.i32(lookup.group).get(T);
      e.push(x);
      e.push(y);
      call(code, 'general');
      found();
      return;
    default:
      throw new RangeError('no search finds this');
  }
}

/**
 * Sets `target` to ⌊x/y + ½⌋, held between 0 and a limit. DEOPT where y is not positive or where two keys tie
 * (unless the latest wins).
 */
function nearest(e: Pusher, target: number, { x, y }: LookupNode, latest: boolean, most: () => void): void {
  const { code } = e;
  const plain = y.kind === 'const' && y.value === 1;
  if (plain && isInt(x) && x.hi < 2 ** 31) e.pushInt(x);
  else if (plain && x.integer) {
    e.push(x);
    code.toI32();
  } else {
    quotient(e, x, y, plain, latest);
    code.toI32();
  }
  code.set(target);
  if (!plain || x.lo < 0) code.get(target).i32(0).get(target).i32(0).op(OP.i32_gt_s, OP.select).set(target);
  code.get(target);
  most();
  code.get(target);
  most();
  code.op(OP.i32_lt_s, OP.select).set(target);
}

function quotient(e: Pusher, x: Node, y: Node, plain: boolean, latest: boolean): void {
  const { code } = e;
  const sum = code.local(F64);
  const floor = code.local(F64);
  e.push(x);
  if (y.kind === 'const' && y.value > 0 && Number.isInteger(Math.log2(y.value))) {
    if (!plain) code.f64(1 / y.value).op(OP.f64_mul);
  } else {
    const divisor = code.local(F64);
    e.push(y);
    code.tee(divisor).op(OP.f64_div);
    if (y.lo <= 0) {
      code.get(divisor).f64(0).op(OP.f64_gt, OP.i32_eqz);
      e.deopt();
    }
  }
  code.f64(0.5).op(OP.f64_add).tee(sum).op(OP.f64_floor).set(floor);
  if (!(plain && latest)) {
    // Nearer to the border between two keys than rounding can tell: let the graph pass compare the scores.
    code
      .get(sum)
      .get(floor)
      .op(OP.f64_sub)
      .f64(2 ** -36)
      .op(OP.f64_lt);
    if (!plain)
      code
        .get(sum)
        .get(floor)
        .op(OP.f64_sub)
        .f64(1 - 2 ** -36)
        .op(OP.f64_gt, OP.i32_or);
    e.deopt();
  }
  code.get(floor);
}

/** Sets `target` and `record` to the latest token, and its record, that wrote the key nearest to x; record 0 is none. */
function address(e: Pusher, { x }: LookupNode, group: number, target: number, record: number): void {
  const { code, layout } = e;
  const a = code.local(I32);
  let value = -1;
  if (isInt(x) && x.hi < 2 ** 31) {
    e.pushInt(x);
    code.set(a);
  } else {
    value = code.local(F64);
    e.push(x);
    code.tee(value).toI32().set(a);
    if (!x.integer) {
      code.get(a).op(OP.f64_convert_i32_s).get(value).op(OP.f64_ne);
      e.deopt();
    }
  }
  const find = () => {
    code.get(a).i32(12).op(OP.i32_shr_u).i32(2).op(OP.i32_shl).mem(MEMORY.i32_load, layout.directory(group));
    code.get(a).i32(4095).op(OP.i32_and).i32(3).op(OP.i32_shl, OP.i32_add).mem(MEMORY.i32_load);
  };
  if (x.lo >= 0 && x.hi < 2 ** 26) find();
  else {
    code
      .get(a)
      .i32(2 ** 26)
      .op(OP.i32_lt_u)
      .if(I32);
    find();
    code.op(OP.else).i32(0).op(OP.end);
  }
  code.tee(record).op(OP.i32_eqz).if();
  code.i32(group);
  if (value >= 0) code.get(value);
  else code.get(a).op(OP.f64_convert_i32_s);
  call(code, 'miss').tee(record).i32(0).op(OP.i32_lt_s);
  e.deopt();
  code.op(OP.end);
  code.get(record).if(I32).get(record).mem(MEMORY.i32_load, RECORD.position);
  code.op(OP.else).get(T).op(OP.end).set(target);
}
