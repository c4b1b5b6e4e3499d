/**
 * Sums, products and clamps as WebAssembly, in integers where they are integers; and forms that are computed again at
 * another token.
 */

import { fits, isInt } from '../graph/integers.ts';
import { MAX_SHIFT } from '../graph/lookup.ts';
import type { Node, NodeOf } from '../graph/node.ts';
import { DEOPT, type Layout, type TableAt } from './surroundings.ts';
import { Code, F64, I32, MEMORY, OP } from './wasm.ts';

/** Makes an index, held inside a table of so many entries, of the i32 on the stack, which is the integer x. */
export function indexInto(code: Code, x: Node, first: number, entries: number): void {
  const last = entries - 1;
  if (first !== 0) code.i32(first).op(OP.i32_sub);
  const hold = (limit: number, outside: number) => {
    const index = code.local(I32);
    code.set(index).get(index).i32(limit).get(index).i32(limit).op(outside, OP.select);
  };
  if (x.lo < first) hold(0, OP.i32_gt_s);
  if (x.hi > first + last) hold(last, OP.i32_lt_s);
}

export class Arithmetic {
  readonly code = new Code(2);
  readonly layout: Layout;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Leaves the token to the graph pass. */
  giveUp(): void {
    this.code.i32(DEOPT).op(OP.return);
    this.code.i32(0);
  }

  /** Leaves the token to the graph pass if the number on the stack is not 0. */
  deopt(): void {
    this.code.if().i32(DEOPT).op(OP.return, OP.end);
  }

  protected toFloat(node: Node): void {
    this.code.op(node.lo < 0 ? OP.f64_convert_i32_s : OP.f64_convert_i32_u);
  }

  /** A sum, in its own type; where it is f64, the integers among its terms are added as such. */
  protected sum(node: NodeOf<'lin'>, pushInt: (term: Node) => void, pushFloat: (term: Node) => void): void {
    const ints = node.terms.map((term, i) => isInt(term) && Number.isInteger(node.weights[i]));
    if (isInt(node)) {
      this.intSum(node.constant, node.terms, node.weights, pushInt);
      return;
    }
    const { code } = this;
    const [terms, weights] = [node.terms.filter((_, i) => ints[i]), node.weights.filter((_, i) => ints[i])];
    const constant = Number.isInteger(node.constant) ? node.constant : 0;
    let [lo, hi] = [constant, constant];
    terms.forEach((term, i) => {
      lo += Math.min(weights[i] * term.lo, weights[i] * term.hi);
      hi += Math.max(weights[i] * term.lo, weights[i] * term.hi);
    });
    const together = terms.length > 1 && fits(lo, hi);
    let first = true;
    if (together) {
      this.intSum(constant, terms, weights, pushInt);
      code.op(lo < 0 ? OP.f64_convert_i32_s : OP.f64_convert_i32_u);
      first = false;
    }
    const rest = together && constant === node.constant ? 0 : node.constant;
    if (rest !== 0) {
      code.f64(rest);
      if (!first) code.op(OP.f64_add);
      first = false;
    }
    node.terms.forEach((term, i) => {
      if (together && ints[i]) return;
      const weight = node.weights[i];
      pushFloat(term);
      if (weight !== 1 && (weight !== -1 || first)) code.f64(weight).op(OP.f64_mul);
      if (!first) code.op(weight === -1 ? OP.f64_sub : OP.f64_add);
      first = false;
    });
  }

  protected intSum(
    constant: number,
    terms: readonly Node[],
    weights: readonly number[],
    push: (term: Node) => void,
  ): void {
    const { code } = this;
    let first = true;
    terms.forEach((term, i) => {
      const weight = weights[i];
      push(term);
      const power = Math.log2(Math.abs(weight));
      if (Math.abs(weight) !== 1) {
        if (Number.isInteger(power)) code.i32(power).op(OP.i32_shl);
        else code.i32(Math.abs(weight) | 0).op(OP.i32_mul);
      }
      if (first && weight < 0) code.i32(-1).op(OP.i32_mul);
      if (!first) code.op(weight < 0 ? OP.i32_sub : OP.i32_add);
      first = false;
    });
    if (constant !== 0) code.i32(constant | 0).op(OP.i32_add);
  }

  /** relu(gate) · up in the node's own type; `up` is computed where the gate is open only. */
  protected relu(node: NodeOf<'product'>, push: (part: Node) => void, up: () => void): void {
    const { code } = this;
    const int = isInt(node);
    const type = int ? I32 : F64;
    const gate = code.local(type);
    push(node.gate);
    if (int)
      code
        .tee(gate)
        .i32(0)
        .op(node.gate.lo < 0 ? OP.i32_gt_s : OP.i32_ne);
    else code.tee(gate).f64(0).op(OP.f64_gt);
    code.if(type).get(gate);
    if (node.up.kind !== 'const' || node.up.value !== 1) {
      up();
      code.op(int ? OP.i32_mul : OP.f64_mul);
    }
    code.op(OP.else);
    if (int) code.i32(0);
    else code.f64(0);
    code.op(OP.end);
  }

