/**
 * The whole pass over any token, past or present, to be looked at: the residual stream is recomputed with the model's
 * matrices; only the choice of each head and the value that it brings come from what the kernel keeps.
 */
import type { HeadInspection, Inspection } from '../../transformer/generator.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import type { Found } from './attention-as-of.ts';
import { brought, type Memory, NodeValues } from './node-values.ts';

/** The whole pass over token t. */
export function inspect(memory: Memory, t: number): Inspection {
  const { model, plan, heap, attention } = memory;
  const { config } = model;
  const x = new Float64Array(config.dModel);
  const outputs = new Float64Array(2 * config.heads);
  model.embed.addRow(heap.token(t), 1, x);
  x[config.position.slot] += t;
  x[config.position.squareSlot] += t * t;
  const residuals = [x.slice()];
  const heads: HeadInspection[] = [];
  model.layers.forEach((layer, l) => {
    outputs.fill(0);
    for (const { head, at, forms } of plan.heads[l]) {
      const query = [layer.q.dot(2 * head, x), layer.q.dot(2 * head + 1, x)] as const;
      const own = [layer.k.dot(2 * head, x), layer.k.dot(2 * head + 1, x)];
      const score = query[0] * own[0] + query[1] * own[1];
      const value: [number, number] = [0, 0];
      let found: Found;
      if (!at) {
        const shared = t + 1;
        found = {
          target: t === 0 ? 0 : -1,
          shared,
          score,
          runnerUp: -1,
          margin: Number.POSITIVE_INFINITY,
          record: 0,
          tied: undefined,
          positions: undefined,
        };
        forms.forEach((form, i) => {
          value[i] =
            form.kind === 'const'
              ? form.value
              : ((t > 0 ? memory.sumUntil(form, t - 1) : 0) + layer.v.dot(2 * head + i, x)) / shared;
        });
      } else {
        found = attention.choose(at.lookup, query[0], query[1], t);
        if (at.lookup.kind === 'self') found.score = score;
        forms.forEach((form, i) => {
          if (form.kind === 'const') value[i] = form.value;
          else if (found.target === t) value[i] = layer.v.dot(2 * head + i, x);
          else value[i] = parts(memory, at, found, form, t);
        });
      }
      outputs.set(value, 2 * head);
      const { target, shared, runnerUp, margin } = found;
      heads.push({ layer: l, head, query, target, shared, score: found.score, value, runnerUp, margin });
    }
    layer.o.addTimes(outputs, x);
    residuals.push(x.slice());
    const activations = new Float64Array(config.dFfn);
    for (let n = 0; n < layer.gate.rows; n++) {
      const gate = layer.gate.dot(n, x);
      if (gate > 0) activations[n] = gate * layer.up.dot(n, x);
    }
    layer.down.addTimes(activations, x);
    residuals.push(x.slice());
  });
  const logits = Float64Array.from({ length: model.unembed.rows }, (_, row) => model.unembed.dot(row, x));
  return { token: t, heads, residuals, logits };
}

/** A head's value: the sum of what its look-up brings, in the parts in which it is stored. */
function parts(memory: Memory, at: LookupNode, found: Found, form: Node, t: number): number {
  const { nodes } = memory.plan;
  const own = (part: Node) => new NodeValues(memory, t).of(part);
  if (form.local) return brought(memory, at.lookup, found, form, t, own);
  const whole = nodes.value(at, form);
  if (whole.kind === 'value' && whole.at === at) return brought(memory, at.lookup, found, whole.form, t, own);
  if (whole.kind !== 'lin') return brought(memory, at.lookup, found, form, t, own);
  let sum = whole.constant;
  whole.terms.forEach((term, i) => {
    if (term.kind !== 'value') throw new RangeError('not a part of a value');
    sum += whole.weights[i] * brought(memory, at.lookup, found, term.form, t, own);
  });
  return sum;
}
