/**
 * The rules that the analysis of exactness goes by, against sums and scores that try to break them: in doubles, in every
 * order, and in whole numbers without bounds.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph, type LinearLike, type Variable } from '../../engine/graph/graph.ts';
import { fetchLatest, PUSH_DOWN } from '../../engine/graph/lookups.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import { KeyValueStore } from '../../engine/transformer/attention.ts';
import { HardmaxCache } from '../../engine/transformer/hardmax.ts';
import { HullCache } from '../../engine/transformer/hull.ts';
import { StandardCache } from '../../engine/transformer/standard.ts';
import { analyse } from '../../engine/weights/exactness/exactness.ts';
import { bitsOf, PartialSum } from '../../engine/weights/exactness/values.ts';
import { schedule } from '../../engine/weights/schedule.ts';
import { randomNumbers } from '../toolchain/operators.ts';

const random32 = randomNumbers(2026);
const random = () => (random32() >>> 0) / 2 ** 32;
const below = (n: number) => Math.floor(random() * n);

/** Terms that add up to exactly `total`, at most 2^53: odd ones and round ones, large ones and small ones. */
function split(total: number, count: number): number[] {
  const parts: number[] = [];
  let rest = total;
  for (let i = 1; i < count && rest > 0; i++) {
    const part = 1 + Math.floor(random() ** (1 + below(30)) * (rest - 1));
    parts.push(part);
    rest -= part;
  }
  if (rest > 0) parts.push(rest);
  return parts;
}

function shuffled<T>(list: readonly T[]): T[] {
  const order = [...list];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Adds up by joining two partial sums at a time, whichever come. */
function inAnyTree(terms: readonly number[]): number {
  const sums = [...terms];
  while (sums.length > 1) {
    const [a] = sums.splice(below(sums.length), 1);
    const i = below(sums.length);
    sums[i] += a;
  }
  return sums[0];
}

const inTurn = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0);

/** Orders and trees that lead far from 0, and random ones. */
function everySum(terms: readonly number[]): number[] {
  const up = [...terms].sort((a, b) => a - b);
  const mixed = shuffled(terms);
  return [
    inTurn(up),
    inTurn(up.toReversed()),
    inTurn(mixed),
    inAnyTree(terms),
    inAnyTree(mixed),
    // Two accumulators, and four.
    ...[2, 4].map((lanes) =>
      inTurn(Array.from({ length: lanes }, (_, lane) => inTurn(mixed.filter((_, i) => i % lanes === lane)))),
    ),
  ];
}

test('sums whose positive and negative terms each stay below 2^53 are the same in every order', () => {
  for (let round = 0; round < 20_000; round++) {
    const unit = 2 ** (below(41) - 20);
    const [most, least] = [1, 2].map(() => 2 ** 53 - 1 - Math.floor(random() ** (1 + below(20)) * 2 ** 53));
    const signed = [
      ...split(Math.max(1, most), 1 + below(9)),
      ...split(Math.max(1, least), 1 + below(9)).map((x) => -x),
    ];
    const terms = signed.map((x) => x * unit);
    const partial = new PartialSum();
    for (const term of terms) partial.add(term, term);
    assert.ok(bitsOf(partial.magnitude, Math.log2(unit)) <= 53);
    const exact = signed.reduce((sum, x) => sum + BigInt(x), 0n);
    for (const sum of everySum(terms)) assert.equal(BigInt(sum / unit), exact, terms.join(' + '));
  }
});

test('beyond that, some order rounds: the rule is no looser than it must be', () => {
  const terms = [2 ** 53, 1, -1, -1];
  const partial = new PartialSum();
  for (const term of terms) partial.add(term, term);
  assert.ok(bitsOf(partial.magnitude, 0) >= 53);
  assert.notEqual(new Set(everySum(terms).concat(inTurn(terms), inTurn([-1, -1, 2 ** 53, 1]))).size, 1);
});

test('what a term can be counts, not where it can be left out', () => {
  const partial = new PartialSum();
  partial.add(5, 7);
  partial.add(-3, 2);
  partial.add(-6, -4);
  assert.equal(partial.magnitude, 9);
});

/** Bytes of the largest memory. */
const END = LIMITS.memory;
const edges = (limit: number) => [0, 1, 2, 3, limit / 2 - 1, limit / 2, limit / 2 + 1, limit - 3, limit - 2, limit - 1];
const ADDRESSES = [...edges(END), ...Array.from({ length: 60 }, () => below(END))];
/** Addresses of a load: those behind the end are held there, plus the index in the line. */
const QUERIES = [...ADDRESSES, ...Array.from({ length: 9 }, (_, i) => END + i)];

