/**
 * The decision tree of generated functions. The first branches on the class of the current token, then each pivot on
 * what it brought; the leaf computes the rest with all of that known and gives the next token.
 *
 * Functions are generated when they are first called: a program uses few of the combinations.
 */

import { Answers, Knowledge, type Past } from '../analysis/knowledge.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import type { Unembedding } from '../analysis/unembed.ts';
import { MAX_SHIFT } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import type { Node } from '../graph/node.ts';
import { indexInto } from './arithmetic.ts';
import { callStage } from './calls.ts';
import { Emitter } from './emit.ts';
import { SLOT } from './memory-map.ts';
import { nextToken } from './next-token.ts';
import type { Item } from './scopes.ts';
import { StageEffects } from './stage-effects.ts';
import type { Effect, Layout } from './surroundings.ts';
import { type Code, I32, MEMORY, OP } from './wasm.ts';

/** Slots in the function table for `count` functions that do not exist yet: the first of them. */
export type Reserve = (count: number, stage: (choice: number) => Stage) => number;

/** A function that can be made. */
export interface Makeable {
  /** Functions with the same name are the same; undefined for those that call others. */
  readonly name: string | undefined;
  make(): Made;
}

/** The body of a function, and what it computes and has happen. */
export interface Made {
  readonly code: Code;
  readonly items: ReadonlySet<Item>;
}

/** What functions are made of. */
export interface StageParts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly past: Past;
  readonly unembedding: Unembedding | undefined;
  readonly reserve: Reserve;
}

/** Makes the function of any stage. */
export class StageCompiler {
  private readonly plan: Plan;
  private readonly layout: Layout;
  private readonly unembedding: Unembedding | undefined;
  private readonly reserve: Reserve;
  private readonly knowledge: Knowledge;
  /** By place in the tree: leaves, and what they depend on of their class of tokens. */
  private readonly leaves = new Map<string, { readonly answers: Answers; readonly leaf: Makeable }[]>();
  private readonly texts = new WeakMap<ReadonlySet<Node>, string>();

  constructor({ plan, layout, past, unembedding, reserve }: StageParts) {
    this.plan = plan;
    this.layout = layout;
    this.unembedding = unembedding;
    this.reserve = reserve;
    this.knowledge = new Knowledge(plan, past);
  }

  /** The stage of a token class before any pivot. */
  first(generates: boolean, ready: boolean, tokenClass: number): Stage {
    const choices = this.plan.pivots.map(() => -1);
    return { generates, ready, tokenClass, choices, available: new Set(), inserted: new Set(), started: false };
  }

  /** The function of a stage. */
  compile(stage: Stage): Makeable {
    const { plan, knowledge } = this;
    const next = plan.pivots.findIndex((pivot, i) => stage.choices[i] < 0 && !knowledge.isSelf(stage, pivot));
    // The first function of a token brings flags up to date, which its class says.
    const alike = next < 0 && stage.started ? memo(this.leaves, this.placeOf(stage), () => []) : [];
    const known = alike.find(({ answers }) => knowledge.agrees(answers, stage.tokenClass));
    if (known) return known.leaf;
    const answers = new Answers();
    const graph = knowledge.graph(stage, answers);
    const effects = new StageEffects(plan, stage, graph);
    if (next >= 0) return { name: undefined, make: () => this.branch(stage, next, graph, effects) };
    const leaf = this.leaf(stage, graph, effects);
    alike.push({ answers, leaf });
    return leaf;
  }

  /** All about a leaf but the class of its token. */
  private placeOf({ generates, ready, choices, available, inserted }: Stage): string {
    const left = memo(this.texts, available, () => idsOf(available));
    return [generates, ready, choices, left, ...inserted].join(';');
  }

  private branch(stage: Stage, next: number, graph: (node: Node) => Node, effects: StageEffects): Made {
    const { plan, layout } = this;
    const emitter = new Emitter(layout, effects, { save: true, ready: stage.ready });
    const { code } = emitter;
    const pivot = plan.pivots[next];
    const at = graph(pivot.at);
    emitter.prepare([at], effects.first());
    const child = {
      ...stage,
      available: new Set([...stage.available, ...emitter.saved]),
      inserted: new Set([...stage.inserted, ...effects.joined()]),
      started: true,
    };
    const base = this.reserve(pivot.members.length, (choice) => ({
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
    return emitter;
  }

  private leaf(stage: Stage, graph: (node: Node) => Node, effects: StageEffects): Makeable {
    const { unembedding, layout } = this;
    const happens = [...effects.first(), ...effects.last()];
    const roots = unembedding && stage.generates ? [graph(unembedding.u), graph(unembedding.x)] : [];
    return {
      name: this.nameOf(stage, roots, happens, graph),
      make: () => {
        const emitter = new Emitter(layout, effects, { save: false, ready: stage.ready });
        emitter.prepare(roots, happens);
        if (!stage.generates) emitter.code.i32(0);
        else if (unembedding) nextToken(emitter, unembedding, roots[0], roots[1], layout.unembedTable);
        else emitter.giveUp();
        return emitter;
      },
    };
  }

  /** All that a leaf's function depends on: many classes of tokens differ in nothing that it needs. */
  private nameOf(
    { generates, ready, available }: Stage,
    roots: readonly Node[],
    happens: readonly Effect[],
    graph: (node: Node) => Node,
  ): string {
    const { stored, streams } = this.plan;
    // A look-up may find the current token, whose values are not stored yet.
    const own = [...stored.flat(), ...streams].map(graph);
    const left = memo(this.texts, available, () => idsOf(available));
    return [generates, ready, left, idsOf(roots), idsOf(own), ...happens.map(textOf)].join(';');
  }
}

function idsOf(nodes: Iterable<Node>): string {
  return Array.from(nodes, ({ id }) => id).join();
}

function textOf(effect: Effect): string {
  switch (effect.kind) {
    case 'insert':
      return `insert ${effect.group.index},${effect.keyX.id},${effect.keyY.id}`;
    case 'store':
      return `store ${effect.group.index},${effect.values.map(({ id }) => id)},${effect.after !== undefined}`;
    case 'flag':
      return `flag ${effect.lookup.id}`;
    default:
      return `${effect.kind} ${effect.form.id},${effect.value.id}`;
  }
}
