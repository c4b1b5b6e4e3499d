/**
 * What a model's look-ups need of the past, and where to branch.
 *
 * NodeValues: what the logits depend on, through whatever earlier tokens stored. Token classes: tokens that agree in the
 * features that have few values.
 */
import type { Model } from '../../transformer/model.ts';
import type { LookupOf } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import type { LookupNode, Node, NodeOf } from '../graph/node.ts';
import { type Findings, type ModelGraph, modelGraph } from './model-graph.ts';
import { type Classes, classesOf, findPivots, type Pivot } from './pivots.ts';

/** Features with at most so many values over the vocabulary tell classes of tokens apart. */
const CLASS_VALUES = 16;

export interface Plan extends ModelGraph {
  /** Nodes that the logits are sums of: those of `final` that the unembedding reads. */
  readonly logits: readonly Node[];
  /** All that the logits and the heads depend on, with what uses each. */
  readonly live: ReadonlyMap<Node, ReadonlySet<Node>>;
  readonly liveGroups: readonly number[];
  /** By group: forms that a record stores. */
  readonly stored: readonly (readonly Node[])[];
  /** Forms that every token stores, for look-ups that may find any token. */
  readonly streams: readonly Node[];
  /** Forms that are summed over all tokens. */
  readonly sums: readonly Node[];
  readonly flags: readonly LookupOf<'flag'>[];
  readonly tokens: Classes;
  readonly pivots: readonly Pivot[];
}

/** Plans of models that are what they look like: a model's second kernel starts at once. */
const plans = new WeakMap<Model, Plan>();

/** The plan of a model, with what was found out about it. */
export function planOf(model: Model, findings: Findings): Plan {
  if (findings.fractions || findings.general.size > 0) return plan(model, findings);
  return memo(plans, model, () => plan(model, findings));
}

function plan(model: Model, findings: Findings): Plan {
  const graph = modelGraph(model, findings);
  const { nodes, final } = graph;
  const read = new Set<number>(model.unembed.columns);
  const logits = final.filter((_, slot) => read.has(slot));
  const needed = new Needed(graph);
  for (const node of logits) needed.add(node);
  // Heads that nothing depends on can be looked at all the same: their keys and values are kept too.
  for (const { at, forms } of graph.heads.flat()) {
    if (at?.lookup.kind === 'self') continue;
    if (at?.lookup.kind === 'address' || at?.lookup.kind === 'general') needed.add(at);
    for (const form of forms) {
      if (form.kind === 'const') continue;
      if (!at) needed.add(nodes.mean(form));
      else
        for (const part of partsOf(nodes.value(at, form))) if (!(part as NodeOf<'value'>).form.local) needed.add(part);
    }
  }
  const few = [...needed.features].map((column) => nodes.columns[column].values).filter(hasFewValues);
  const flags = [...needed.flags];
  return {
    ...graph,
    logits,
    live: needed.users,
    liveGroups: [...needed.groups].sort((a, b) => a - b),
    stored: needed.stored,
    streams: [...needed.streams],
    sums: [...needed.sums],
    flags,
    tokens: classesOf(model.config.vocabulary, [...few, ...flags.map(({ top }) => top)])!,
    pivots: findPivots(nodes, needed.users),
  };
}

/** Collects what nodes depend on, through whatever earlier tokens stored. */
class Needed {
  /** Nodes, and what uses each. */
  readonly users = new Map<Node, Set<Node>>();
  readonly groups = new Set<number>();
  /** By group: forms that a record stores. */
  readonly stored: readonly Node[][];
  readonly streams = new Set<Node>();
  readonly sums = new Set<Node>();
  readonly flags = new Set<LookupOf<'flag'>>();
  /** Columns of the embedding. */
  readonly features = new Set<number>();
  private readonly graph: ModelGraph;

  constructor(graph: ModelGraph) {
    this.graph = graph;
    this.stored = graph.groups.map(() => []);
  }

  add(node: Node, user?: Node): void {
    const known = this.users.get(node);
    if (user) known?.add(user);
    if (known) return;
    this.users.set(node, new Set(user ? [user] : []));
    switch (node.kind) {
      case 'feature':
        this.features.add(node.column);
        break;
      case 'lin':
        for (const term of node.terms) this.add(term, node);
        break;
      case 'product':
        this.add(node.gate, node);
        this.add(node.up, node);
        break;
      case 'mul':
        this.add(node.a, node);
        this.add(node.b, node);
        break;
      case 'clamp':
      case 'entry':
        this.add(node.x, node);
        break;
      case 'mean':
      case 'sum':
        this.sums.add(node.form);
        if (!node.form.local) this.streams.add(node.form);
        this.add(node.form, node);
        break;
      case 'value':
        this.addValue(node);
        break;
      case 'distance':
        this.add(node.at, node);
        break;
      case 'lookup':
        this.addLookup(node);
        break;
    }
  }

  private addValue(node: NodeOf<'value'>): void {
    const { at, form } = node;
    this.add(at, node);
    if (at.lookup.kind !== 'flag') {
      // It is computed again at the token found.
      if (form.local) return;
      if (at.lookup.kind === 'address') {
        const list = this.stored[at.lookup.group];
        if (!list.includes(form)) list.push(form);
      } else this.streams.add(form);
    }
    this.add(form, node);
  }

  private addLookup(node: LookupNode): void {
    const { lookup, x, y } = node;
    this.add(x, node);
    this.add(y, node);
    if (lookup.kind === 'flag') this.flags.add(lookup);
    if (lookup.kind !== 'address' && lookup.kind !== 'general') return;
    this.groups.add(lookup.group);
    const { keyX, keyY } = this.graph.groups[lookup.group];
    this.add(keyX, node);
    this.add(keyY, node);
  }
}

function hasFewValues(list: Float64Array): boolean {
  const values = new Set<number>();
  let last = Number.NaN;
  for (let id = 0; id < list.length && values.size <= CLASS_VALUES; id++) {
    if (list[id] !== last) values.add(list[id]);
    last = list[id];
  }
  return values.size <= CLASS_VALUES;
}

/** The values that a sum of them is made of. */
function partsOf(node: Node): Node[] {
  if (node.kind === 'lin') return node.terms.flatMap(partsOf);
  return node.kind === 'value' ? [node] : [];
}
