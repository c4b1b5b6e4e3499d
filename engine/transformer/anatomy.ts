/**
 * One pass taken apart: what each head and each neuron added to the residual stream, what that did to the logits, and by
 * which layer the answer stood. Everything that is added adds up to the stream: nothing is estimated.
 *
 * What is added is direct: a head that only leads another to the right token adds nothing to the logit itself. What
 * the stream says behind a layer is what the unembedding would make of it there (the "logit lens").
 */

import { circuits } from './circuits.ts';
import type { HeadInspection, Inspection } from './generator.ts';
import { answerPath } from './influence.ts';
import type { Model, SparseMatrix } from './model.ts';
import { slotName } from './tenants.ts';

/** What something added. */
export interface Addition {
  /** Slots that it changed, ascending, and by how much. */
  readonly slots: readonly { readonly slot: number; readonly name: string; readonly by: number }[];
  /** To the logit of the chosen token, and to that of the rival. */
  readonly chosen: number;
  readonly rival: number;
}

export interface HeadAddition extends HeadInspection, Addition {
  readonly role: string;
  /** Whether it had a part in the answer; see influence.ts. */
  readonly active: boolean;
}

export interface CircuitAddition extends Addition {
  /** What it writes; empty for the neurons that only erase. */
  readonly names: readonly string[];
  readonly neurons: number;
  /** How many of them were open. */
  readonly fired: number;
}

/** A slot that a layer left different. */
export interface SlotChange {
  readonly slot: number;
  /** What it is called behind the layer, and before if that was another variable. */
  readonly name: string;
  readonly was?: string;
  readonly before: number;
  readonly after: number;
  /** Whether what it holds now has a part in the answer. */
  readonly active: boolean;
}

export interface LayerAnatomy {
  readonly heads: readonly HeadAddition[];
  readonly circuits: readonly CircuitAddition[];
  readonly changes: readonly SlotChange[];
  /** The token that the stream would say if this were the last layer. */
  readonly says: number;
}

/** A term of a logit: weight · value of a slot. */
export interface LogitTerm {
  readonly slot: number;
  readonly name: string;
  readonly value: number;
  readonly chosenWeight: number;
  readonly rivalWeight: number;
}

export interface Anatomy {
  /** The token that was passed over. */
  readonly token: number;
  /** Slots of the stream. */
  readonly slots: number;
  /** Tokens of the vocabulary: the one with the greatest logit, and the one it is compared with. */
  readonly chosen: number;
  readonly rival: number;
  /** The best tokens, greatest logit first. */
  readonly best: readonly { readonly id: number; readonly logit: number }[];
  readonly logits: { readonly chosen: number; readonly rival: number };
  /** What the embedding, with the position, put into the stream. */
  readonly embedding: Addition;
  readonly layers: readonly LayerAnatomy[];
  /** The first layer from which on the stream says the chosen token; -1: from the embedding on. */
  readonly decided: number;
  /** Terms of the two logits that are not both zero; those that tell them apart first. */
  readonly terms: readonly LogitTerm[];
}

/** What something adds that is not open. */
const NOTHING: Addition = { slots: [], chosen: 0, rival: 0 };

/** How many of the best tokens are told. */
const BEST = 8;

/** Takes a pass apart. `rival`: the token of the vocabulary to compare with; without, the runner-up. */
export function anatomy(model: Model, inspection: Inspection, rival?: number): Anatomy {
  const { residuals, logits, heads } = inspection;
  const best = greatest(logits, BEST);
  const chosen = best[0].id;
  const other = rival ?? best[1].id;
  const path = answerPath(model, inspection);
  /** `place`: behind which residual it is there. */
  const adding = (by: Float64Array, place: number): Addition => ({
    slots: slotsOf(model, by, place),
    chosen: model.unembed.dot(chosen, by),
    rival: model.unembed.dot(other, by),
  });
  const additions = heads.map((head, i) => ({
    ...head,
    ...adding(brought(model, head), 2 * head.layer + 1),
    role: model.config.names.heads[head.layer]?.[head.head] ?? '',
    active: path.heads[i],
  }));
  const layers = model.layers.map((_, l) => ({
    heads: additions.filter(({ layer }) => layer === l),
    circuits: circuitAdditions(model, l, residuals[2 * l + 1], (by) => adding(by, 2 * l + 2)),
    changes: changes(model, inspection, path.slots, l),
    says: firstOf(model, residuals[2 * l + 2]),
  }));
  const said = [firstOf(model, residuals[0]), ...layers.map(({ says }) => says)];
  return {
    token: inspection.token,
    slots: model.config.dModel,
    chosen,
    rival: other,
    best,
    logits: { chosen: logits[chosen], rival: logits[other] },
    embedding: adding(residuals[0], 0),
    layers,
    decided: said.findLastIndex((id) => id !== chosen),
    terms: terms(model, residuals[residuals.length - 1], chosen, other),
  };
}

