/**
 * Graph to straight-line WebAssembly: one function per context.
 *
 * A node with several users is computed once, into a local; with one user, where it is used. What only the input of a
 * neuron needs is computed inside a test of its gate. What a function cannot handle (a tie between tokens that would
 * share, a key off its pattern) makes it return DEOPT: the plain pass then does this token.
 */

import { fits, isInt } from './integers.ts';
import type { Group } from './lookups.ts';
import { MAX_SHIFT } from './lookups.ts';
import type { LookupNode, Node, NodeOf } from './nodes.ts';
import { GROUP, RECORD } from './store.ts';
import { Code, F64, I32, MEMORY, OP } from './wasm.ts';

/** Result of a function that leaves its token to the plain pass. */
export const DEOPT = -2;
/** Parameters of every function: position and id of the current token. */
const T = 0;
const ID = 1;

/** A typed table in memory, indexed by token id or by key. */
export interface TableAt {
  readonly address: number;
  readonly load: readonly [number, number];
  /** log2 of the bytes per entry. */
  readonly shift: number;
  readonly float: boolean;
}

/** Where everything lies: what the emitter asks of the kernel. */
export interface Layout {
  readonly tokensCell: number;
  featureTable(column: number): TableAt;
  /** Values of a form over the keys of a table look-up. */
  keyTable(lookup: LookupNode, form: Node): TableAt | { readonly factor: number };
  groupCell(group: number): number;
  directory(group: number): number;
  stride(group: number): number;
  /** Index of a stored form in the records of a group. */
  storedIndex(group: number, form: Node): number;
  flagCell(lookup: LookupNode['lookup']): number;
  sumCell(form: Node): number;
  streamCell(form: Node): number;
  /** Functions by name. */
  import(name: 'insert' | 'miss' | 'few' | 'general' | 'generalInsert'): number;
  scratch(node: Node): number;
}

/** Something that has to happen once per token. */
export type Effect =
  | {
      readonly kind: 'insert';
      readonly group: Group;
      readonly keyX: Node;
      readonly keyY: Node;
      readonly stored: readonly Node[];
    }
  | { readonly kind: 'stream'; readonly form: Node; readonly value: Node }
  | { readonly kind: 'sum'; readonly form: Node; readonly value: Node }
  | { readonly kind: 'flag'; readonly lookup: LookupNode['lookup'] };

type Item = Node | Effect;

interface Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly items: Item[];
}

interface Use {
  scope: Scope;
  users: number;
  inner: Scope | undefined;
}

/** Up inputs smaller than this are not worth a branch. */
const BRANCH_SIZE = 6;

export class Emitter {
  readonly code = new Code(2);
  private readonly layout: Layout;
  private readonly available: ReadonlySet<Node>;
  private readonly save: boolean;
  private readonly ready: boolean;
  private readonly effectOf: (group: number) => Effect | undefined;
  private readonly sumEffect: (form: Node) => Effect | undefined;
  private readonly ownForm: (form: Node) => Node;
  private readonly uses = new Map<Item, Use>();
  private readonly root: Scope = { parent: undefined, depth: 0, items: [] };
  private readonly locals = new Map<Node, number>();
  private readonly records = new Map<Node, number>();
  private readonly here: number;
  /** Nodes whose values were written to scratch memory. */
  readonly saved: Node[] = [];

  constructor(
    layout: Layout,
    options: {
      available: ReadonlySet<Node>;
      save: boolean;
      /** Every key of every table has occurred; until then, the plain pass does what needs a table. */
      ready: boolean;
      /** The insertion that look-ups in a group must follow, unless it has already happened. */
      effectOf: (group: number) => Effect | undefined;
      sumEffect: (form: Node) => Effect | undefined;
      /** A form as it is for the current token. */
      ownForm: (form: Node) => Node;
    },
  ) {
    this.layout = layout;
    this.available = options.available;
    this.save = options.save;
    this.ready = options.ready;
    this.effectOf = options.effectOf;
    this.sumEffect = options.sumEffect;
    this.ownForm = options.ownForm;
    this.here = this.code.local(I32);
    this.code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(T).i32(1).op(OP.i32_shl, OP.i32_add).set(this.here);
  }

