/**
 * Small models with random circuits: heads of every class, some of which leave it, neurons over whatever there is,
 * logits of the shape that machines have or of none. What they compute means nothing; every pass must agree on it.
 */
import { Graph, type Linear, type LinearLike, type Variable } from '../../engine/graph/graph.ts';
import { fetchAt, fetchLast, fetchLatest, means } from '../../engine/graph/lookups.ts';
import { Model } from '../../engine/transformer/model.ts';
import { writeSafetensors } from '../../engine/transformer/safetensors.ts';
import { compile } from '../../engine/weights/compile.ts';

/** Integers from 0 to n - 1 (a linear congruential generator). */
export function randomizer(seed: number): (n: number) => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const VOCABULARY = 48;
/** Tokens 0.. of a prompt, one per key of the table. */
export const TABLE = 9;

interface Value {
  readonly variable: Variable;
  /** No value is larger in magnitude. */
  readonly size: number;
}

/** A model; `seed` decides everything about it. */
export function randomModel(seed: number): Model {
  const random = randomizer(seed);
  const g = new Graph(VOCABULARY);
  const pool: Value[] = [];
  const add = (variable: Variable, size: number) => {
    if (size < 1e5) pool.push({ variable, size });
    return variable;
  };
  const feature = (name: string, size: number) =>
    add(
      g.feature(name, () => random(size)),
      size,
    );
  const values = [feature('a', 2), feature('b', 3), feature('c', 20), feature('d', 60)];
  const flag = g.feature('flag', () => Number(random(4) === 0));
  const writes = g.feature('writes', () => random(2));
  const signed = add(
    g.feature('signed', () => random(9) - 4),
    4,
  );
  const tableKey = g.feature('table', (t) => (t < TABLE ? 2 * t : 0));
  const tableSquare = g.feature('table²', (t) => (t < TABLE ? -t * t : -1));
  const tableValue = g.feature('value of table', (t) => (t < TABLE ? random(50) : 0));
  const some = (): Value => pool[random(pool.length)];
  const mix = (): [Linear, number] => {
    const parts = Array.from({ length: 1 + random(3) }, () => [[1, -1, 2, 3][random(4)], some()] as const);
    const constant = random(7) - 3;
    const size = parts.reduce((sum, [weight, value]) => sum + Math.abs(weight) * value.size, Math.abs(constant));
    const linear = g.of([constant], ...parts.map(([weight, { variable }]) => [weight, variable] as const));
    return linear.size > 0 ? [linear, size] : mix();
  };
  const brought = (): { values: Record<string, LinearLike>; sizes: number[] } => {
    const entries = Array.from({ length: 1 + random(3) }, (_, i) => {
      const [form, size] = random(4) === 0 ? [g.linear(g.position), 400] : mix();
      return [`v${i}`, form, size] as const;
    });
    return {
      values: Object.fromEntries(entries.map(([name, form]) => [name, form])),
      sizes: entries.map(([, , size]) => size),
    };
  };
  const head = (make: (values: Record<string, LinearLike>) => Record<string, Variable>) => {
    const { values: forms, sizes } = brought();
    Object.values(make(forms)).forEach((variable, i) => {
      add(variable, sizes[i]);
    });
  };
  const kinds: (() => void)[] = [
    () => head((v) => fetchAt(g, 'back', g.of([1, g.position], [-random(4)]), v)),
    () => head((v) => fetchAt(g, 'near', g.of([1, g.position], [-1, mix()[0]]), v)),
    () => head((v) => fetchAt(g, 'at', random(2) ? mix()[0] : random(30), v)),
    () => head((v) => fetchAt(g, 'between', g.of([0.5, some().variable], [0.25]), v)),
    () => head((v) => fetchLast(g, 'last', flag, v)),
    () => head((v) => g.attend({ role: 'average of flags', key: [0, flag], query: [0, 1], values: v })),
    () => {
      // Means are off by rounding: as in machines, what others use is the nearest position.
      const { m } = means(g, 'mean', { m: mix()[0] });
      const sum = g.sum('sum', g.neuron(g.of([1, g.position], [1]), m));
      add(fetchAt(g, 'rounded', sum, { p: g.position }).p, 400);
    },
    () => {
      // Addresses may be negative now and then: then the head is no address head after all.
      const key = g.sum('key', g.neuron(writes, random(3) ? values[random(4)] : g.of([1, some().variable])));
      const square = g.sum(
        'key²',
        g.neuron(key, key),
        ...(random(4) ? [g.neuron(g.of([-1, key]), g.of([-1, key]))] : []),
      );
      const write = { key, square, writes };
      head((v) => fetchLatest(g, 'written', write, mix()[0], v));
      head((v) => fetchLatest(g, 'written too', write, g.of([1, some().variable], [-1]), v));
    },
    () =>
      add(
        g.attend({
          role: 'table',
          key: [tableKey, tableSquare],
          query: [mix()[0], [1, 2, g.of([1, some().variable])][random(3)]],
          values: { t: tableValue },
        }).t,
        50,
      ),
    () =>
      head((v) =>
        g.attend({
          role: 'any',
          key: [mix()[0], mix()[0]],
          query: [mix()[0], mix()[0]],
          values: v,
          latest: random(2) === 0,
        }),
      ),
  ];
  for (let i = 0; i < 9; i++) {
    kinds[random(kinds.length)]();
    const [gate, gateSize] = mix();
    const [up, upSize] = mix();
    if (gateSize * upSize < 1e5) add(g.sum('product', g.neuron(gate, up), g.neuron(1, signed)), gateSize * upSize + 4);
    add(g.sum('step', g.step(g.of([1, mix()[0]], [-random(9)]))), 1);
  }
  // Functions of one integer: bumps at some numbers, steps at others, and ramps that have no end.
  if (random(2)) {
    const { p, s } = fetchAt(g, 'near', g.of([1, g.position], [-1, mix()[0]]), { p: g.position, s: g.square });
    const bumps = Array.from({ length: 1 + random(20) }, () => {
      const [at, width] = [random(50), 1 + random(3)];
      return g.neuron(g.of([width * width - at * at], [2 * at, p], [-1, s]), 1, random(9) - 4);
    });
    add(g.sum('bumps', ...bumps), 20 * 4 * 9);
    const x = some().variable;
    const steps = Array.from({ length: 2 + random(9) }, () => g.step(g.of([1, x], [random(40) - 20]), random(9) - 4));
    const ramps = random(3) ? [] : [g.neuron(g.of([1, x], [-random(20)]), 1)];
    add(g.sum('steps', ...steps.flat(), ramps), 1e3);
  }
  const result = g.of(...pool.slice(-2).map(({ variable }) => [1, variable] as const), [1, mix()[0]]);
  const kind = g.sum('kind', g.step(g.of([1, some().variable], [-random(5)])), g.step(g.of([1, mix()[0]])));
  const shaped = random(3) > 0;
  for (let t = 0; t < VOCABULARY; t++) g.logits.set(t, g.of([-(2 ** 50)]));
  for (let k = 0; k < 3; k++) {
    for (let v = 0; v < 13; v++) {
      const weight = 2 ** 30;
      const inner = shaped ? ([[2 * v, result], [-v * v]] as const) : ([[random(9), result], [random(99)]] as const);
      g.logits.set(TABLE + 13 * k + v, g.of([2 * k * weight, kind], [-k * k * weight], ...inner));
    }
  }
  const { tensors, config } = compile(g, [TABLE + 1]);
  const vocab = Array.from({ length: VOCABULARY }, (_, t) => `t${t}`);
  return Model.load({ safetensors: writeSafetensors(tensors), vocab, config });
}
