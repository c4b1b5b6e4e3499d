/**
 * Graph to straight-line WebAssembly: one function per context.
 *
 * A node with several users is computed once, into a local; with one user, where it is used. What only the input of a
 * neuron needs is computed inside a test of its gate. What a function cannot handle (a tie between tokens that would
 * share, a key off its pattern) makes it return DEOPT: the plain pass then does this token.
 */

import { isInt } from '../graph/integers.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import type { Field } from '../run/heap.ts';
import { Arithmetic } from './arithmetic.ts';
import { emitEffect, streamAddress } from './effects.ts';
import { needsOf, type Surroundings } from './needs.ts';
import { findScopes, type Item, isEffect, type Scope, type Use } from './scopes.ts';
import { search } from './search.ts';
import { type Effect, ID, type Layout, T } from './surroundings.ts';
import { F64, I32, MEMORY, OP } from './wasm.ts';

export class Emitter extends Arithmetic {
  private readonly surroundings: Surroundings;
  private readonly save: boolean;
  private readonly ready: boolean;
  private uses: ReadonlyMap<Item, Use> = new Map();
  private root: Scope | undefined;
  private readonly locals = new Map<Node, number>();
  private readonly records = new Map<Node, number>();
  private readonly here: number;
  /** Nodes whose values were written to scratch memory. */
  readonly saved: Node[] = [];

  constructor(
    layout: Layout,
    surroundings: Surroundings,
    /** `save`: leave what is computed in scratch memory. `ready`: every key of every table has occurred. */
    { save, ready }: { save: boolean; ready: boolean },
  ) {
    super(layout);
    this.surroundings = surroundings;
    this.save = save;
    this.ready = ready;
    this.here = this.code.local(I32);
    this.code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(T).i32(1).op(OP.i32_shl, OP.i32_add).set(this.here);
  }

  /** Computes what `roots` and `effects` need; afterwards `push` gives the roots. */
  prepare(roots: readonly Node[], effects: readonly Effect[]): void {
    const { root, uses } = findScopes([...effects, ...roots], (item) => needsOf(item, this.surroundings));
    this.root = root;
    this.uses = uses;
    this.emitScope(root);
  }

  private emitScope(scope: Scope): void {
    const { code } = this;
    for (const item of scope.items) {
      if (isEffect(item)) emitEffect(this, item, () => this.inner(item));
      else if (item.kind === 'lookup') this.lookup(item, scope);
      else if (item.kind !== 'const' && this.uses.get(item)!.users > 1) {
        const int = isInt(item);
        this.compute(item);
        const local = code.local(int ? I32 : F64);
        code.set(local);
        this.locals.set(item, local);
        if (this.save && scope === this.root && !this.surroundings.available.has(item)) {
          code
            .i32(0)
            .get(local)
            .mem(int ? MEMORY.i32_store : MEMORY.f64_store, this.layout.scratch(item));
          this.saved.push(item);
        }
      }
    }
  }

  /** Computes what is used behind an item's gate only. */
  private inner(item: Item): void {
    const inner = this.uses.get(item)!.inner;
    if (inner) this.emitScope(inner);
  }

  /** Pushes the value of a node as f64. */
  push(node: Node): void {
    if (node.kind === 'const') this.code.f64(node.value);
    else {
      this.natural(node);
      if (isInt(node)) this.toFloat(node);
    }
  }

  /** Pushes the value of a node for which `isInt` holds as i32 (modulo 2^32). */
  pushInt(node: Node): void {
    if (node.kind === 'const') this.code.i32(node.value | 0);
    else this.natural(node);
  }

  /** Pushes a node as i32 (whose value fits, whatever its own type) or as f64. */
  pushAs(int: boolean, node: Node): void {
    if (!int) this.push(node);
    else if (isInt(node)) this.pushInt(node);
    else {
      this.push(node);
      this.code.toI64().op(OP.i32_wrap_i64);
    }
  }

  private natural(node: Node): void {
    const local = this.locals.get(node);
    if (local !== undefined) this.code.get(local);
    else this.compute(node);
  }

  /** Leaves the node's value in its own type: i32 if `isInt`, else f64. */
  private compute(node: Node): void {
    const { code, layout } = this;
    const int = isInt(node);
    if (this.surroundings.available.has(node)) {
      code.i32(0).mem(int ? MEMORY.i32_load : MEMORY.f64_load, layout.scratch(node));
      return;
    }
    const push = (part: Node) => (int ? this.pushInt(part) : this.push(part));
    switch (node.kind) {
      case 'feature':
        this.table(layout.featureTable(node.column), () => code.get(ID));
        return;
      case 'position':
        code.get(T);
        return;
      case 'lin':
        this.sum(
          node,
          (term) => this.pushInt(term),
          (term) => this.push(term),
        );
        return;
      case 'mul':
        push(node.a);
        push(node.b);
        code.op(int ? OP.i32_mul : OP.f64_mul);
        return;
      case 'product': {
        this.relu(node, push, () => {
          this.inner(node);
          push(node.up);
        });
        return;
      }
      case 'clamp':
        this.clamp(
          node,
          (x) => this.pushInt(x),
          (x) => this.push(x),
        );
        return;
      case 'entry':
        this.entry(node, () => this.pushAs(true, node.x));
        return;
      case 'mean':
      case 'sum':
        this.running(node.form);
        if (node.kind === 'mean') code.get(T).i32(1).op(OP.i32_add, OP.f64_convert_i32_u, OP.f64_div);
        return;
      case 'value':
        this.value(node.at, node.form, node);
        return;
      case 'distance':
        code.get(T).get(this.locals.get(node.at)!).op(OP.i32_sub);
        return;
      case 'square':
        code.get(T).op(OP.f64_convert_i32_u).get(T).op(OP.f64_convert_i32_u, OP.f64_mul);
        return;
      default:
        throw new RangeError(`${node.kind} is no number to compute`);
    }
  }

