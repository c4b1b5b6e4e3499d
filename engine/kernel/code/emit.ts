/**
 * Graph to straight-line WebAssembly: one function per context.
 *
 * A node with several users is computed once, into a local; with one user, where it is used. What only the input of a
 * neuron needs is computed inside a test of its gate. What a function cannot handle (a tie between tokens that would
 * share, a key off its pattern) makes it return DEOPT: the graph pass (run/graph-pass.ts) then does this
 * token.
 */

import { isInt } from '../graph/integers.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import { Arithmetic } from './arithmetic.ts';
import { emitEffect, streamAddress } from './effects.ts';
import { needsOf, type Present } from './needs.ts';
import { findScopes, type Item, isEffect, type Scope, type Use } from './scopes.ts';
import { search } from './search.ts';
import { type Effect, ID, type Layout, T } from './surroundings.ts';
import { F64, I32, MEMORY, OP } from './wasm.ts';

export class Emitter extends Arithmetic {
  private readonly present: Present;
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
    present: Present,
    /** `save`: leave what is computed in scratch memory. `ready`: every key of every table has occurred. */
    { save, ready }: { save: boolean; ready: boolean },
  ) {
    super(layout);
    this.present = present;
    this.save = save;
    this.ready = ready;
    this.here = this.code.local(I32);
    this.code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(T).i32(1).op(OP.i32_shl, OP.i32_add).set(this.here);
  }

  /** Computes what `roots` and `effects` need; afterwards `push` gives the roots. */
  prepare(roots: readonly Node[], effects: readonly Effect[]): void {
    const { root, uses } = findScopes([...effects, ...roots], (item) => needsOf(item, this.present));
    this.root = root;
    this.uses = uses;
    this.emitScope(root);
  }

  /** What the function computes and has happen. */
  get items(): ReadonlySet<Item> {
    return new Set(this.uses.keys());
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
        if (this.save && scope === this.root && !this.present.available.has(item)) {
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
    if (this.present.available.has(node)) {
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
    if (lookup.kind === 'table') {
      this.keyed(at, form, isInt(node));
      return;
    }
    const target = lookup.kind === 'shift' ? this.shifted(lookup.back) : this.target(at);
    if (lookup.kind === 'few') this.byId(form, () => code.get(target));
    else if (form.local) {
      this.remote(
        form,
        0,
        () => code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(target).i32(1).op(OP.i32_shl, OP.i32_add),
        () => code.get(target),
      );
    } else this.stored(at, target, form, node);
    this.whole(form, node);
  }

  /** A local with the position `back` places before. */
  private shifted(back: number): number {
    const { code } = this;
    const target = code.local(I32);
    code.get(T).i32(back).op(OP.i32_sub).tee(target).i32(0).get(target).i32(0).op(OP.i32_gt_s, OP.select).set(target);
    return target;
  }

  /** A function of the token's id by the number of its key in a table. */
  private keyed(at: LookupNode, form: Node, int: boolean): void {
    const { code } = this;
    const table = this.layout.keyTable(at, form);
    const key = this.target(at);
    if ('factor' in table) {
      code.get(key);
      if (int) code.i32(table.factor).op(OP.i32_mul);
      else code.op(OP.f64_convert_i32_u).f64(table.factor).op(OP.f64_mul);
      return;
    }
    this.table(table, () => code.get(key));
    if (!int && !table.float) code.op(OP.f64_convert_i32_s);
  }

  /** What the token at `target` has stored in its record or in a stream; for the current token, which will, `form` itself. */
  private stored(at: LookupNode, target: number, form: Node, node: Node): void {
    const { code, layout } = this;
    const { lookup } = at;
    const record = lookup.kind === 'address';
    const stream = record ? undefined : layout.stream(form);
    const field = record
      ? layout.recordField(lookup.group, layout.storedIndex(lookup.group, form))
      : layout.stream(form).field;
    code
      .get(target)
      .get(T)
      .op(OP.i32_ne)
      .if(field.int ? I32 : F64);
    if (stream) streamAddress(this, stream.cell, field, target);
    else code.get(this.records.get(at)!);
    code.mem(field.int ? MEMORY.i32_load : MEMORY.f64_load, stream ? 0 : field.offset);
    code.op(OP.else);
    this.inner(node);
    this.pushAs(field.int, this.present.ownForm(form));
    code.op(OP.end);
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
    if (this.present.available.has(node)) {
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
