/**
 * Graph to straight-line WebAssembly: one function per context.
 *
 * A node with several users is computed once, into a local; with one user, where it is used. What only the input of a
 * neuron needs is computed inside a test of its gate. What a function cannot handle (a tie between tokens that would
 * share, a key off its pattern) makes it return DEOPT: the plain pass then does this token.
 */
import type { Group } from './lookups.ts';
import { MAX_SHIFT } from './lookups.ts';
import type { LookupNode, Node } from './nodes.ts';
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
  /** Cell that is 1 when every key of the look-up's table has been seen. */
  readyCell(lookup: LookupNode['lookup']): number;
  /** Functions by name. */
  import(name: 'insert' | 'miss' | 'few' | 'general' | 'generalInsert'): number;
  scratch(node: Node): number;
}

/** Something that has to happen once per token. */
export type Effect =
  | { readonly kind: 'insert'; readonly group: Group; readonly keyX: Node; readonly keyY: Node; readonly stored: readonly Node[] }
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
      case 'lookup': {
        const { lookup, x, y } = item;
        if (lookup.kind === 'flag') return [];
        const inputs: (readonly [Item, boolean])[] = [[x, false], [y, false]];
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
    for (const item of scope.items) {
      if (isEffect(item)) this.effect(item);
      else if (item.kind === 'lookup') this.lookup(item, scope);
      else if (this.worthLocal(item)) {
        this.compute(item);
        const local = this.code.local(F64);
        this.code.set(local);
        this.locals.set(item, local);
        if (this.save && scope === this.root && !this.available.has(item)) {
          this.code.i32(0).get(local).mem(MEMORY.f64_store, this.layout.scratch(item));
          this.saved.push(item);
        }
      }
    }
  }

  private worthLocal(node: Node): boolean {
    if (this.uses.get(node)!.users < 2) return false;
    return node.kind !== 'const';
  }

  /** Pushes the value of a node as f64. */
  push(node: Node): void {
    const local = this.locals.get(node);
    if (local !== undefined) this.code.get(local);
    else this.compute(node);
  }

  private compute(node: Node): void {
    const { code, layout } = this;
    if (this.available.has(node)) {
      code.i32(0).mem(MEMORY.f64_load, layout.scratch(node));
      return;
    }
    switch (node.kind) {
      case 'const':
        code.f64(node.value);
        return;
      case 'feature':
        this.table(layout.featureTable(node.column), () => code.get(ID));
        return;
      case 'position':
        code.get(T).op(OP.f64_convert_i32_u);
        return;
      case 'square':
        code.get(T).op(OP.f64_convert_i32_u).get(T).op(OP.f64_convert_i32_u, OP.f64_mul);
        return;
      case 'lin':
        this.sum(node, (term) => this.push(term));
        return;
      case 'mul':
        this.push(node.a);
        this.push(node.b);
        code.op(OP.f64_mul);
        return;
      case 'product': {
        const { gate, up } = node;
        const inner = this.uses.get(node)!.inner;
        const g = code.local(F64);
        this.push(gate);
        code.tee(g).f64(0).op(OP.f64_gt);
        if (up.kind === 'const') {
          code.if(F64).get(g).op(OP.else).f64(0).op(OP.end);
          if (up.value !== 1) code.f64(up.value).op(OP.f64_mul);
          return;
        }
        code.if(F64);
        if (inner) this.emitScope(inner);
        this.push(up);
        code.get(g).op(OP.f64_mul, OP.else).f64(0).op(OP.end);
        return;
      }
      case 'clamp':
        this.push(node.x);
        this.clamp(node.limit, node.x);
        return;
      case 'mean':
      case 'sum':
        this.running(node.form);
        if (node.kind === 'mean') code.get(T).i32(1).op(OP.i32_add, OP.f64_convert_i32_u, OP.f64_div);
        return;
      case 'value':
        this.value(node.at, node.form, node);
        return;
      default:
        throw new RangeError('a look-up is no number');
    }
  }

  private sum(node: Extract<Node, { kind: 'lin' }>, push: (term: Node) => void): void {
    const { code } = this;
    let first = true;
    if (node.constant !== 0) {
      code.f64(node.constant);
      first = false;
    }
    // Positive terms first, so that nothing need be negated.
    for (let i = 0; i < node.terms.length; i++) {
      const weight = node.weights[i];
      push(node.terms[i]);
      if (weight !== 1 && (weight !== -1 || first)) code.f64(weight).op(OP.f64_mul);
      if (!first) code.op(weight === -1 ? OP.f64_sub : OP.f64_add);
      first = false;
    }
  }

  /** min(max(x, 0), limit), by comparisons: f64.min and f64.max have NaN to care for. */
  private clamp(limit: number, x: Node): void {
    const { code } = this;
    const value = code.local(F64);
    code.set(value);
    if (limit === 1 && x.integer) {
      code.get(value).f64(0).op(OP.f64_gt, OP.f64_convert_i32_u);
      return;
    }
    if (x.lo < 0) code.f64(0).get(value).get(value).f64(0).op(OP.f64_lt, OP.select).set(value);
    code.f64(limit).get(value).get(value).f64(limit).op(OP.f64_gt, OP.select);
  }

  /** The sum of `form` over all tokens: cells for even and odd positions, so that doing a token twice is harmless. */
  private running(form: Node): void {
    this.code.get(T).i32(1).op(OP.i32_and).i32(3).op(OP.i32_shl).mem(MEMORY.f64_load, this.layout.sumCell(form));
  }

  private table({ address, load, shift, float }: TableAt, index: () => void): void {
    const { code } = this;
    index();
    if (shift > 0) code.i32(shift).op(OP.i32_shl);
    code.mem(load, address);
    if (!float) code.op(OP.f64_convert_i32_s);
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

  /** The value of `form` at the token found. */
  private value(at: LookupNode, form: Node, node: Node): void {
    const { code, layout } = this;
    const { lookup } = at;
    if (lookup.kind === 'shift' && form.local) {
      this.remote(form, lookup.back, () => code.get(this.here), () => code.get(T));
      return;
    }
    let target = this.locals.get(at)!;
    if (lookup.kind === 'shift') {
      target = code.local(I32);
      code.get(T).i32(lookup.back).op(OP.i32_sub).tee(target).i32(0).get(target).i32(0).op(OP.i32_gt_s, OP.select).set(target);
    }
    if (lookup.kind === 'table') {
      const table = layout.keyTable(at, form);
      if ('factor' in table) {
        code.get(target).op(OP.f64_convert_i32_u);
        if (table.factor !== 1) code.f64(table.factor).op(OP.f64_mul);
      } else this.table(table, () => code.get(target));
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

  private byId(form: Node, index: () => void): void {
    if (form.kind === 'feature') this.table(this.layout.featureTable(form.column), index);
    else if (form.kind === 'const') this.code.f64(form.value);
    else if (form.kind === 'lin') this.sum(form, (term) => this.byId(term, index));
    else throw new RangeError('not a function of the token');
  }

  /** A local form at another token: `address` pushes where that token lies, less the copies before the first. */
  private remote(form: Node, back: number, address: () => void, position: () => void): void {
    const { code, layout } = this;
    const again = (part: Node) => this.remote(part, back, address, position);
    switch (form.kind) {
      case 'const':
        code.f64(form.value);
        return;
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
        code.op(OP.f64_convert_i32_s);
        if (form.kind === 'square') {
          const p = code.local(F64);
          code.tee(p).get(p).op(OP.f64_mul);
        }
        return;
      }
      case 'lin':
        this.sum(form, again);
        return;
      case 'mul':
        again(form.a);
        again(form.b);
        code.op(OP.f64_mul);
        return;
      case 'product': {
        const g = code.local(F64);
        again(form.gate);
        code.tee(g).f64(0).op(OP.f64_gt).if(F64).get(g);
        again(form.up);
        code.op(OP.f64_mul, OP.else).f64(0).op(OP.end);
        return;
      }
      case 'clamp':
        again(form.x);
        this.clamp(form.limit, form.x);
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
      if (record >= 0) code.i32(0).mem(MEMORY.i32_load, layout.scratch(node) + 4).set(record);
      return;
    }
    switch (lookup.kind) {
      case 'flag':
        code.i32(0).mem(MEMORY.i32_load, layout.flagCell(lookup)).tee(target);
        code.get(T).get(target).i32(0).op(OP.i32_ge_s, OP.select).set(target);
        break;
      case 'position':
        this.quotient(node, lookup.latest);
        this.limit(target, node, () => code.get(T));
        break;
      case 'table':
        code.i32(0).mem(MEMORY.i32_load, layout.readyCell(lookup)).op(OP.i32_eqz);
        this.deopt();
        this.quotient(node, false);
        this.limit(target, node, () => code.i32(lookup.ids.length - 1));
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
      if (record >= 0) code.i32(0).get(record).mem(MEMORY.i32_store, layout.scratch(node) + 4);
      this.saved.push(node);
    }
  }

  /** ⌊x/y + ½⌋ as f64 of any size; DEOPT where y is not positive or where two keys tie (unless the latest wins). */
  private quotient({ x, y }: LookupNode, latest: boolean): void {
    const { code } = this;
    const plain = y.kind === 'const' && y.value === 1;
    if (plain && x.integer) {
      this.push(x);
      return;
    }
    const sum = code.local(F64);
    const floor = code.local(F64);
    this.push(x);
    if (!plain) {
      const divisor = code.local(F64);
      this.push(y);
      code.tee(divisor).op(OP.f64_div);
      if (y.lo <= 0) {
        code.get(divisor).f64(0).op(OP.f64_gt, OP.i32_eqz);
        this.deopt();
      }
    }
    code.f64(0.5).op(OP.f64_add).tee(sum).op(OP.f64_floor).set(floor);
    if (plain && latest) {
      code.get(floor);
      return;
    }
    // Nearer to the border between two keys than rounding can tell: let the plain pass compare the scores.
    code.get(sum).get(floor).op(OP.f64_sub).f64(2 ** -36).op(OP.f64_lt);
    this.deopt();
    if (!plain) {
      code.get(sum).get(floor).op(OP.f64_sub).f64(1 - 2 ** -36).op(OP.f64_gt);
      this.deopt();
    }
    code.get(floor);
  }

  /** Sets `target` to the number on the stack, held between 0 and a limit. */
  private limit(target: number, { x, y }: LookupNode, most: () => void): void {
    const { code } = this;
    const lowest = y.kind === 'const' && y.value === 1 ? x.lo : Number.NEGATIVE_INFINITY;
    code.toI32().set(target);
    if (lowest <= -1) code.get(target).i32(0).get(target).i32(0).op(OP.i32_gt_s, OP.select).set(target);
    code.get(target);
    most();
    code.get(target);
    most();
    code.op(OP.i32_lt_s, OP.select).set(target);
  }

  private address({ lookup, x }: LookupNode, target: number, record: number): void {
    if (lookup.kind !== 'address') return;
    const { code, layout } = this;
    const { group } = lookup;
    const value = code.local(F64);
    const a = code.local(I32);
    this.push(x);
    code.tee(value).toI32().set(a);
    if (!x.integer) {
      code.get(a).op(OP.f64_convert_i32_s).get(value).op(OP.f64_ne);
      this.deopt();
    }
    code.get(a).i32(2 ** 26).op(OP.i32_lt_u).if(I32);
    code.get(a).i32(12).op(OP.i32_shr_u).i32(2).op(OP.i32_shl).mem(MEMORY.i32_load, layout.directory(group));
    code.get(a).i32(4095).op(OP.i32_and).i32(3).op(OP.i32_shl, OP.i32_add).mem(MEMORY.i32_load);
    code.op(OP.else).i32(0).op(OP.end).tee(record).op(OP.i32_eqz).if();
    code.i32(group).get(value).call(layout.import('miss')).tee(record).i32(0).op(OP.i32_lt_s);
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
    const { group, keyX, keyY, stored } = effect;
    if (group.kind === 'general') {
      code.i32(group.index).get(T);
      this.push(keyX);
      this.push(keyY);
      code.call(layout.import('generalInsert')).op(OP.drop);
      return;
    }
    const [x, y, a] = [code.local(F64), code.local(F64), code.local(F64)];
    const index = code.local(I32);
    const record = code.local(I32);
    this.push(keyX);
    code.set(x);
    this.push(keyY);
    code.set(y);
    code.get(x).f64(group.low[0]).op(OP.f64_ne).get(y).f64(group.low[1]).op(OP.f64_ne, OP.i32_or).if();
    code.get(x).f64(0.5).op(OP.f64_mul).tee(a).toI32().tee(index).op(OP.f64_convert_i32_s).get(a).op(OP.f64_ne);
    code.get(y).get(a).get(a).op(OP.f64_mul, OP.f64_neg, OP.f64_ne, OP.i32_or);
    code.get(index).i32(group.limit + 1).op(OP.i32_lt_u, OP.i32_eqz, OP.i32_or);
    this.deopt();
    code.i32(group.index).get(index).get(T).call(layout.import('insert')).set(record);
    if (stored.length > 0) {
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
    code.op(OP.end);
  }
}

function isEffect(item: Item): item is Effect {
  return item.kind === 'insert' || item.kind === 'stream' || item.kind === 'flag' || (item.kind === 'sum' && 'value' in item);
}
