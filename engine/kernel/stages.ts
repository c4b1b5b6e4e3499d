/**
 * The decision tree of generated functions. The first branches on the class of the current token, then each pivot on
 * the class of the token it found; the leaf computes the rest with all of that known and gives the next token.
 *
 * Functions are generated when they are first called: a program uses few of the combinations.
 */
import { indexInto } from './arithmetic.ts';
import { callStage } from './calls.ts';
import { Emitter } from './emit.ts';
import { MAX_SHIFT, valuesById } from './lookups.ts';
import { nextToken } from './next-token.ts';
import type { LookupNode, Node } from './node.ts';
import type { Pivot } from './pivots.ts';
import type { Effect, Layout } from './places.ts';
import type { Plan } from './plan.ts';
import { type Known, Specialiser } from './specialise.ts';
import { SLOT } from './store.ts';
import type { Unembedding } from './unembed.ts';
import { type Code, I32, MEMORY, OP } from './wasm.ts';

/** Addresses and table slots that the tree needs of the kernel. */
export interface Placement extends Layout {
  /** Table of the classes that a pivot tells apart. */
  classTable(pivot: Pivot): number;
  /** Slots in the function table for `count` functions that do not exist yet. */
  slots(count: number, stage: (choice: number) => Stage): number;
  /** Number of tokens that every pass from now on has before it. */
  settled(): number;
  /** A local form at a token that is already there. */
  localAt(form: Node, position: number): number;
  /** Table of token ids by kind and byte. */
  readonly unembedTable: number;
}

/** One function: what is known, and what those before it have computed. */
export interface Stage {
  readonly generates: boolean;
  /** Every key of every table has occurred. */
  readonly ready: boolean;
  readonly tokenClass: number;
  /** By pivot: class of the token found; -1 when unknown. */
  readonly choices: readonly number[];
  readonly available: ReadonlySet<Node>;
  readonly inserted: ReadonlySet<number>;
  /** Running sums and flags were brought up to date. */
  readonly started: boolean;
}

/** A node's number, from those of what it is made of. */
function evaluate(node: Node, values: ReadonlyMap<Node, number>, pivot: Pivot, choice: number): number {
  const of = (part: Node) => (part.kind === 'const' ? part.value : values.get(part)!);
  switch (node.kind) {
    case 'lin': {
      let sum = node.constant;
      for (let i = 0; i < node.terms.length; i++) sum += node.weights[i] * of(node.terms[i]);
      return sum;
    }
    case 'product': {
      const gate = of(node.gate);
      return gate > 0 ? gate * of(node.up) : 0;
    }
    case 'mul':
      return of(node.a) * of(node.b);
    case 'clamp':
      return Math.min(Math.max(of(node.x), 0), node.limit);
    default:
      return pivot.known.get(node)![choice];
  }
}

/** What every stage is generated from. */
export class StageCompiler {
  private readonly plan: Plan;
  private readonly layout: Placement;
  private readonly unembedding: Unembedding | undefined;
  /** [class][column]: value of a feature that a class of tokens agrees in. */
  private readonly pures = new Map<string, Map<Node, number>>();
  private readonly classFeatures: Map<number, number | undefined>[];

  constructor(plan: Plan, layout: Placement, unembedding: Unembedding | undefined) {
    this.plan = plan;
    this.layout = layout;
    this.unembedding = unembedding;
    this.classFeatures = plan.tokens.members.map(() => new Map());
  }

  /** The stage of a token class before any pivot. */
  first(generates: boolean, ready: boolean, tokenClass: number): Stage {
    const choices = this.plan.pivots.map(() => -1);
    return { generates, ready, tokenClass, choices, available: new Set(), inserted: new Set(), started: false };
  }

  private feature(tokenClass: number, column: number): number | undefined {
    const known = this.classFeatures[tokenClass];
    if (known.has(column)) return known.get(column);
    const { values } = this.plan.nodes.columns[column];
    const { of, members } = this.plan.tokens;
    let value: number | undefined = values[members[tokenClass]];
    for (let id = 0; id < values.length; id++) {
      if (of[id] === tokenClass && values[id] !== value) {
        value = undefined;
        break;
      }
    }
    known.set(column, value);
    return value;
  }

  private known(stage: Stage): Known {
    const { pivots, tokens } = this.plan;
    const member = tokens.members[stage.tokenClass];
    return {
      values: pivots.flatMap((pivot, i) => (stage.choices[i] < 0 ? [] : [this.pure(pivot, stage.choices[i])])),
      feature: (column) => this.feature(stage.tokenClass, column),
      isSelf: (lookup) => lookup.kind === 'flag' && lookup.top[member] === 1,
      found: (at, form) => this.constant(stage, at, form),
    };
  }

  /** Values of the nodes that depend on a pivot only. */
  private pure(pivot: Pivot, choice: number): ReadonlyMap<Node, number> {
    const key = `${this.plan.pivots.indexOf(pivot)},${choice}`;
    let values = this.pures.get(key);
    if (!values) {
      values = new Map();
      for (const node of pivot.pure) values.set(node, evaluate(node, values, pivot, choice));
      this.pures.set(key, values);
    }
    return values;
  }

