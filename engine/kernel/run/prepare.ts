/**
 * Makes functions ahead of time: what sequences of a model begin with, so that they need neither the plan nor a function
 * made while somebody waits.
 *
 * Which functions are worth it is seen from sequences that are generated here. They are then made in memory of their
 * own in which no token ever was, so nothing in them is of those sequences.
 */
import type { Model } from '../../transformer/model.ts';
import { planOf } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import { unembeddingOf } from '../analysis/unembed.ts';
import { TABLES, TYPES } from '../code/calls.ts';
import { type Reserve, StageCompiler } from '../code/stages.ts';
import { type Code, moduleBytes } from '../code/wasm.ts';
import { begin, type Prepared, type Roots } from './beginning.ts';
import { Compilation } from './compilation.ts';
import { Heap } from './heap.ts';
import { KernelLayout } from './layout.ts';
import { Store } from './store.ts';

/** A sequence to learn from: its first tokens, and how many are generated behind them. */
export interface Example {
  readonly tokens: ArrayLike<number>;
  readonly count: number;
}

/**
 * What sequences of `model` begin with, with the functions that the examples call; undefined for a model with heads of
 * no class, whose keys no memory holds.
 */
export function prepare(model: Model, examples: readonly Example[]): Prepared | undefined {
  const findings = { general: new Set<string>(), fractions: false };
  const plan = planOf(model, findings);
  if (plan.liveGroups.some((index) => plan.groups[index].kind === 'general')) return undefined;
  const stages = examples.flatMap(({ tokens, count }) => {
    const sequence = new Compilation(model, findings);
    sequence.append(tokens);
    sequence.generate(count);
    return sequence.stages;
  });
  const store = new Store();
  const unembedding = unembeddingOf(model, plan.final);
  const beginning = begin(plan, model.config, store, unembedding);
  const layout = new KernelLayout(plan, store, new Heap(store, beginning.places.groups, []), beginning.places.cells);
  const past = { settled: () => 0, localAt: () => Number.NaN };
  const tree = new Tree((reserve) => new StageCompiler({ plan, layout, past, unembedding, reserve }));
  const roots = [false, true].map((ready) =>
    [false, true].map((generates) =>
      tree.reserve(plan.tokens.members.length, (choice) => tree.compiler.first(generates, ready, choice)),
    ),
  );
  for (const stage of stages) tree.make(stage, roots);
  return { ...beginning, image: store.image(), functions: tree.module(), roots, slots: tree.slots };
}

/** The decision tree, with its functions as code. */
class Tree {
  readonly compiler: StageCompiler;
  /** What stands in each slot. */
  private readonly waiting: Stage[] = [];
  /** Functions, by the slots that they stand in. */
  private readonly elements = new Map<number, number>();
  private readonly functions: Code[] = [];
  private readonly named = new Map<string, number>();
  /** By slot of a function that branches: which pivot it asks, and the first slot of its answers. */
  private readonly branches = new Map<number, { readonly pivot: number; readonly first: number }>();

  constructor(compiler: (reserve: Reserve) => StageCompiler) {
    this.compiler = compiler(this.reserve);
  }

  get slots(): number {
    return this.waiting.length;
  }

  readonly reserve: Reserve = (count, stage) => {
    const first = this.waiting.length;
    for (let i = 0; i < count; i++) this.waiting.push(stage(i));
    return first;
  };

  /** Makes the function of a stage, and those on the way to it. */
  make({ generates, ready, tokenClass, choices }: Stage, roots: Roots): void {
    let slot = roots[Number(ready)][Number(generates)] + tokenClass;
    for (;;) {
      if (!this.elements.has(slot)) this.makeSlot(slot);
      const branch = this.branches.get(slot);
      if (!branch || choices[branch.pivot] < 0) return;
      slot = branch.first + choices[branch.pivot];
    }
  }

  private makeSlot(slot: number): void {
    const stage = this.waiting[slot];
    const first = this.waiting.length;
    const { name, make } = this.compiler.compile(stage);
    const known = name === undefined ? undefined : this.named.get(name);
    const index = known ?? this.functions.push(make().code) - 1;
    if (name !== undefined) this.named.set(name, index);
    this.elements.set(slot, index);
    if (this.waiting.length === first) return;
    const pivot = stage.choices.findIndex((choice, i) => choice !== this.waiting[first].choices[i]);
    this.branches.set(slot, { pivot, first });
  }

  /** One module of all functions. */
  module(): Uint8Array {
    const functions = this.functions.map((code) => ({ type: 0, code }));
    return moduleBytes({ types: TYPES, tables: TABLES, imports: [], functions, elements: this.elements });
  }
}