  /** min(max(x, 0), limit), by comparisons: f64.min and f64.max have NaN to care for. */
  protected clamp(node: NodeOf<'clamp'>, pushInt: (x: Node) => void, pushFloat: (x: Node) => void): void {
    const { code } = this;
    const { x, limit } = node;
    if (isInt(x)) {
      pushInt(x);
      if (limit === 1) {
        code.i32(0).op(x.lo < 0 ? OP.i32_gt_s : OP.i32_ne);
        return;
      }
      const value = code.local(I32);
      code.set(value);
      if (x.lo < 0) code.get(value).i32(0).get(value).i32(0).op(OP.i32_gt_s, OP.select).set(value);
      code.get(value).i32(limit).get(value).i32(limit).op(OP.i32_lt_u, OP.select);
      if (!isInt(node)) this.toFloat(node);
      return;
    }
    pushFloat(x);
    if (limit === 1 && x.integer) {
      code.f64(0).op(OP.f64_gt);
      return;
    }
    const value = code.local(F64);
    code.set(value);
    if (x.lo < 0) code.get(value).f64(0).get(value).f64(0).op(OP.f64_gt, OP.select).set(value);
    code.get(value).f64(limit).get(value).f64(limit).op(OP.f64_lt, OP.select);
  }

  /** Leaves an entry in the table's type. */
  protected table({ address, load, shift }: TableAt, index: () => void): void {
    const { code } = this;
    index();
    if (shift > 0) code.i32(shift).op(OP.i32_shl);
    code.mem(load, address);
  }

  /** An entry of a table in its own type; `index` pushes the integer x as i32. */
  protected entry(node: NodeOf<'entry'>, index: () => void): void {
    const { x, table } = node;
    this.table(this.layout.entryTable(node), () => {
      index();
      indexInto(this.code, x, table.first, table.values.length);
    });
  }

  /** A function of the token whose id `index` pushes, in its own type. */
  protected byId(form: Node, index: () => void): void {
    if (form.kind === 'feature') this.table(this.layout.featureTable(form.column), index);
    else if (form.kind === 'lin')
      this.sum(
        form,
        (term) => this.byId(term, index),
        (term) => this.byIdFloat(term, index),
      );
    else throw new RangeError('not a function of the token');
  }

  protected byIdFloat(form: Node, index: () => void): void {
    this.byId(form, index);
    if (isInt(form)) this.toFloat(form);
  }

  /**
   * A local form at another token, in its own type: `address` pushes where that token lies, less the copies before
   * the first; `position` its position.
   */
  protected remote(form: Node, back: number, address: () => void, position: () => void): void {
    const { code, layout } = this;
    const int = isInt(form);
    const again = (part: Node) => {
      if (part.kind === 'const') code.i32(part.value | 0);
      else this.remote(part, back, address, position);
    };
    const float = (part: Node) => {
      if (part.kind === 'const') code.f64(part.value);
      else {
        again(part);
        if (isInt(part)) this.toFloat(part);
      }
    };
    const own = int ? again : float;
    switch (form.kind) {
      case 'feature':
        this.table(layout.featureTable(form.column), () => {
          address();
          code.mem(MEMORY.i32_load16_u, 2 * (MAX_SHIFT - back));
        });
        return;
      case 'position':
      case 'square': {
        position();
        if (back > 0) {
          const p = code.local(I32);
          code.i32(back).op(OP.i32_sub).tee(p).i32(0).get(p).i32(0).op(OP.i32_gt_s, OP.select);
        }
        if (form.kind === 'square') {
          const p = code.local(F64);
          code.op(OP.f64_convert_i32_s).tee(p).get(p).op(OP.f64_mul);
        }
        return;
      }
      case 'lin':
        this.sum(form, again, float);
        return;
      case 'mul':
        own(form.a);
        own(form.b);
        code.op(int ? OP.i32_mul : OP.f64_mul);
        return;
      case 'product':
        this.relu(form, own, () => own(form.up));
        return;
      case 'clamp':
        this.clamp(form, again, float);
        return;
      case 'entry':
        this.entry(form, () => again(form.x));
        return;
      case 'value':
        if (form.at.lookup.kind !== 'shift') break;
        this.remote(form.form, back + form.at.lookup.back, address, position);
        return;
    }
    throw new RangeError('not a local form');
  }
}
