/** The hull against looking at every key: random, circular, parabolic, collinear, duplicate and adversarial points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyValueStore } from '../../engine/transformer/attention.ts';
import { HardmaxCache } from '../../engine/transformer/hardmax.ts';
import { HullCache } from '../../engine/transformer/hull.ts';

/** Numbers of a linear congruential generator, from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const integer = (random: () => number, size: number) => Math.floor((2 * random() - 1) * size);

const shapes: Record<string, (random: () => number, i: number) => [number, number]> = {
  'a square': (random) => [integer(random, 1000), integer(random, 1000)],
  'few points, many times': (random) => [integer(random, 3), integer(random, 3)],
  'one point': () => [3, -7],
  'a vertical line': (random) => [5, integer(random, 20)],
  'a line': (random) => {
    const k = integer(random, 50);
    return [3 * k, -2 * k + 1];
  },
  'a parabola in order': (_, i) => [2 * i, -i * i],
  'a parabola backwards': (_, i) => [-2 * i, -i * i],
  'a parabola, random addresses': (random) => {
    const k = integer(random, 500);
    return [2 * k, -k * k];
  },
  'addresses, most pushed down': (random) => {
    if (random() < 0.7) return [0, -(2 ** 51)];
    const k = Math.floor(random() * 2 ** 20);
    return [2 * k, -k * k];
  },
  'a circle': (random) => {
    const angle = 2 * Math.PI * random();
    return [Math.round(1e6 * Math.cos(angle)), Math.round(1e6 * Math.sin(angle))];
  },
  'growing outwards': (random, i) => [
    Math.round(i * Math.cos(7 * i)) + integer(random, 2),
    Math.round(i * Math.sin(7 * i)),
  ],
};

for (const [name, point] of Object.entries(shapes)) {
  for (const latest of [true, false]) {
    test(`${name}, equal scores ${latest ? 'to the latest' : 'shared'}`, () => {
      const random = generator(name.length + Number(latest));
      const store = new KeyValueStore(1);
      const hull = new HullCache(store, latest);
      const brute = new HardmaxCache(store, latest);
      for (let i = 0; i < 1500; i++) {
        const [x, y] = point(random, i);
        store.append(x, y, [integer(random, 100)]);
        hull.append();
        for (const [qx, qy] of [
          [integer(random, 1000), 1],
          [integer(random, 50), integer(random, 50)],
          [integer(random, 3), integer(random, 3)],
        ]) {
          const what = `after ${i + 1} keys, query ${qx},${qy}`;
          assert.equal(hull.attend(qx, qy), brute.attend(qx, qy), what);
          assert.equal(hull.result(0), brute.result(0), what);
        }
      }
    });
  }
}
