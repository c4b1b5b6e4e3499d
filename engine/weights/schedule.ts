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

/** Where everything that the logits depend on happens: the operations' layers, and the lives of variables in stages. */
class Placement {
  readonly layers: number;
  readonly ready = new Map<Variable, number>();
  readonly born = new Map<Variable, number>();
  readonly lastRead = new Map<Variable, number>();
  readonly heads = new Map<Head, { layer: number; outputs: Map<number, Variable> }>();
  readonly neurons: { neuron: Neuron; layer: number; target: Variable }[] = [];

  constructor(graph: Graph) {
    const logits = [...graph.logits.values()];
    this.layers = Math.ceil(this.inputsReady(logits) / 2);
    const end = 2 * this.layers;
    this.read(logits, end);
    for (const always of [graph.one, graph.position, graph.square]) {
      this.place(always);
      this.lastRead.set(always, end);
    }
  }

  private inputsReady(linears: readonly Linear[]): number {
    return Math.max(0, ...linears.flatMap((linear) => [...linear.keys()].map((variable) => this.place(variable))));
  }

  private read(linears: readonly Linear[], stage: number): void {
    for (const linear of linears) {
      for (const variable of linear.keys()) {
        this.lastRead.set(variable, Math.max(this.lastRead.get(variable) ?? 0, stage));
      }
    }
  }

  /** Stage at which the variable is complete; places what makes it. */
  private place(variable: Variable): number {
    const known = this.ready.get(variable);
    if (known !== undefined) return known;
    const { source } = variable;
    let stage = 0;
    let first = 0;
    if (source.kind === 'head') {
      const placed = this.placeHead(source.head);
      placed.outputs.set(source.component, variable);
      stage = first = 2 * placed.layer + 1;
    } else if (source.kind === 'sum') {
      first = Number.POSITIVE_INFINITY;
      for (const neuron of source.neurons) {
        const inputs = [neuron.gate, neuron.up];
        const layer = Math.ceil(Math.max(0, this.inputsReady(inputs) - 1) / 2);
        this.read(inputs, 2 * layer + 1);
        this.neurons.push({ neuron, layer, target: variable });
        stage = Math.max(stage, 2 * layer + 2);
        first = Math.min(first, 2 * layer + 2);
      }
    }
    this.ready.set(variable, stage);
    this.born.set(variable, first);
    return stage;
  }

  private placeHead(head: Head) {
    const known = this.heads.get(head);
    if (known) return known;
    const inputs = [...head.key, ...head.query, ...head.values];
    const layer = Math.ceil(this.inputsReady(inputs) / 2);
    this.read(inputs, 2 * layer);
    const placed = { layer, outputs: new Map<number, Variable>() };
    this.heads.set(head, placed);
    return placed;
  }
}

/** Gives every variable a slot: a new one, or that of a variable which nothing reads any more. */
function assignSlots({ layers, ready, born, lastRead }: Placement) {
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
  return { slotOf, erased, names };
}

/** Schedules everything that the logits depend on. */
export function schedule(graph: Graph): Schedule {
  const placement = new Placement(graph);
  const { slotOf, erased, names } = assignSlots(placement);
  const { layers } = placement;
  const heads: PlacedHead[][] = Array.from({ length: layers }, () => []);
  for (const [head, { layer, outputs }] of placement.heads) {
    const components = [...outputs.keys()].sort((a, b) => a - b);
    for (let i = 0; i < components.length; i += 2) {
      const pair = components.slice(i, i + 2);
      heads[layer].push({ head, components: pair, slots: pair.map((c) => slotOf.get(outputs.get(c)!)!) });
    }
  }
  const neurons: PlacedNeuron[][] = Array.from({ length: layers }, () => []);
  for (const { neuron, layer, target } of placement.neurons) neurons[layer].push({ neuron, slot: slotOf.get(target)! });
  return {
    layers,
    dModel: names.length,
    heads,
    neurons,
    erased,
    slotOf,
    readyAt: placement.ready,
    bornAt: placement.born,
    slotNames: names.map((held) => held.join(', then ')),
  };
}
