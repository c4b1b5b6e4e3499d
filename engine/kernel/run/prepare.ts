/**
 * Makes all functions of a model's decision tree ahead of time: what its sequences begin with, so that they need neither the
 * plan nor a function made while somebody waits.
 *
 * They are made in memory of their own in which no token ever was, so nothing in them is of a sequence.
 */
import type { Model } from '../../transformer/model.ts';
import { planOf } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import { unembeddingOf } from '../analysis/unembed.ts';
import { TABLES, TYPES } from '../code/calls.ts';
import { type Reserve, StageCompiler } from '../code/stages.ts';
import { type Code, moduleBytes } from '../code/wasm.ts';
import { begin, type Prepared } from './beginning.ts';
import { Heap } from './heap.ts';
import { KernelLayout } from './layout.ts';
import { Store } from './store.ts';

/**
 * What sequences of `model` begin with; undefined for a model with heads of no class, whose keys no memory holds.
 *
 * Functions that generate before every key of a table has occurred are left out: prompts begin with the tables.
 */
export function prepare(model: Model): Prepared | undefined {
  const plan = planOf(model, { general: new Set(), fractions: false });
  if (plan.liveGroups.some((index) => plan.groups[index].kind === 'general')) return undefined;
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
  tree.make(({ generates, ready }) => ready || !generates);
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

  /** Makes the functions of all slots, those included that are reserved meanwhile, whose stages are wanted. */
  make(wanted: (stage: Stage) => boolean): void {
    for (let slot = 0; slot < this.waiting.length; slot++) if (wanted(this.waiting[slot])) this.makeSlot(slot);
  }

  private makeSlot(slot: number): void {
    const { name, make } = this.compiler.compile(this.waiting[slot]);
    const known = name === undefined ? undefined : this.named.get(name);
    const index = known ?? this.functions.push(make().code) - 1;
    if (name !== undefined) this.named.set(name, index);
    this.elements.set(slot, index);
  }

  /** One module of all functions. */
  module(): Uint8Array {
    const functions = this.functions.map((code) => ({ type: 0, code }));
    return moduleBytes({ types: TYPES, tables: TABLES, imports: [], functions, elements: this.elements });
  }
}