  /** Computes what `roots` and `effects` need; afterwards `push` gives the roots. */
  prepare(roots: readonly Node[], effects: readonly Effect[]): void {
    const order: Item[] = [];
    const seen = new Set<Item>();
    const walk = (item: Item): void => {
      if (seen.has(item)) return;
      seen.add(item);
      for (const [child] of this.children(item)) walk(child);
      order.push(item);
    };
    for (const effect of effects) walk(effect);
    for (const root of roots) walk(root);
    for (const item of [...effects, ...roots]) this.use(item, this.root);
    for (let i = order.length - 1; i >= 0; i--) {
      const item = order[i];
      const use = this.uses.get(item)!;
      if (isEffect(item)) use.scope = this.root;
      for (const [child, guarded] of this.children(item)) {
        if (guarded) use.inner ??= { parent: use.scope, depth: use.scope.depth + 1, items: [] };
        this.use(child, guarded ? use.inner! : use.scope);
      }
    }
    for (const item of order) this.uses.get(item)!.scope.items.push(item);
    this.emitScope(this.root);
  }

  private use(item: Item, scope: Scope): void {
    const use = this.uses.get(item);
    if (!use) {
      this.uses.set(item, { scope, users: 1, inner: undefined });
      return;
    }
    use.users++;
    let a = use.scope;
    let b = scope;
    while (a !== b) {
      if (a.depth >= b.depth) a = a.parent!;
      else b = b.parent!;
    }
    use.scope = a;
  }

  /** What an item needs, and whether only behind its gate. */
  private children(item: Item): (readonly [Item, boolean])[] {
    if (isEffect(item)) {
      switch (item.kind) {
        case 'insert':
          return [[item.keyX, false], [item.keyY, false], ...item.stored.map((form) => [form, true] as const)];
        case 'stream':
        case 'sum':
          return [[item.value, false]];
        default:
          return [];
      }
    }
    if (this.available.has(item)) return [];
    switch (item.kind) {
      case 'lin':
        return item.terms.map((term) => [term, false]);
      case 'product':
        return [
          [item.gate, false],
          [item.up, item.up.size >= BRANCH_SIZE],
        ];
      case 'mul':
        return [
          [item.a, false],
          [item.b, false],
        ];
      case 'clamp':
        return [[item.x, false]];
      case 'mean':
      case 'sum': {
        const effect = this.sumEffect(item.form);
        return effect ? [[effect, false]] : [];
      }
      case 'value': {
        const { at, form } = item;
        const shift = at.lookup.kind === 'shift';
        const inputs: (readonly [Item, boolean])[] = shift ? [] : [[at, false]];
        if (!form.local && at.lookup.kind !== 'flag') inputs.push([this.ownForm(form), true]);
        return inputs;
      }
      case 'distance':
        return [[item.at, false]];
      case 'lookup': {
        const { lookup, x, y } = item;
        if (lookup.kind === 'flag') return [];
        const inputs: (readonly [Item, boolean])[] = [
          [x, false],
          [y, false],
        ];
        if (lookup.kind === 'address' || lookup.kind === 'general') {
          const effect = this.effectOf(lookup.group);
          if (effect) inputs.push([effect, false]);
        }
        return inputs;
      }
      default:
        return [];
    }
  }

