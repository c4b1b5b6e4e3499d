/**
 * What kind of look-up a head is, found in its weights alone (docs/performance.md).
 *
 * A class is a hypothesis about the keys that makes the winner cheap to find. Whatever it assumes about numbers that
 * are known only at run time is checked there; a head whose keys leave its class becomes a general one.
 */
import { type IdKeys, type Lookup, MAX_SHIFT } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import { constantOf, type Node, type NodeOf } from '../graph/node.ts';
import type { Nodes } from '../graph/nodes.ts';

/** Tokens that are found by one key: what they store. Groups are shared by heads with the same keys and slope. */
export interface Group {
  readonly index: number;
  readonly kind: 'address' | 'general';
  readonly keyX: Node;
  readonly keyY: Node;
  readonly latest: boolean;
  /** Address: key of tokens that do not write. */
  readonly low: readonly [number, number];
  /** Address: keys up to this one beat `low` for every query that is not negative. */
  readonly limit: number;
  /** Layer and row of one head that has these keys: its name, should they leave their class. */
  readonly layer: number;
  readonly keyRow: number;
}

/** Largest number of keys that are scored one by one. */
const FEW = 64;
/** Keys are below this; what exceeds it is no address. */
const MAX_ADDRESS = 2 ** 26;

/** A look-up without its number. */
type Kind<L extends Lookup = Lookup> = L extends Lookup ? Omit<L, 'id'> : never;

/** Keys by token id, and what they look like. */
interface Keyed {
  readonly keys: IdKeys;
  readonly parabola: readonly number[] | undefined;
  readonly few: ReturnType<typeof fewKeys>;
}

/** Recognises heads; equal ones become one. */
export class Classifier {
  readonly groups: Group[] = [];
  private readonly nodes: Nodes;
  private readonly general: ReadonlySet<string>;
  private readonly known = new Map<string, Lookup>();
  private readonly keyed = new Map<string, Keyed>();

  /** `general`: names of heads (`layer.row`) that left their class before. */
  constructor(nodes: Nodes, general: ReadonlySet<string>) {
    this.nodes = nodes;
    this.general = general;
  }

  private lookup(key: string, fields: Kind): Lookup {
    return memo(this.known, key, () => ({ ...fields, id: this.known.size }));
  }

  /** The class of a head; undefined when all tokens share its attention equally. */
  classify(
    key: readonly [Node, Node],
    query: readonly [Node, Node],
    values: readonly Node[],
    latest: boolean,
    layer: number,
    keyRow: number,
  ): Lookup | undefined {
    const [kx, ky] = key;
    const [qx, qy] = query;
    const zero = (k: Node, q: Node) => (k.kind === 'const' && k.value === 0) || (q.kind === 'const' && q.value === 0);
    const same = (k: Node, q: Node) => zero(k, q) || k.kind === 'const';
    if (same(kx, qx) && same(ky, qy)) return latest ? this.lookup('self', { kind: 'self' }) : undefined;
    if (this.isPosition(kx, ky)) {
      const back = this.shift(qx, qy);
      if (back >= 0) return this.lookup(`shift${back}`, { kind: 'shift', back });
      return this.lookup(`position${latest}`, { kind: 'position', latest });
    }
    const keyed = this.byId(key);
    if (keyed) {
      const { keys, parabola, few } = keyed;
      const name = `${kx.id},${ky.id}`;
      if (latest && qx.kind === 'const' && qy.kind === 'const') {
        const top = this.topLevel(keys, qx.value, qy.value);
        if (top && values.every((value) => value.local)) {
          return this.lookup(`flag${name},${qx.value},${qy.value}`, {
            kind: 'flag',
            top,
            keys,
            query: [qx.value, qy.value],
          });
        }
      }
      if (!latest && values.every((value) => this.isById(value))) {
        if (parabola) return this.lookup(`table${name}`, { kind: 'table', keys, ids: parabola });
        if (few) return this.lookup(`few${name}`, { kind: 'few', keys, ...few });
      }
    }
    const low = [constantOf(kx), constantOf(ky)] as const;
    const place = `${layer}.${keyRow}`;
    const address = latest && qy === this.nodes.one && low[0] === 0 && low[1] < 0 && !this.general.has(place);
    const kind = address ? 'address' : 'general';
    const name = `${kind}${kx.id},${ky.id},${latest}`;
    return this.lookup(name, { kind, group: this.group(kind, key, latest, low, layer, keyRow) });
  }

