/**
 * The neurons of a layer by circuit: those belong together that write into a slot together. What a circuit computes is
 * said by the names of the variables that it writes.
 */
import type { Model } from './model.ts';
import { erasers, slotName } from './tenants.ts';

/** Neurons that work together. */
export interface Circuit {
  /** What it writes. Empty for those that only erase. */
  readonly names: readonly string[];
  readonly neurons: readonly number[];
}

const known = new WeakMap<Model, readonly (readonly Circuit[])[]>();

/** [layer]: its circuits, by their first neuron; those that only erase come last, as one. */
export function circuits(model: Model): readonly (readonly Circuit[])[] {
  const found = known.get(model) ?? circuitsOf(model);
  known.set(model, found);
  return found;
}

function circuitsOf(model: Model): Circuit[][] {
  const erasing = erasers(model);
  return model.layers.map((layer, l) => {
    const { down, gate } = layer;
    /** By slot, another one that its circuit writes, towards one that stands for all. */
    const towards = new Map<number, number>();
    const root = (slot: number): number => {
      const next = towards.get(slot) ?? slot;
      return next === slot ? slot : root(next);
    };
    const written = (n: number) => [...down.columns.subarray(down.starts[n], down.starts[n + 1])];
    const all = Array.from({ length: gate.rows }, (_, n) => n);
    const working = all.filter((n) => !erasing[l].has(n) && written(n).length > 0);
    for (const n of working) {
      const [first, ...others] = written(n);
      for (const slot of others) towards.set(root(slot), root(first));
    }
    const groups = new Map<number, { neurons: number[]; slots: Set<number> }>();
    for (const n of working) {
      const slots = written(n);
      const group = groups.get(root(slots[0])) ?? { neurons: [], slots: new Set() };
      groups.set(root(slots[0]), group);
      group.neurons.push(n);
      for (const slot of slots) group.slots.add(slot);
    }
    const found = [...groups.values()].map(({ neurons, slots }) => ({
      names: [...slots].sort((a, b) => a - b).map((slot) => slotName(model, slot, 2 * l + 2)),
      neurons,
    }));
    return erasing[l].size > 0 ? [...found, { names: [], neurons: [...erasing[l]] }] : found;
  });
}
