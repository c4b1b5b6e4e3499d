/**
 * Places a graph's operations into layers (as early as their inputs allow) and its variables into slots of the
 * residual stream (a slot is erased by a neuron and reused when its variable is dead).
 *
 * Stages count half-layers: 2ℓ is the stream before layer ℓ's attention, 2ℓ+1 before its feed-forward.
 */
import type { Graph, Head, Linear, Neuron, Variable } from '../graph/graph.ts';

export interface PlacedHead {
  readonly head: Head;
  /** Components of the head's values that this physical head of size 2 carries. */
  readonly components: readonly number[];
  readonly slots: readonly number[];
}

export interface PlacedNeuron {
  readonly neuron: Neuron;
  readonly slot: number;
}

export interface Schedule {
  readonly layers: number;
  readonly dModel: number;
  readonly heads: readonly (readonly PlacedHead[])[];
  readonly neurons: readonly (readonly PlacedNeuron[])[];
  /** Slots erased by each layer's feed-forward. */
  readonly erased: readonly (readonly number[])[];
  readonly slotOf: ReadonlyMap<Variable, number>;
  /** Stage from which a variable's slot holds it whole: after so many half-layers. */
  readonly readyAt: ReadonlyMap<Variable, number>;
  /** Stage at which a variable's slot first holds a part of it, and nothing of the variable before it any more. */
  readonly bornAt: ReadonlyMap<Variable, number>;
  /** Names of the variables that a slot holds, in order; for display. */
  readonly slotNames: readonly string[];
}

/** Whether a variable is a mean or made of one: the only values that are not exact. */
function isRounding(): (variable: Variable) => boolean {
  const known = new Map<Variable, boolean>();
  const find = ({ source }: Variable): boolean => {
    switch (source.kind) {
      case 'head':
        return source.head.key.every((linear) => linear.size === 0);
      case 'sum':
        return source.neurons.some(({ gate, up }) => [...gate.keys(), ...up.keys()].some(rounded));
      default:
        return false;
    }
  };
  const rounded = (variable: Variable): boolean => {
    let found = known.get(variable);
    if (found === undefined) {
      found = find(variable);
      known.set(variable, found);
    }
    return found;
  };
  return rounded;
}

/** Schedules everything that the logits depend on. */
export function schedule(graph: Graph): Schedule {
  const ready = new Map<Variable, number>();
  const born = new Map<Variable, number>();
  const lastRead = new Map<Variable, number>();
  const heads: { head: Head; layer: number; outputs: Map<number, Variable> }[] = [];
  const headOf = new Map<Head, (typeof heads)[number]>();
  const neurons: { neuron: Neuron; layer: number; target: Variable }[] = [];

  const inputsReady = (linears: readonly Linear[]) =>
    Math.max(0, ...linears.flatMap((linear) => [...linear.keys()].map(place)));
  const read = (linears: readonly Linear[], stage: number) => {
    for (const linear of linears) {
      for (const variable of linear.keys()) lastRead.set(variable, Math.max(lastRead.get(variable) ?? 0, stage));
    }
  };

  /** Stage at which the variable is complete; places what makes it. */
  function place(variable: Variable): number {
    const known = ready.get(variable);
    if (known !== undefined) return known;
    const { source } = variable;
    let stage = 0;
    let first = 0;
    if (source.kind === 'head') {
      let placed = headOf.get(source.head);
      if (!placed) {
        const { key, query, values } = source.head;
        const inputs = [...key, ...query, ...values];
        const layer = Math.ceil(inputsReady(inputs) / 2);
        read(inputs, 2 * layer);
        placed = { head: source.head, layer, outputs: new Map() };
        headOf.set(source.head, placed);
        heads.push(placed);
      }
      placed.outputs.set(source.component, variable);
      stage = first = 2 * placed.layer + 1;
    } else if (source.kind === 'sum') {
      first = Number.POSITIVE_INFINITY;
      for (const neuron of source.neurons) {
        const inputs = [neuron.gate, neuron.up];
        const layer = Math.ceil(Math.max(0, inputsReady(inputs) - 1) / 2);
        read(inputs, 2 * layer + 1);
        neurons.push({ neuron, layer, target: variable });
        stage = Math.max(stage, 2 * layer + 2);
        first = Math.min(first, 2 * layer + 2);
      }
    }
    ready.set(variable, stage);
    born.set(variable, first);
    return stage;
  }

  const logits = [...graph.logits.values()];
  const layers = Math.ceil(inputsReady(logits) / 2);
  read(logits, 2 * layers);
  place(graph.one);
  place(graph.position);
  place(graph.square);
  for (const always of [graph.one, graph.position, graph.square]) lastRead.set(always, 2 * layers);

  const slotOf = new Map<Variable, number>();
  const names: string[][] = [];
  /** Per slot: the first layer whose feed-forward may erase what it holds, and whether that is rounded off. */
  const freeFrom: number[] = [];
  const isRounded: boolean[] = [];
  const rounded = isRounding();
  const erased: number[][] = Array.from({ length: layers }, () => []);
  const order = [...born.keys()].sort((a, b) => born.get(a)! - born.get(b)!);
  for (const variable of order) {
    const start = born.get(variable)!;
    // Written by feed-forward ℓ (stage 2ℓ+2): that one may erase too. By attention ℓ: the one before must have.
    const eraser = start % 2 === 0 ? start / 2 - 1 : (start - 1) / 2 - 1;
    // Integers may come and go in one sum. What is rounded off must be gone before, or its rest would stay behind.
    const written = start % 2 === 0 ? eraser - 1 : eraser;
    let slot = eraser < 0 ? -1 : freeFrom.findIndex((layer, s) => layer <= (isRounded[s] ? written : eraser));
    if (slot < 0) {
      slot = names.length;
      names.push([]);
    } else {
      erased[isRounded[slot] ? freeFrom[slot] : eraser].push(slot);
    }
    isRounded[slot] = rounded(variable);
    names[slot].push(variable.name);
    slotOf.set(variable, slot);
    const dead = Math.max(lastRead.get(variable) ?? 0, ready.get(variable)!);
    freeFrom[slot] = Math.ceil(Math.max(0, dead - 1) / 2);
  }

  const placedHeads: PlacedHead[][] = Array.from({ length: layers }, () => []);
  for (const { head, layer, outputs } of heads) {
    const components = [...outputs.keys()].sort((a, b) => a - b);
    for (let i = 0; i < components.length; i += 2) {
      const pair = components.slice(i, i + 2);
      placedHeads[layer].push({ head, components: pair, slots: pair.map((c) => slotOf.get(outputs.get(c)!)!) });
    }
  }
  const placedNeurons: PlacedNeuron[][] = Array.from({ length: layers }, () => []);
  for (const { neuron, layer, target } of neurons) placedNeurons[layer].push({ neuron, slot: slotOf.get(target)! });
  return {
    layers,
    dModel: names.length,
    heads: placedHeads,
    neurons: placedNeurons,
    erased,
    slotOf,
    readyAt: ready,
    bornAt: born,
    slotNames: names.map((held) => held.join(', then ')),
  };
}