  private group(
    kind: Group['kind'],
    [keyX, keyY]: readonly [Node, Node],
    latest: boolean,
    low: readonly [number, number],
    layer: number,
    keyRow: number,
  ): number {
    const known = this.groups.findIndex(
      (g) => g.kind === kind && g.keyX === keyX && g.keyY === keyY && g.latest === latest,
    );
    if (known >= 0) return known;
    const limit = Math.min(MAX_ADDRESS - 1, Math.ceil(Math.sqrt(-low[1])) - 1);
    const index = this.groups.length;
    this.groups.push({ index, kind, keyX, keyY, latest, low, limit, layer, keyRow });
    return index;
  }

  private isPosition(kx: Node, ky: Node): boolean {
    const { nodes } = this;
    return kx === nodes.lin(0, [nodes.position], [2]) && ky === nodes.lin(0, [nodes.square], [-1]);
  }

  /** How far back the query (position - k, 1) looks; -1 for any other. */
  private shift(qx: Node, qy: Node): number {
    if (qy !== this.nodes.one) return -1;
    if (qx === this.nodes.position) return 0;
    if (qx.kind !== 'lin' || qx.terms.length !== 1 || qx.terms[0] !== this.nodes.position || qx.weights[0] !== 1)
      return -1;
    const back = -qx.constant;
    return Number.isInteger(back) && back < MAX_SHIFT / 32 ? Math.max(0, back) : -1;
  }

  /** True when a node is a function of the token's id. */
  isById(node: Node): boolean {
    return (
      node.kind === 'const' ||
      node.kind === 'feature' ||
      (node.kind === 'lin' && node.terms.every((term) => term.kind === 'feature'))
    );
  }

  /** What keys are, if functions of the token's id; heads often share them. */
  private byId([kx, ky]: readonly [Node, Node]): Keyed | undefined {
    if (!this.isById(kx) || !this.isById(ky)) return undefined;
    return memo(this.keyed, `${kx.id},${ky.id}`, () => {
      const keys = { x: valuesById(this.nodes, kx), y: valuesById(this.nodes, ky) };
      const parabola = parabolaIds(keys);
      return { keys, parabola, few: parabola ? undefined : fewKeys(keys) };
    });
  }

  /** Ids with the greater of two scores; undefined where there are more scores, or one. */
  private topLevel({ x, y }: IdKeys, qx: number, qy: number): Uint8Array | undefined {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const scores = new Float64Array(x.length);
    for (let id = 0; id < x.length; id++) {
      scores[id] = qx * x[id] + qy * y[id];
      if (scores[id] < low) low = scores[id];
      if (scores[id] > high) high = scores[id];
    }
    if (low === high || scores.some((score) => score !== low && score !== high)) return undefined;
    return Uint8Array.from(scores, (score) => Number(score === high));
  }
}

/** Values over the vocabulary of a node that is a function of the token's id. */
export function valuesById(nodes: Nodes, node: Node): Float64Array {
  const size = nodes.columns[0].values.length;
  if (node.kind === 'const') return new Float64Array(size).fill(node.value);
  if (node.kind === 'feature') return nodes.columns[node.column].values;
  const { terms, weights, constant } = node as NodeOf<'lin'>;
  const sum = new Float64Array(size).fill(constant);
  terms.forEach((term, i) => {
    const { values } = nodes.columns[(term as NodeOf<'feature'>).column];
    for (let id = 0; id < size; id++) sum[id] += weights[i] * values[id];
  });
  return sum;
}

/** Ids by k when keys are (2k, -k²) for k = 0.. and (0, negative) for all other ids. */
function parabolaIds({ x, y }: IdKeys): number[] | undefined {
  const ids: number[] = [];
  for (let id = 0; id < x.length; id++) {
    const k = x[id] / 2;
    if (Number.isInteger(k) && k >= 0 && y[id] === -k * k) {
      if (ids[k] !== undefined) return undefined;
      ids[k] = id;
    } else if (x[id] !== 0 || !(y[id] < 0)) return undefined;
  }
  for (let k = 0; k < ids.length; k++) if (ids[k] === undefined) return undefined;
  return ids.length > 2 ? ids : undefined;
}

/** Ids that have a key of their own, when they are few and all others have one key; `rest` is one of the others. */
function fewKeys({ x, y }: IdKeys): { ids: number[]; rest: number } | undefined {
  const lists: number[][] = [];
  const byX = new Map<number, Map<number, number[]>>();
  for (let id = 0; id < x.length; id++) {
    const byY = memo(byX, x[id], () => new Map<number, number[]>());
    const list = memo(byY, y[id], () => {
      const made: number[] = [];
      lists.push(made);
      return made;
    });
    list.push(id);
    if (lists.length > FEW) return undefined;
  }
  const ids: number[] = [];
  let rest = -1;
  for (const list of lists) {
    if (list.length === 1) ids.push(list[0]);
    else if (rest < 0) rest = list[0];
    else return undefined;
  }
  return { ids, rest };
}