test('keys of addresses are the same in every order of their terms', () => {
  for (const a of ADDRESSES) {
    for (const [terms, exact] of [
      [[-a * a, PUSH_DOWN, -PUSH_DOWN], -(BigInt(a) ** 2n)],
      [[0, 0, -PUSH_DOWN], -BigInt(PUSH_DOWN)],
    ] as const) {
      const partial = new PartialSum();
      for (const term of terms) partial.add(term, term);
      assert.ok(bitsOf(partial.magnitude, 0) < 53);
      for (let i = 0; i < 20; i++) for (const sum of everySum(terms)) assert.equal(BigInt(sum), exact, `address ${a}`);
    }
  }
});

test('scores are exact in either order and with fused products, and what writes outweighs what does not', () => {
  const exactly = (q: number, x: number, y: number) => BigInt(q) * BigInt(x) + BigInt(y);
  const fits = (score: bigint) => BigInt(Number(score)) === score;
  for (const q of QUERIES) {
    const silent = exactly(q, 0, -PUSH_DOWN);
    assert.equal(BigInt(q * 0 - PUSH_DOWN), silent);
    for (const a of ADDRESSES) {
      const score = exactly(q, 2 * a, -a * a);
      // A fused product rounds the exact score once.
      assert.ok(fits(score), `${q} against ${a}`);
      assert.equal(BigInt(q * (2 * a) + 1 * (-a * a)), score, `${q} against ${a}`);
      assert.equal(BigInt(1 * (-a * a) + q * (2 * a)), score, `${q} against ${a}`);
      assert.ok(score > silent, `${q} against ${a}`);
    }
  }
});

test('the caches find the same at both ends of memory as whole numbers without bounds', () => {
  const written: number[] = [];
  const store = new KeyValueStore(1);
  const hull = new HullCache(store, true);
  const hardmax = new HardmaxCache(store, true);
  const softmax = new StandardCache(store, 1024, 11);
  let compared = 0;
  for (let t = 0; t < 600; t++) {
    const address = t < 3 || random() < 0.5 ? -1 : ADDRESSES[below(Math.min(ADDRESSES.length, 1 + t / 4))];
    written.push(address);
    store.append(address < 0 ? 0 : 2 * address, address < 0 ? -PUSH_DOWN : -address * address, [t]);
    for (const cache of [hull, hardmax, softmax]) cache.append();
    for (let i = 0; i < 6; i++) {
      const q = i === 0 ? END + below(9) : QUERIES[below(QUERIES.length)];
      let best = -(2n ** 60n);
      let target = -1;
      written.forEach((a, j) => {
        const score = a < 0 ? -BigInt(PUSH_DOWN) : 2n * BigInt(q) * BigInt(a) - BigInt(a) ** 2n;
        if (score < best) return;
        best = score;
        target = j;
      });
      assert.equal(hull.attend(q, 1), target, `hull, token ${t}, query ${q}`);
      assert.equal(hardmax.attend(q, 1), target, `argmax, token ${t}, query ${q}`);
      try {
        assert.equal(softmax.attend(q, 1), target, `softmax, token ${t}, query ${q}`);
        compared++;
      } catch (error) {
        // Its range is smaller; it says so.
        assert.match((error as Error).message, /softmax attention is not exact here/);
      }
    }
  }
  assert.ok(compared > 100, `${compared} queries with softmax`);
});

test('a score is bounded by its parabola only where its keys lie on it', () => {
  const half = 2 ** 25;
  const problems = (
    make: (g: Graph, a: Variable, writes: Variable) => { key: LinearLike; square: LinearLike; writes: LinearLike },
    query: number,
  ) => {
    const g = new Graph(4);
    g.bounded(g.position, 0, 2 ** 26 - 1, 'the limit of tokens');
    g.bounded(g.square, 0, (2 ** 26 - 1) ** 2, 'the limit of tokens');
    const high = g.feature('high', (t) => t % 2);
    const low = g.feature('low', (t) => (t >> 1) * (half - 1));
    const a = g.sum('address', g.neuron(1, g.of([half, high], [1, low])));
    const writes = g.feature('writes', (t) => Number(t > 0));
    g.logits.set(0, g.of([1, fetchLatest(g, 'latest', make(g, a, writes), query, { a }).a]));
    return analyse(g, schedule(g)).problems;
  };
  const squared = (g: Graph, a: Variable) => g.sum('square', g.neuron(a, a));
  assert.deepEqual(
    problems((g, a, writes) => ({ key: a, square: squared(g, a), writes }), END + 8),
    [],
  );
  const score = /score row of "latest" takes 5[34]/;
  // No square of the key; one that is twice as large; a key that is lifted up.
  assert.match(
    `${problems((g, a, writes) => ({ key: a, square: g.sum('other', g.neuron(a, writes)), writes }), END + 8)}`,
    score,
  );
  assert.match(`${problems((g, a, writes) => ({ key: g.of([2, a]), square: squared(g, a), writes }), END + 8)}`, score);
  assert.match(
    `${problems((g, a, writes) => ({ key: a, square: squared(g, a), writes: g.of([2, writes]) }), END + 8)}`,
    score,
  );
});