  private emitScope(scope: Scope): void {
    const { code } = this;
    for (const item of scope.items) {
      if (isEffect(item)) this.effect(item);
      else if (item.kind === 'lookup') this.lookup(item, scope);
      else if (item.kind !== 'const' && this.uses.get(item)!.users > 1) {
        const int = isInt(item);
        this.compute(item);
        const local = code.local(int ? I32 : F64);
        code.set(local);
        this.locals.set(item, local);
        if (this.save && scope === this.root && !this.available.has(item)) {
          code
            .i32(0)
            .get(local)
            .mem(int ? MEMORY.i32_store : MEMORY.f64_store, this.layout.scratch(item));
          this.saved.push(item);
        }
      }
    }
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

  private natural(node: Node): void {
    const local = this.locals.get(node);
    if (local !== undefined) this.code.get(local);
    else this.compute(node);
  }

  private toFloat(node: Node): void {
    this.code.op(node.lo < 0 ? OP.f64_convert_i32_s : OP.f64_convert_i32_u);
  }

  /** Leaves the node's value in its own type: i32 if `isInt`, else f64. */
  private compute(node: Node): void {
    const { code, layout } = this;
    const int = isInt(node);
    if (this.available.has(node)) {
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
        const inner = this.uses.get(node)!.inner;
        this.relu(node, push, () => {
          if (inner) this.emitScope(inner);
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

  /** A sum, in its own type; where it is f64, the integers among its terms are added as such. */
  private sum(node: NodeOf<'lin'>, pushInt: (term: Node) => void, pushFloat: (term: Node) => void): void {
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

  private intSum(
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
  private relu(node: NodeOf<'product'>, push: (part: Node) => void, up: () => void): void {
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
  private clamp(node: NodeOf<'clamp'>, pushInt: (x: Node) => void, pushFloat: (x: Node) => void): void {
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

  /** The sum of `form` over all tokens: cells for even and odd positions, so that doing a token twice is harmless. */
  private running(form: Node): void {
    this.code.get(T).i32(1).op(OP.i32_and).i32(3).op(OP.i32_shl).mem(MEMORY.f64_load, this.layout.sumCell(form));
  }

  /** Leaves an entry in the table's type. */
  private table({ address, load, shift }: TableAt, index: () => void): void {
    const { code } = this;
    index();
    if (shift > 0) code.i32(shift).op(OP.i32_shl);
    code.mem(load, address);
  }

  /** Where the token that a look-up found stands: a local. */
  target(node: LookupNode): number {
    return this.locals.get(node)!;
  }

  /** Leaves the token to the plain pass. */
  giveUp(): void {
    this.code.i32(DEOPT).op(OP.return);
    this.code.i32(0);
  }

  /** Leaves the token to the plain pass if the number on the stack is not 0. */
  deopt(): void {
    this.code.if().i32(DEOPT).op(OP.return, OP.end);
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
      return;
    }
    if (form.local) {
      this.remote(
        form,
        0,
        () => code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(target).i32(1).op(OP.i32_shl, OP.i32_add),
        () => code.get(target),
      );
      return;
    }
    const own = () => {
      code.op(OP.else);
      const inner = this.uses.get(node)!.inner;
      if (inner) this.emitScope(inner);
      this.push(this.ownForm(form));
      code.op(OP.end);
    };
    if (lookup.kind === 'address') {
      const record = this.records.get(at)!;
      code.get(record).if(F64);
      code.i32(0).mem(MEMORY.i32_load, layout.groupCell(lookup.group) + GROUP.base);
      code.get(record).i32(layout.stride(lookup.group)).op(OP.i32_mul, OP.i32_add);
      code.mem(MEMORY.f64_load, RECORD.values + 8 * layout.storedIndex(lookup.group, form));
      own();
      return;
    }
    // The stream has this token's own value only when the pass is over.
    code.get(target).get(T).op(OP.i32_ne).if(F64);
    code.i32(0).mem(MEMORY.i32_load, layout.streamCell(form));
    code.get(target).i32(3).op(OP.i32_shl, OP.i32_add).mem(MEMORY.f64_load);
    own();
  }

  /** A function of the token whose id `index` pushes, in its own type. */
  private byId(form: Node, index: () => void): void {
    if (form.kind === 'feature') this.table(this.layout.featureTable(form.column), index);
    else if (form.kind === 'lin')
      this.sum(
        form,
        (term) => this.byId(term, index),
        (term) => this.byIdFloat(term, index),
      );
    else throw new RangeError('not a function of the token');
  }

  private byIdFloat(form: Node, index: () => void): void {
    this.byId(form, index);
    if (isInt(form)) this.toFloat(form);
  }

  /**
   * A local form at another token, in its own type: `address` pushes where that token lies, less the copies before
   * the first; `position` its position.
   */
  private remote(form: Node, back: number, address: () => void, position: () => void): void {
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
      case 'value':
        if (form.at.lookup.kind !== 'shift') break;
        this.remote(form.form, back + form.at.lookup.back, address, position);
        return;
    }
    throw new RangeError('not a local form');
  }

  private lookup(node: LookupNode, scope: Scope): void {
    const { code, layout } = this;
    const { lookup } = node;
    const target = code.local(I32);
    this.locals.set(node, target);
    const record = lookup.kind === 'address' ? code.local(I32) : -1;
    if (record >= 0) this.records.set(node, record);
    if (this.available.has(node)) {
      code.i32(0).mem(MEMORY.i32_load, layout.scratch(node)).set(target);
      if (record >= 0)
        code
          .i32(0)
          .mem(MEMORY.i32_load, layout.scratch(node) + 4)
          .set(record);
      return;
    }
    switch (lookup.kind) {
      case 'flag':
        code.i32(0).mem(MEMORY.i32_load, layout.flagCell(lookup)).tee(target).i32(0).op(OP.i32_lt_s);
        this.deopt();
        break;
      case 'position':
        this.nearest(target, node, lookup.latest, () => code.get(T));
        break;
      case 'table':
        if (!this.ready) {
          code.i32(1);
          this.deopt();
        }
        this.nearest(target, node, false, () => code.i32(lookup.ids.length - 1));
        break;
      case 'few':
        code.i32(lookup.id);
        this.push(node.x);
        this.push(node.y);
        code.call(layout.import('few')).tee(target).i32(0).op(OP.i32_lt_s);
        this.deopt();
        break;
      case 'address':
        this.address(node, target, record);
        break;
      case 'general':
        code.i32(lookup.group).get(T);
        this.push(node.x);
        this.push(node.y);
        code.call(layout.import('general')).tee(target).i32(0).op(OP.i32_lt_s);
        this.deopt();
        break;
      default:
        throw new RangeError('a shift needs no search');
    }
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

  /**
   * Sets `target` to ⌊x/y + ½⌋, held between 0 and a limit. DEOPT where y is not positive or where two keys tie
   * (unless the latest wins).
   */
  private nearest(target: number, { x, y }: LookupNode, latest: boolean, most: () => void): void {
    const { code } = this;
    const plain = y.kind === 'const' && y.value === 1;
    if (plain && isInt(x) && x.hi < 2 ** 31) this.pushInt(x);
    else if (plain && x.integer) {
      this.push(x);
      code.toI32();
    } else {
      this.quotient(x, y, plain, latest);
      code.toI32();
    }
    code.set(target);
    if (!plain || x.lo <= -1) code.get(target).i32(0).get(target).i32(0).op(OP.i32_gt_s, OP.select).set(target);
    code.get(target);
    most();
    code.get(target);
    most();
    code.op(OP.i32_lt_s, OP.select).set(target);
  }

  private quotient(x: Node, y: Node, plain: boolean, latest: boolean): void {
    const { code } = this;
    const sum = code.local(F64);
    const floor = code.local(F64);
    this.push(x);
    if (y.kind === 'const' && y.value > 0 && Number.isInteger(Math.log2(y.value))) {
      if (!plain) code.f64(1 / y.value).op(OP.f64_mul);
    } else {
      const divisor = code.local(F64);
      this.push(y);
      code.tee(divisor).op(OP.f64_div);
      if (y.lo <= 0) {
        code.get(divisor).f64(0).op(OP.f64_gt, OP.i32_eqz);
        this.deopt();
      }
    }
    code.f64(0.5).op(OP.f64_add).tee(sum).op(OP.f64_floor).set(floor);
    if (!(plain && latest)) {
      // Nearer to the border between two keys than rounding can tell: let the plain pass compare the scores.
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
      this.deopt();
    }
    code.get(floor);
  }

  private address({ lookup, x }: LookupNode, target: number, record: number): void {
    if (lookup.kind !== 'address') return;
    const { code, layout } = this;
    const { group } = lookup;
    const a = code.local(I32);
    if (isInt(x) && x.hi < 2 ** 31) {
      this.pushInt(x);
      code.set(a);
    } else {
      this.push(x);
      if (x.integer) code.toI32().set(a);
      else {
        const value = code.local(F64);
        code.tee(value).toI32().tee(a).op(OP.f64_convert_i32_s).get(value).op(OP.f64_ne);
        this.deopt();
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
    code.i32(group).get(a).op(OP.f64_convert_i32_s).call(layout.import('miss')).tee(record).i32(0).op(OP.i32_lt_s);
    this.deopt();
    code.op(OP.end);
    code.get(record).if(I32);
    code.i32(0).mem(MEMORY.i32_load, layout.groupCell(group) + GROUP.base);
    code.get(record).i32(layout.stride(group)).op(OP.i32_mul, OP.i32_add).mem(MEMORY.i32_load, RECORD.position);
    code.op(OP.else).get(T).op(OP.end).set(target);
  }

  private effect(effect: Effect): void {
    const { code, layout } = this;
    switch (effect.kind) {
      case 'flag':
        code.i32(0).get(T).mem(MEMORY.i32_store, layout.flagCell(effect.lookup));
        return;
      case 'sum': {
        code.get(T).i32(1).op(OP.i32_and).i32(3).op(OP.i32_shl);
        code.get(T).i32(1).op(OP.i32_and).i32(1).op(OP.i32_xor).i32(3).op(OP.i32_shl);
        code.mem(MEMORY.f64_load, layout.sumCell(effect.form));
        if (effect.value.kind !== 'const' || effect.value.value !== 0) {
          this.push(effect.value);
          code.op(OP.f64_add);
        }
        code.mem(MEMORY.f64_store, layout.sumCell(effect.form));
        return;
      }
      case 'stream':
        code.i32(0).mem(MEMORY.i32_load, layout.streamCell(effect.form)).get(T).i32(3).op(OP.i32_shl, OP.i32_add);
        this.push(effect.value);
        code.mem(MEMORY.f64_store);
        return;
      case 'insert':
        this.insert(effect);
    }
  }

  private insert(effect: Extract<Effect, { kind: 'insert' }>): void {
    const { code, layout } = this;
    const { group, keyX, keyY } = effect;
    if (group.kind === 'general') {
      code.i32(group.index).get(T);
      this.push(keyX);
      this.push(keyY);
      code.call(layout.import('generalInsert')).op(OP.drop);
      return;
    }
    if (isSquare(keyX, keyY) && keyX.lo >= 0 && keyX.hi <= 2 * group.limit) {
      this.record(effect, () => {
        this.pushInt(keyX);
        code.i32(1).op(OP.i32_shr_u);
      });
      return;
    }
    const [x, y, a] = [code.local(F64), code.local(F64), code.local(F64)];
    const index = code.local(I32);
    this.push(keyX);
    code.set(x);
    this.push(keyY);
    code.set(y);
    code.get(x).f64(group.low[0]).op(OP.f64_ne).get(y).f64(group.low[1]).op(OP.f64_ne, OP.i32_or).if();
    code.get(x).f64(0.5).op(OP.f64_mul).tee(a).toI32().tee(index).op(OP.f64_convert_i32_s).get(a).op(OP.f64_ne);
    code.get(y).get(a).get(a).op(OP.f64_mul, OP.f64_neg, OP.f64_ne, OP.i32_or);
    code
      .get(index)
      .i32(group.limit + 1)
      .op(OP.i32_lt_u, OP.i32_eqz, OP.i32_or);
    this.deopt();
    this.record(effect, () => code.get(index));
    code.op(OP.end);
  }

  /** Leaves a record under the key that `key` pushes. */
  private record(effect: Extract<Effect, { kind: 'insert' }>, key: () => void): void {
    const { code, layout } = this;
    const { group, stored } = effect;
    const record = code.local(I32);
    code.i32(group.index);
    key();
    code.get(T).call(layout.import('insert')).set(record);
    if (stored.length === 0) return;
    const inner = this.uses.get(effect)!.inner;
    if (inner) this.emitScope(inner);
    const address = code.local(I32);
    code.i32(0).mem(MEMORY.i32_load, layout.groupCell(group.index) + GROUP.base);
    code.get(record).i32(layout.stride(group.index)).op(OP.i32_mul, OP.i32_add).set(address);
    stored.forEach((form, i) => {
      code.get(address);
      this.push(form);
      code.mem(MEMORY.f64_store, RECORD.values + 8 * i);
    });
  }
}

function isEffect(item: Item): item is Effect {
  return (
    item.kind === 'insert' || item.kind === 'stream' || item.kind === 'flag' || (item.kind === 'sum' && 'value' in item)
  );
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