  /** The sum of `form` over all tokens: cells for even and odd positions, so that doing a token twice is harmless. */
  private running(form: Node): void {
    this.code.get(T).i32(1).op(OP.i32_and).i32(3).op(OP.i32_shl).mem(MEMORY.f64_load, this.layout.sumCell(form));
  }

  /** Where the token that a look-up found stands: a local. */
  target(node: LookupNode): number {
    return this.locals.get(node)!;
  }

  /** The value of `form` at the token found, in the type of `node`. */
  private value(at: LookupNode, form: Node, node: Node): void {
    const { code, layout } = this;
    const { lookup } = at;
    if (lookup.kind === 'shift' && form.local) {
      this.remote(
        form,
        lookup.back,
        () => code.get(this.here),
        () => code.get(T),
      );
      return;
    }
    let target = this.locals.get(at)!;
    if (lookup.kind === 'shift') {
      target = code.local(I32);
      code
        .get(T)
        .i32(lookup.back)
        .op(OP.i32_sub)
        .tee(target)
        .i32(0)
        .get(target)
        .i32(0)
        .op(OP.i32_gt_s, OP.select)
        .set(target);
    }
    if (lookup.kind === 'table') {
      const table = layout.keyTable(at, form);
      const int = isInt(node);
      if ('factor' in table) {
        code.get(target);
        if (int) code.i32(table.factor).op(OP.i32_mul);
        else code.op(OP.f64_convert_i32_u).f64(table.factor).op(OP.f64_mul);
      } else {
        this.table(table, () => code.get(target));
        if (!int && !table.float) code.op(OP.f64_convert_i32_s);
      }
      return;
    }
    if (lookup.kind === 'few') {
      this.byId(form, () => code.get(target));
      this.whole(form, node);
      return;
    }
    if (form.local) {
      this.remote(
        form,
        0,
        () => code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(target).i32(1).op(OP.i32_shl, OP.i32_add),
        () => code.get(target),
      );
      this.whole(form, node);
      return;
    }
    const own = (field: Field) => {
      code.op(OP.else);
      this.inner(node);
      this.pushAs(field.int, this.surroundings.ownForm(form));
      code.op(OP.end);
      this.whole(form, node);
    };
    const type = (field: Field) => (field.int ? I32 : F64);
    const load = (field: Field) => (field.int ? MEMORY.i32_load : MEMORY.f64_load);
    if (lookup.kind === 'address') {
      const record = this.records.get(at)!;
      const field = layout.recordField(lookup.group, layout.storedIndex(lookup.group, form));
      // This token's own record gets its values when everything is computed.
      code.get(target).get(T).op(OP.i32_ne).if(type(field)).get(record).mem(load(field), field.offset);
      own(field);
      return;
    }
    // The stream has this token's own value only when the pass is over.
    const { cell, field } = layout.stream(form);
    code.get(target).get(T).op(OP.i32_ne).if(type(field));
    streamAddress(this, cell, field, target);
    code.mem(load(field));
    own(field);
  }

  /** Makes a float of an integer on the stack, where a look-up may also bring a mean of such integers. */
  private whole(form: Node, node: Node): void {
    if (isInt(form) && !isInt(node)) this.toFloat(form);
  }

  private lookup(node: LookupNode, scope: Scope): void {
    const { code, layout } = this;
    const { lookup } = node;
    const target = code.local(I32);
    this.locals.set(node, target);
    const record = lookup.kind === 'address' ? code.local(I32) : -1;
    if (record >= 0) this.records.set(node, record);
    if (this.surroundings.available.has(node)) {
      code.i32(0).mem(MEMORY.i32_load, layout.scratch(node)).set(target);
      if (record >= 0)
        code
          .i32(0)
          .mem(MEMORY.i32_load, layout.scratch(node) + 4)
          .set(record);
      return;
    }
    search(this, node, target, record, this.ready);
    if (this.save && scope === this.root) {
      code.i32(0).get(target).mem(MEMORY.i32_store, layout.scratch(node));
      if (record >= 0)
        code
          .i32(0)
          .get(record)
          .mem(MEMORY.i32_store, layout.scratch(node) + 4);
      this.saved.push(node);
    }
  }
}
