/**
 * Pivots: where the kernel branches. A pivot is a look-up, or an integer that tables are looked into; what it brings has
 * few distinct values, and most of the graph depends on it. Its classes are the tokens it may find, or the integers,
 * that bring the same.
 */
import { memo } from '../graph/memo.ts';
import { entryAt, type Node, type NodeOf } from '../graph/node.ts';
import type { Nodes } from '../graph/nodes.ts';

/** A pivot tells at most so many classes apart. */
const MOST_CLASSES = 220;
/** Branches from the start to a leaf. */
const MOST_PIVOTS = 2;

/** Classes of numbers from `first` on: token ids (from 0), or entries of tables. */
export interface Classes {
  /** Class of first + k. */
  readonly of: Uint16Array;
  readonly first: number;
  /** One number of each class. */
  readonly members: readonly number[];
}

/** What the pivot is, and the values of the nodes that it brings, by class. */
interface Source extends Classes {
  /** A look-up, with classes of the ids of the tokens it may find; or an integer, with classes of its values. */
  readonly at: Node;
  readonly known: ReadonlyMap<Node, Float64Array>;
}

export interface Pivot extends Source {
  /** Nodes that depend on nothing else, in an order in which each comes after what it is made of. */
  readonly pure: readonly Node[];
}

/** The pivots among live nodes, given with their users: those on which most depends first. */
export function findPivots(nodes: Nodes, live: ReadonlyMap<Node, ReadonlySet<Node>>): readonly Pivot[] {
  const isNeuron = (node: Node) => node.kind === 'product' || node.kind === 'mul' || node.kind === 'clamp';
  const total = [...live.keys()].filter(isNeuron).length;
  /** How many neurons depend on one of these. */
  const dependents = (of: Iterable<Node>): number => {
    const reached = new Set<Node>();
    const waiting = [...of];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      for (const user of live.get(node) ?? []) {
        if (reached.has(user)) continue;
        reached.add(user);
        waiting.push(user);
      }
    }
    return [...reached].filter(isNeuron).length;
  };
  const mostDependOn = (count: number) => 2 * count >= total;
  const found: { source: Source; count: number }[] = [];
  const consider = (source: Source | undefined) => {
    if (!source) return;
    const count = dependents(source.known.keys());
    if (mostDependOn(count)) found.push({ source, count });
  };
  const byLookup = new Map<Node, NodeOf<'value'>[]>();
  const byInteger = new Map<Node, NodeOf<'entry'>[]>();
  for (const node of live.keys()) {
    if (node.kind === 'entry') memo(byInteger, node.x, () => []).push(node);
    else if (node.kind === 'value' && node.form.kind === 'feature' && mayBranch(node)) {
      memo(byLookup, node.at, () => []).push(node);
    }
  }
  for (const [at, values] of byLookup) consider(lookupSource(nodes, at, values));
  // Tables that little depends on would only tell more classes apart.
  for (const [x, entries] of byInteger)
    consider(
      tableSource(
        x,
        entries.filter((entry) => mostDependOn(dependents([entry]))),
      ),
    );
  found.sort((a, b) => b.count - a.count);
  return found.slice(0, MOST_PIVOTS).map(({ source }) => ({ ...source, pure: pureNodes(live.keys(), source) }));
}

/** Tables and shifts are cheap, and bring much that differs. */
function mayBranch({ at: { lookup } }: NodeOf<'value'>): boolean {
  return lookup.kind !== 'shift' && lookup.kind !== 'table' && lookup.kind !== 'few';
}

function lookupSource(nodes: Nodes, at: Node, values: readonly NodeOf<'value'>[]): Source | undefined {
  const columns = values.map(({ form }) => nodes.columns[(form as NodeOf<'feature'>).column].values);
  const classes = classesOf(columns[0].length, columns, MOST_CLASSES);
  if (!classes) return undefined;
  const known = values.map((node, i) => [node, Float64Array.from(classes.members, (id) => columns[i][id])] as const);
  return { at, ...classes, known: new Map(known) };
}

function tableSource(x: Node, entries: readonly NodeOf<'entry'>[]): Source | undefined {
  if (entries.length === 0) return undefined;
  const first = Math.min(...entries.map(({ table }) => table.first));
  const end = Math.max(...entries.map(({ table }) => table.first + table.values.length));
  const columns = entries.map(({ table }) =>
    Float64Array.from({ length: end - first }, (_, k) => entryAt(table, first + k)),
  );
  const classes = classesOf(end - first, columns, MOST_CLASSES);
  if (!classes) return undefined;
  const { of, members } = classes;
  const known = entries.map((node, i) => [node, Float64Array.from(members, (k) => columns[i][k])] as const);
  return { at: x, of, first, members: members.map((k) => first + k), known: new Map(known) };
}

/**
 * Classes of the numbers below `count` that agree in all these values, numbered by their first; undefined for more than
 * `most`.
 */
export function classesOf(
  count: number,
  lists: readonly ArrayLike<number>[],
  most = Number.POSITIVE_INFINITY,
): Classes | undefined {
  const labels = new Int32Array(count);
  let used = 1;
  for (const list of lists) {
    const before = used;
    const parts = new Map<number, Map<number, number>>();
    for (let k = 0; k < count; k++) {
      // Most values are 0: those of each class that have another leave it.
      if (list[k] === 0) continue;
      const byValue = memo(parts, labels[k], () => new Map<number, number>());
      labels[k] = memo(byValue, list[k], () => used++);
    }
    if (used - before > most) return undefined;
  }
  const numbers = new Int32Array(used).fill(-1);
  const of = new Uint16Array(count);
  const members: number[] = [];
  for (let k = 0; k < count; k++) {
    if (numbers[labels[k]] < 0) numbers[labels[k]] = members.push(k) - 1;
    of[k] = numbers[labels[k]];
  }
  return members.length > most ? undefined : { of, first: 0, members };
}

/** What is left of a node's value when it is known what a pivot brought. */
function pureNodes(all: Iterable<Node>, { known }: Source): Node[] {
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
      default:
        return known.has(node);
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
