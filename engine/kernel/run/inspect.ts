/**
 * The pass over any token, past or present, by the weights' own matrices or by the graph.
 *
 * `inspect` recomputes the residual stream with the model's matrices; only the choice of each head and the value it
 * brings come from what the kernel keeps. `Live` computes single nodes for the current token: what generated code
 * leaves to it.
 */
import type { HeadInspection, Inspection } from '../../transformer/generator.ts';
import type { Model } from '../../transformer/model.ts';
import type { Lookup } from '../analysis/classify.ts';
import type { Plan } from '../analysis/plan.ts';
import { memo } from '../graph/memo.ts';
import { entryAt, type LookupNode, type Node, type NodeOf } from '../graph/node.ts';
import type { Chooser, Found } from './attention-as-of.ts';
import type { Heap } from './heap.ts';

/** What the passes need of the kernel. */
export interface Memory {
  readonly model: Model;
  readonly plan: Plan;
  readonly heap: Heap;
  readonly chooser: Chooser;
  /** Sum of a form over tokens 0..t. */
  sumUntil(form: Node, t: number): number;
  stream(form: Node, position: number): number;
}

/** A local form at position p. */
export function local({ plan, heap }: Memory, node: Node, p: number): number {
  const at = (form: Node, position: number): number => {
    switch (form.kind) {
      case 'const':
        return form.value;
      case 'feature':
        return plan.nodes.columns[form.column].values[heap.token(position)];
      case 'position':
        return position;
      case 'square':
        return position * position;
      case 'lin': {
        let sum = form.constant;
        for (let i = 0; i < form.terms.length; i++) sum += form.weights[i] * at(form.terms[i], position);
        return sum;
      }
      case 'product': {
        const gate = at(form.gate, position);
        return gate > 0 ? gate * at(form.up, position) : 0;
      }
      case 'mul':
        return at(form.a, position) * at(form.b, position);
      case 'clamp':
        return Math.min(Math.max(at(form.x, position), 0), form.limit);
      case 'entry':
        return entryAt(form.table, at(form.x, position));
      case 'value':
        if (form.at.lookup.kind === 'shift') return at(form.form, Math.max(0, position - form.at.lookup.back));
    }
    throw new RangeError('not a local form');
  };
  return at(node, p);
}

/** What a look-up brings of `form` (not a sum with parts to take apart). */
function brought(
  memory: Memory,
  lookup: Lookup,
  found: Found,
  form: Node,
  t: number,
  own: (form: Node) => number,
): number {
  const { plan, heap } = memory;
  const at = (p: number) => (form.local ? local(memory, form, p) : p === t ? own(form) : memory.stream(form, p));
  if (form.kind === 'const') return form.value;
  if (found.target < 0) {
    let sum = 0;
    if (found.tied) {
      for (const [id, count] of found.tied) sum += count * byId(plan, form, id);
      return sum / found.shared;
    }
    for (const p of found.positions!) sum += at(p);
    return sum / found.shared;
  }
  if (form.local || lookup.kind !== 'address' || found.target === t) return at(found.target);
  if (found.record > 0) return heap.storedValue(lookup.group, found.record, plan.stored[lookup.group].indexOf(form));
  return new Live(memory, found.target).of(form);
}

function byId({ nodes }: Plan, form: Node, id: number): number {
  if (form.kind === 'const') return form.value;
  if (form.kind === 'feature') return nodes.columns[form.column].values[id];
  if (form.kind !== 'lin') throw new RangeError('not a function of the token');
  return form.terms.reduce(
    (sum, term, i) => sum + form.weights[i] * nodes.columns[(term as { column: number }).column].values[id],
    form.constant,
  );
}

/** Nodes as they are for one token. */
export class Live {
  private readonly memory: Memory;
  private readonly t: number;
  private readonly values = new Map<Node, number>();
  private readonly found = new Map<LookupNode, Found>();

  /** Called before a look-up searches among its group: the current token may have to join it first. */
  private readonly join: ((group: number) => void) | undefined;

  constructor(memory: Memory, t: number, join?: (group: number) => void) {
    this.memory = memory;
    this.t = t;
    this.join = join;
  }

  of(node: Node): number {
    return memo(this.values, node, () => this.compute(node));
  }

  private compute(node: Node): number {
    const { memory, t } = this;
    switch (node.kind) {
      case 'lin': {
        let sum = node.constant;
        for (let i = 0; i < node.terms.length; i++) sum += node.weights[i] * this.of(node.terms[i]);
        return sum;
      }
      case 'product': {
        const gate = this.of(node.gate);
        return gate > 0 ? gate * this.of(node.up) : 0;
      }
      case 'mul':
        return this.of(node.a) * this.of(node.b);
      case 'clamp':
        return Math.min(Math.max(this.of(node.x), 0), node.limit);
      case 'entry':
        return this.entry(node);
      case 'sum':
      case 'mean': {
        const before = t > 0 ? memory.sumUntil(node.form, t - 1) : 0;
        const sum = before + this.of(node.form);
        return node.kind === 'sum' ? sum : sum / (t + 1);
      }
      case 'value':
        return brought(memory, node.at.lookup, this.choose(node.at), node.form, t, (form) => this.of(form));
      case 'lookup':
        throw new RangeError('a look-up is no number');
      default:
        return local(memory, node, t);
    }
  }

  private entry({ table, x }: NodeOf<'entry'>): number {
    const at = this.of(x);
    if (Number.isInteger(at)) return entryAt(table, at);
    // A mean: a table says nothing of it, but its neurons do.
    return table.neurons.reduce((sum, { gate, weight }) => sum + weight * Math.max(0, this.of(gate)), 0);
  }

  private choose(at: LookupNode): Found {
    let found = this.found.get(at);
    if (!found) {
      const { lookup } = at;
      if (lookup.kind === 'address' || lookup.kind === 'general') this.join?.(lookup.group);
      found = this.memory.chooser.choose(at.lookup, this.of(at.x), this.of(at.y), this.t);
      this.found.set(at, found);
    }
    return found;
  }
}

/** The whole pass over token t. */
export function inspect(memory: Memory, t: number): Inspection {
  const { model, plan, heap, chooser } = memory;
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
        found = chooser.choose(at.lookup, query[0], query[1], t);
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
  const own = (part: Node) => new Live(memory, t).of(part);
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
