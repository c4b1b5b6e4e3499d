/**
 * The general hull alone: time per token (an insertion and a query) for kinds of points, at growing numbers of keys,
 * beside looking at every key. `npm run bench:hull [-- most keys]`
 */
import { KeyValueStore } from '../../engine/transformer/attention.ts';
import { HardmaxCache } from '../../engine/transformer/hardmax.ts';
import { HullCache } from '../../engine/transformer/hull.ts';

let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

/** Kinds of points: what occurs in models, and what is hard for hulls. */
const KINDS: Record<string, (i: number) => [number, number]> = {
  random: () => [Math.floor(random() * 2 ** 25), Math.floor(random() * 2 ** 25)],
  circle: () => {
    const angle = 2 * Math.PI * random();
    return [Math.round(2 ** 25 * Math.cos(angle)), Math.round(2 ** 25 * Math.sin(angle))];
  },
  'parabola in order': (i) => [2 * i, -i * i],
  'parabola, random order': () => {
    const k = Math.floor(random() * 2 ** 24);
    return [2 * k, -k * k];
  },
  // Every point is above all before it: each insertion empties the hull.
  'rising spike': (i) => [i % 2 === 0 ? -i : i, 3 * i],
};

const QUERIES = 20_000;

function measure(point: (i: number) => [number, number], n: number): { insert: number; query: number; brute: number } {
  const store = new KeyValueStore(1);
  const hull = new HullCache(store, true);
  const value = [0];
  let start = performance.now();
  for (let i = 0; i < n; i++) {
    const [x, y] = point(i);
    store.append(x, y, value);
    hull.append();
  }
  const insert = ((performance.now() - start) * 1e6) / n;
  start = performance.now();
  for (let i = 0; i < QUERIES; i++) hull.attend(random() * n, 1);
  const query = ((performance.now() - start) * 1e6) / QUERIES;
  const brute = new HardmaxCache(store, true);
  const few = Math.max(1, Math.floor(2e7 / n));
  start = performance.now();
  for (let i = 0; i < few; i++) brute.attend(random() * n, 1);
  return { insert, query, brute: ((performance.now() - start) * 1e6) / few };
}

const most = Number(process.argv[2] ?? 1e7);
console.log('points                        keys  insertion ns  query ns  every key ns');
for (const [name, point] of Object.entries(KINDS)) {
  for (let n = 1e4; n <= most; n *= 10) {
    const { insert, query, brute } = measure(point, n);
    const cell = (value: number, width: number) => value.toFixed(0).padStart(width);
    console.log(`${name.padEnd(24)}${cell(n, 10)}${cell(insert, 14)}${cell(query, 10)}${cell(brute, 14)}`);
  }
}
