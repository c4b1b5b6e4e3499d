/**
 * What a model's look-ups need of the past, and where to specialise.
 *
 * Live: what the logits depend on, through whatever earlier tokens stored. Token classes: tokens that agree in the
 * features that have few values.
 */
import type { Model } from '../../transformer/model.ts';
import { memo } from '../graph/memo.ts';
import type { Node, NodeOf } from '../graph/node.ts';
import type { Lookup } from './classify.ts';
import { type Classes, classesOf, findPivots, type Pivot } from './pivots.ts';
import { type Findings, type Front, readWeights } from './read-weights.ts';

/** Features with at most so many values over the vocabulary tell classes of tokens apart. */
const CLASS_VALUES = 16;

export interface Plan extends Front {
  /** Nodes that the logits are sums of: those of `final` that the unembedding reads. */
  readonly logits: readonly Node[];
  readonly liveGroups: readonly number[];
  /** By group: forms that a record stores. */
  readonly stored: readonly (readonly Node[])[];
  /** Forms that every token stores, for look-ups that may find any token. */
  readonly streams: readonly Node[];
  /** Forms that are summed over all tokens. */
  readonly sums: readonly Node[];
  readonly flags: readonly Extract<Lookup, { kind: 'flag' }>[];
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
  const front = readWeights(model, findings);
  const { nodes, groups, final } = front;
  const read = new Set<number>(model.unembed.columns);
  const logits = final.filter((_, slot) => read.has(slot));
  const groupSet = new Set<number>();
  const stored: Node[][] = groups.map(() => []);
  const streams = new Set<Node>();
  const sums = new Set<Node>();
  const flags = new Set<Extract<Lookup, { kind: 'flag' }>>();
  const features = new Set<number>();
  /** Users of each node. */
  const users = new Map<Node, Set<Node>>();
  const seen = new Set<Node>();
  const visit = (node: Node, user?: Node): void => {
    if (user) {
      memo(users, node, () => new Set()).add(user);
    }
    if (seen.has(node)) return;
    seen.add(node);
    switch (node.kind) {
      case 'feature':
        features.add(node.column);
        break;
      case 'lin':
        for (const term of node.terms) visit(term, node);
        break;
      case 'product':
        visit(node.gate, node);
        visit(node.up, node);
        break;
      case 'mul':
        visit(node.a, node);
        visit(node.b, node);
        break;
      case 'clamp':
      case 'entry':
        visit(node.x, node);
        break;
      case 'mean':
      case 'sum':
        sums.add(node.form);
        if (!node.form.local) streams.add(node.form);
        visit(node.form, node);
        break;
      case 'value': {
        const { at, form } = node;
        visit(at, node);
        if (at.lookup.kind === 'flag') visit(form, node);
        else if (!form.local) {
          if (at.lookup.kind === 'address') {
            const list = stored[at.lookup.group];
            if (!list.includes(form)) list.push(form);
          } else streams.add(form);
          visit(form, node);
        }
        break;
      }
      case 'distance':
        visit(node.at, node);
        break;
      case 'lookup': {
        const { lookup } = node;
        visit(node.x, node);
        visit(node.y, node);
        if (lookup.kind === 'flag') flags.add(lookup);
        if (lookup.kind === 'address' || lookup.kind === 'general') {
          groupSet.add(lookup.group);
          visit(groups[lookup.group].keyX, node);
          visit(groups[lookup.group].keyY, node);
        }
        break;
      }
    }
  };
  for (const node of logits) visit(node);
  // Heads that nothing depends on can be looked at all the same: their keys and values are kept too.
  for (const { at, forms } of front.heads.flat()) {
    if (at?.lookup.kind === 'self') continue;
    if (at?.lookup.kind === 'address' || at?.lookup.kind === 'general') visit(at);
    for (const form of forms) {
      if (form.kind === 'const') continue;
      if (!at) visit(nodes.mean(form));
      else for (const part of partsOf(nodes.value(at, form))) if (!(part as NodeOf<'value'>).form.local) visit(part);
    }
  }

  const vocabulary = model.config.vocabulary;
  const few = [...features].map((column) => nodes.columns[column].values).filter(hasFewValues);
  const tokens = classesOf(vocabulary, [...few, ...[...flags].map(({ top }) => top)])!;

  return {
    ...front,
    logits,
    liveGroups: [...groupSet].sort((a, b) => a - b),
    stored,
    streams: [...streams],
    sums: [...sums],
    flags: [...flags],
    tokens,
    pivots: findPivots(nodes, seen, users),
  };
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