  /** What a look-up with a constant query brings: tables do not change, nor do tokens that are already there. */
  private constant(stage: Stage, { lookup, x, y }: LookupNode, form: Node): number | undefined {
    if (x.kind !== 'const' || y.kind !== 'const' || y.value <= 0) return undefined;
    const nearest = x.value / y.value + 0.5;
    const k = Math.floor(nearest);
    // A tie, or nearly one.
    if (nearest - k < 2 ** -36 || nearest - k > 1 - 2 ** -36) return undefined;
    if (lookup.kind === 'table' && stage.ready) {
      const id = lookup.ids[Math.min(lookup.ids.length - 1, Math.max(0, k))];
      return valuesById(this.plan.nodes, form)[id];
    }
    if (lookup.kind === 'position' && form.local && k < this.layout.settled()) {
      return this.layout.localAt(form, Math.max(0, k));
    }
    return undefined;
  }

  /** Generates a stage's function; `branches`: it calls others. */
  compile(stage: Stage): { code: Code; branches: boolean } {
    const { plan, layout } = this;
    const known = this.known(stage);
    const specialiser = new Specialiser(plan.nodes, known);
    const sp = (node: Node) => specialiser.of(node);
    const isSelf = ({ at }: Pivot) => at.kind === 'lookup' && known.isSelf(at.lookup);
    const next = plan.pivots.findIndex((pivot, i) => stage.choices[i] < 0 && !isSelf(pivot));
    const inserts = new Map<number, Effect | undefined>();
    const effectOf = (index: number): Effect | undefined => {
      if (stage.inserted.has(index)) return undefined;
      if (!inserts.has(index)) {
        const group = plan.groups[index];
        const [keyX, keyY] = [sp(group.keyX), sp(group.keyY)];
        const silent =
          group.kind === 'address' &&
          keyX.kind === 'const' &&
          keyY.kind === 'const' &&
          keyX.value === group.low[0] &&
          keyY.value === group.low[1];
        inserts.set(index, silent ? undefined : { kind: 'insert', group, keyX, keyY });
      }
      return inserts.get(index);
    };
    const sums = new Map<Node, Effect>();
    if (!stage.started)
      for (const form of plan.sums) if (form.local) sums.set(form, { kind: 'sum', form, value: sp(form) });
    const late = next < 0 ? plan.sums.filter((form) => !form.local) : [];
    const surroundings = {
      available: stage.available,
      effectOf,
      sumEffect: (form: Node) => {
        if (!form.local && !sums.has(form)) sums.set(form, { kind: 'sum', form, value: sp(form) });
        return sums.get(form);
      },
      ownForm: sp,
    };
    const emitter = new Emitter(layout, surroundings, { save: next >= 0, ready: stage.ready });
    const effects: Effect[] = [...sums.values()];
    if (!stage.started) {
      for (const lookup of plan.flags) if (known.isSelf(lookup)) effects.push({ kind: 'flag', lookup });
    }
    const { code } = emitter;
    if (next >= 0) {
      const pivot = plan.pivots[next];
      const at = sp(pivot.at);
      emitter.prepare([at], effects);
      const child = {
        ...stage,
        available: new Set([...stage.available, ...emitter.saved]),
        inserted: new Set([...stage.inserted, ...[...inserts].filter(([, effect]) => effect).map(([group]) => group)]),
        started: true,
      };
      const base = layout.slots(pivot.members.length, (choice) => ({
        ...child,
        choices: stage.choices.map((old, i) => (i === next ? choice : old)),
      }));
      const slot = code.local(I32);
      code.get(0).get(1);
      if (at.kind === 'lookup') {
        code.i32(0).mem(MEMORY.i32_load, layout.tokensCell).get(emitter.target(at)).i32(1).op(OP.i32_shl, OP.i32_add);
        code.mem(MEMORY.i32_load16_u, 2 * MAX_SHIFT);
      } else {
        emitter.pushAs(true, at);
        indexInto(code, at, pivot.first, pivot.of.length);
      }
      code.i32(1).op(OP.i32_shl).mem(MEMORY.i32_load16_u, layout.classTable(pivot));
      code.i32(base).op(OP.i32_add).tee(slot);
      code.i32(0).get(slot).mem(MEMORY.i32_store, SLOT);
      callStage(code);
      return { code, branches: true };
    }
    for (const group of plan.liveGroups) {
      const after = effectOf(group);
      if (after) effects.push(after);
      if (plan.stored[group].length === 0 || (!after && !stage.inserted.has(group))) continue;
      effects.push({ kind: 'store', group: plan.groups[group], values: plan.stored[group].map(sp), after });
    }
    for (const form of late) {
      const effect: Effect = { kind: 'sum', form, value: sp(form) };
      sums.set(form, effect);
      effects.push(effect);
    }
    for (const form of plan.streams) effects.push({ kind: 'stream', form, value: sp(form) });
    if (!stage.generates) {
      emitter.prepare([], effects);
      code.i32(0);
    } else this.unembed(emitter, sp, effects);
    return { code, branches: false };
  }

  private unembed(emitter: Emitter, sp: (node: Node) => Node, effects: readonly Effect[]): void {
    const { unembedding, layout } = this;
    if (!unembedding) {
      emitter.prepare([], effects);
      emitter.giveUp();
      return;
    }
    const [u, x] = [sp(unembedding.u), sp(unembedding.x)];
    emitter.prepare([u, x], effects);
    nextToken(emitter, unembedding, u, x, layout.unembedTable);
  }
}