/** The slots that something was added to. Loops, since it is asked of hundreds of heads and circuits for one token. */
function slotsOf(model: Model, by: Float64Array, place: number): Addition['slots'] {
  const slots: Addition['slots'][number][] = [];
  for (let slot = 0; slot < by.length; slot++) {
    if (by[slot] !== 0) slots.push({ slot, name: slotName(model, slot, place), by: by[slot] });
  }
  return slots;
}

/** [dModel]: what a head added to the stream. */
function brought({ config, layers }: Model, { layer, head, value }: HeadInspection): Float64Array {
  const by = new Float64Array(config.dModel);
  const { o } = layers[layer];
  value.forEach((component, i) => {
    if (component !== 0) o.addRow(2 * head + i, component, by);
  });
  return by;
}

/** What the circuits of a layer added, where the stream was x. */
function circuitAdditions(
  model: Model,
  l: number,
  x: Float64Array,
  adding: (by: Float64Array) => Addition,
): CircuitAddition[] {
  const { gate, up, down } = model.layers[l];
  return circuits(model)[l].map(({ names, neurons }) => {
    let by: Float64Array | undefined;
    let fired = 0;
    for (const n of neurons) {
      const open = gate.dot(n, x);
      if (open <= 0) continue;
      fired++;
      const activation = open * up.dot(n, x);
      if (activation === 0) continue;
      by ??= new Float64Array(x.length);
      down.addRow(n, activation, by);
    }
    const added = by ? adding(by) : NOTHING;
    return { names, neurons: neurons.length, fired, ...added };
  });
}

/** What layer l left different in the stream. */
function changes(model: Model, { residuals }: Inspection, live: readonly Uint8Array[], l: number): SlotChange[] {
  const [before, after] = [residuals[2 * l], residuals[2 * l + 2]];
  const found: SlotChange[] = [];
  for (let slot = 0; slot < after.length; slot++) {
    if (before[slot] === after[slot]) continue;
    const [was, name] = [slotName(model, slot, 2 * l), slotName(model, slot, 2 * l + 2)];
    const active = live[2 * l + 2][slot] === 1;
    found.push({ slot, name, ...(was !== name && { was }), before: before[slot], after: after[slot], active });
  }
  return found;
}

/** The terms of two logits. */
function terms({ unembed, config }: Model, x: Float64Array, chosen: number, rival: number): LogitTerm[] {
  const slots = new Set([...columnsOf(unembed, chosen), ...columnsOf(unembed, rival)]);
  const all = [...slots]
    .sort((a, b) => a - b)
    .map((slot) => ({
      slot,
      name: config.names.slots[slot]?.split(', then ').at(-1) ?? '',
      value: x[slot],
      chosenWeight: unembed.weight(chosen, slot),
      rivalWeight: unembed.weight(rival, slot),
    }))
    .filter(({ value }) => value !== 0);
  const differs = ({ chosenWeight, rivalWeight }: LogitTerm) => chosenWeight !== rivalWeight;
  return [...all.filter(differs), ...all.filter((term) => !differs(term))];
}

function columnsOf({ starts, columns }: SparseMatrix, row: number): Int32Array {
  return columns.subarray(starts[row], starts[row + 1]);
}

/** The token with the greatest logit for a stream; the first of equal ones. */
function firstOf({ unembed }: Model, x: Float64Array): number {
  let best = Number.NEGATIVE_INFINITY;
  let found = 0;
  for (let row = 0; row < unembed.rows; row++) {
    const logit = unembed.dot(row, x);
    if (logit > best) {
      best = logit;
      found = row;
    }
  }
  return found;
}

/** The greatest logits, the first of equal ones before the others. */
function greatest(logits: Float64Array, count: number): { id: number; logit: number }[] {
  const found: { id: number; logit: number }[] = [];
  logits.forEach((logit, id) => {
    if (found.length === count && logit <= found[count - 1].logit) return;
    const behind = found.findIndex((other) => other.logit < logit);
    found.splice(behind < 0 ? found.length : behind, 0, { id, logit });
    found.length = Math.min(found.length, count);
  });
  return found;
}
