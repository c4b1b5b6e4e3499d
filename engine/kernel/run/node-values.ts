/**
 * Values of nodes, one by one, at any token: what generated code leaves to the graph, and what a look at the past needs.
 */
import type { Model } from '../../transformer/model.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Lookup } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import { entryAt, type LookupNode, type Node, type NodeOf } from '../graph/node.ts';
import type { AttentionAsOf, Found } from './attention-as-of.ts';
import type { Heap } from './heap.ts';

/** What the passes need of the kernel. */
export interface Memory {
  readonly model: Model;
  readonly plan: Plan;
  readonly heap: Heap;
  readonly attention: AttentionAsOf;
  /** Sum of a form over tokens 0..t. */
  sumUntil(form: Node, t: number): number;
  stream(form: Node, position: number): number;
}

/** A local form at position p. */
export function local(memory: Memory, form: Node, p: number): number {
  switch (form.kind) {
    case 'const':
      return form.value;
    case 'feature':
      return memory.plan.nodes.columns[form.column].values[memory.heap.token(p)];
    case 'position':
      return p;
    case 'square':
      return p * p;
    case 'lin': {
      let sum = form.constant;
      for (let i = 0; i < form.terms.length; i++) sum += form.weights[i] * local(memory, form.terms[i], p);
      return sum;
    }
    case 'product': {
      const gate = local(memory, form.gate, p);
      return gate > 0 ? gate * local(memory, form.up, p) : 0;
    }
    case 'mul':
      return local(memory, form.a, p) * local(memory, form.b, p);
    case 'clamp':
      return Math.min(Math.max(local(memory, form.x, p), 0), form.limit);
    case 'entry':
      return entryAt(form.table, local(memory, form.x, p));
    case 'value':
      if (form.at.lookup.kind === 'shift') return local(memory, form.form, Math.max(0, p - form.at.lookup.back));
  }
  throw new RangeError('not a local form');
}

/** What a look-up brings of `form` (not a sum with parts to take apart). */
export function brought(
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
  return new NodeValues(memory, found.target).of(form);
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
export class NodeValues {
  private readonly memory: Memory;
  private readonly t: number;
  private readonly values = new Map<Node, number>();
  private readonly choices = new Map<LookupNode, Found>();

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
        return brought(memory, node.at.lookup, this.found(node.at), node.form, t, (form) => this.of(form));
      case 'distance':
        return t - this.found(node.at).target;
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

  /** The token that a look-up finds. */
  found(at: LookupNode): Found {
    let found = this.choices.get(at);
    if (!found) {
      const { lookup } = at;
      if (lookup.kind === 'address' || lookup.kind === 'general') this.join?.(lookup.group);
      found = this.memory.attention.choose(at.lookup, this.of(at.x), this.of(at.y), this.t);
      this.choices.set(at, found);
    }
    return found;
  }
}
