/**
 * Graph to weights: lays the schedule's heads and neurons out as the matrices of an ordinary decoder.
 *
 * Row and column conventions are PyTorch's `Linear.weight` ([out, in]); head h of a layer has rows 2h and 2h+1 of
 * q, k and v and columns 2h and 2h+1 of o.
 */
import type { Graph, Linear, Variable } from '../graph/graph.ts';
import type { ModelConfig } from '../transformer/model.ts';
import type { Tensor } from '../transformer/safetensors.ts';
import { type Schedule, schedule } from './schedule.ts';

/** Recency slope of heads where the latest of equal scores wins; any positive number means the same at zero temperature. */
const SLOPE = 1024;
/** Softmax scale 2^(11 + log2 n): with it and the slope above, float64 softmax is exact within the documented range. */
const SCALE_BITS = 11;

/** The tensors and the configuration of the model that computes `graph`. */
export function compile(graph: Graph, eos: readonly number[]): { tensors: Tensor[]; config: ModelConfig } {
  const plan = schedule(graph);
  const { layers, dModel, slotOf } = plan;
  const layerNeurons = plan.neurons.map((_, layer) => mergedNeurons(plan, layer, graph));
  const heads = Math.max(...plan.heads.map((list) => list.length));
  const dFfn = Math.max(...layerNeurons.map((list) => list.length));
  const tensors: Tensor[] = [];
  const matrix = (name: string, rows: number, columns: number): Float64Array => {
    const data = new Float64Array(rows * columns);
    tensors.push({ name, shape: [rows, columns], data });
    return data;
  };
  const put = (data: Float64Array, row: number, linear: Linear, scale = 1) => {
    for (const [variable, weight] of linear) data[row * dModel + slotOf.get(variable)!] += scale * weight;
  };

  const embed = matrix('embed.weight', graph.vocabulary, dModel);
  for (const [variable, slot] of slotOf) {
    if (variable.source.kind !== 'feature') continue;
    const { values } = variable.source;
    for (let token = 0; token < graph.vocabulary; token++) embed[token * dModel + slot] = values[token];
  }
  for (let layer = 0; layer < layers; layer++) {
    const width = layerNeurons[layer].length;
    const name = `layers.${layer}`;
    const [q, k, v] = ['q', 'k', 'v'].map((part) => matrix(`${name}.attn.${part}.weight`, 2 * heads, dModel));
    const o = matrix(`${name}.attn.o.weight`, dModel, 2 * heads);
    plan.heads[layer].forEach(({ head, components, slots }, h) => {
      for (const i of [0, 1]) {
        put(q, 2 * h + i, head.query[i]);
        put(k, 2 * h + i, head.key[i]);
      }
      components.forEach((component, i) => {
        put(v, 2 * h + i, head.values[component]);
        o[slots[i] * 2 * heads + 2 * h + i] = 1;
      });
    });
    const gate = matrix(`${name}.ffn.gate.weight`, width, dModel);
    const up = matrix(`${name}.ffn.up.weight`, width, dModel);
    const down = matrix(`${name}.ffn.down.weight`, dModel, width);
    layerNeurons[layer].forEach((neuron, n) => {
      put(gate, n, neuron.gate);
      for (const [slot, weight] of neuron.upSlots) up[n * dModel + slot] += weight;
      for (const [slot, weight] of neuron.down) down[slot * width + n] += weight;
    });
  }
  const unembed = matrix('unembed.weight', graph.vocabulary, dModel);
  for (const [token, logit] of graph.logits) put(unembed, token, logit);

  const slotIndex = (variable: Variable) => slotOf.get(variable)!;
  const config: ModelConfig = {
    format: 'stepformer-1',
    dModel,
    layers,
    heads,
    headSize: 2,
    dFfn,
    vocabulary: graph.vocabulary,
    position: { slot: slotIndex(graph.position), squareSlot: slotIndex(graph.square) },
    recencySlopes: plan.heads.map((list) =>
      Array.from({ length: heads }, (_, h) => (list[h]?.head.latest ? SLOPE : 0)),
    ),
    softmax: { scaleBits: SCALE_BITS },
    eos: [...eos],
    names: {
      heads: plan.heads.map((list) => Array.from({ length: heads }, (_, h) => list[h]?.head.role ?? '')),
      slots: [...plan.slotNames],
    },
  };
  return { tensors, config };
}

interface MergedNeuron {
  gate: Linear;
  upSlots: Map<number, number>;
  down: Map<number, number>;
}

/** A layer's neurons; those with the same gate and input are one neuron with several outputs. Erasers come last. */
function mergedNeurons(plan: Schedule, layer: number, graph: Graph): MergedNeuron[] {
  const merged = new Map<string, MergedNeuron>();
  const text = (slots: Iterable<readonly [number, number]>) =>
    [...slots]
      .sort((a, b) => a[0] - b[0])
      .map(([slot, weight]) => `${slot}:${weight}`)
      .join();
  const slots = (linear: Linear) => {
    const result = new Map<number, number>();
    for (const [variable, weight] of linear) result.set(plan.slotOf.get(variable)!, weight);
    return result;
  };
  const add = (gate: Linear, upSlots: Map<number, number>, slot: number, coefficient: number) => {
    const key = `${text(slots(gate))}|${text(upSlots)}`;
    let neuron = merged.get(key);
    if (!neuron) {
      neuron = { gate, upSlots, down: new Map() };
      merged.set(key, neuron);
    }
    neuron.down.set(slot, (neuron.down.get(slot) ?? 0) + coefficient);
  };
  for (const { neuron, slot } of plan.neurons[layer]) add(neuron.gate, slots(neuron.up), slot, neuron.coefficient);
  const one = graph.linear(1);
  for (const slot of plan.erased[layer]) add(one, new Map([[slot, 1]]), slot, -1);
  return [...merged.values()];
}
