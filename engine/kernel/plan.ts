/**
 * What a model's look-ups need of the past, and where to specialise.
 *
 * Live: what the logits depend on, through whatever earlier tokens stored. Token classes: tokens that agree in the
 * features that have few values. Pivots: look-ups that bring features with few distinct values on which most of the
 * graph depends; the kernel branches on the class of the token they found.
 */
import type { Model } from '../transformer/model.ts';
import { type Findings, type Front, readWeights } from './front.ts';
import type { Lookup } from './lookups.ts';
import { memo } from './memo.ts';
import type { LookupNode, Node, NodeOf } from './node.ts';

/** Features with at most so many values over the vocabulary tell classes of tokens apart. */
const CLASS_VALUES = 16;
/** A pivot tells at most so many classes apart. */
const PIVOT_CLASSES = 220;

/** Classes of token ids. */
export interface Classes {
  /** [vocabulary] */
  readonly of: Uint16Array;
  /** One id of each class. */
  readonly members: readonly number[];
}

export interface Pivot extends Classes {
  readonly at: LookupNode;
  /** Values of a form of the pivot by class. */
  readonly known: ReadonlyMap<Node, Float64Array>;
  /** Nodes that depend on nothing else, in an order in which each comes after what it is made of. */
  readonly pure: readonly Node[];
}

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
  const values = new Map<LookupNode, Set<Node>>();
  /** Users of each node, to see what depends on a pivot. */
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
        memo(values, at, () => new Set()).add(form);
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
  const few = [...features]
    .map((column) => nodes.columns[column].values)
    .filter((list) => new Set(list).size <= CLASS_VALUES);
  const tokens = classesOf(vocabulary, [...few, ...[...flags].map(({ top }) => top)]);

  const neurons = (node: Node) => node.kind === 'product' || node.kind === 'mul' || node.kind === 'clamp';
  const total = [...seen].filter(neurons).length;
  const pivots: (Omit<Pivot, 'pure'> & { dependents: number })[] = [];
  for (const [at, forms] of values) {
    if (at.lookup.kind === 'shift' || at.lookup.kind === 'table' || at.lookup.kind === 'few') continue;
    const byId = [...forms].filter((form): form is NodeOf<'feature'> => form.kind === 'feature');
    if (byId.length === 0) continue;
    const classes = classesOf(
      vocabulary,
      byId.map(({ column }) => nodes.columns[column].values),
    );
    if (classes.members.length > PIVOT_CLASSES) continue;
    const reached = new Set<Node>();
    const reach = (node: Node): void => {
      for (const user of users.get(node) ?? []) {
        if (reached.has(user)) continue;
        reached.add(user);
        reach(user);
      }
    };
    for (const node of users.get(at) ?? [])
      if (node.kind === 'value' && byId.includes(node.form as NodeOf<'feature'>)) reach(node);
    const dependents = [...reached].filter(neurons).length;
    if (dependents * 2 < total) continue;
    const known = new Map<Node, Float64Array>(
      byId.map((form) => [form, Float64Array.from(classes.members, (id) => nodes.columns[form.column].values[id])]),
    );
    pivots.push({ at, known, dependents, ...classes });
  }
  pivots.sort((a, b) => b.dependents - a.dependents);
  return {
    ...front,
    logits,
    liveGroups: [...groupSet].sort((a, b) => a - b),
    stored,
    streams: [...streams],
    sums: [...sums],
    flags: [...flags],
    tokens,
    pivots: pivots.slice(0, 2).map((pivot) => ({ ...pivot, pure: pureNodes(seen, pivot) })),
  };
}

/** What is left of a node's value when it is known what a pivot brought. */
function pureNodes(all: ReadonlySet<Node>, { at, known }: Omit<Pivot, 'pure'>): Node[] {
  const decided = new Map<Node, boolean>();
  const order: Node[] = [];
  const inner = (node: Node): boolean => {
    switch (node.kind) {
      case 'const':
        return true;
      case 'lin':
        return node.terms.every(pure);
      case 'product':
        return pure(node.gate) && pure(node.up);
      case 'mul':
        return pure(node.a) && pure(node.b);
      case 'clamp':
        return pure(node.x);
      case 'value':
        return node.at === at && known.has(node.form);
      default:
        return false;
    }
  };
  const pure = (node: Node): boolean => {
    let result = decided.get(node);
    if (result === undefined) {
      result = inner(node);
      decided.set(node, result);
      if (result && node.kind !== 'const') order.push(node);
    }
    return result;
  };
  for (const node of all) pure(node);
  return order;
}

/** The values that a sum of them is made of. */
function partsOf(node: Node): Node[] {
  if (node.kind === 'lin') return node.terms.flatMap(partsOf);
  return node.kind === 'value' ? [node] : [];
}

/** Classes of ids that agree in all these values. */
function classesOf(vocabulary: number, lists: readonly ArrayLike<number>[]): Classes {
  const of = new Uint16Array(vocabulary);
  const members: number[] = [];
  const known = new Map<string, number>();
  for (let id = 0; id < vocabulary; id++) {
    const key = lists.map((list) => list[id]).join();
    of[id] = memo(known, key, () => members.push(id) - 1);
  }
  return { of, members };
}
