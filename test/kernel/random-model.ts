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
  const circuits = new RandomCircuits(randomizer(seed));
  circuits.addLayers(9);
  circuits.addTables();
  circuits.addLogits();
  const { tensors, config } = compile(circuits.g, [TABLE + 1]);
  const vocab = Array.from({ length: VOCABULARY }, (_, t) => `t${t}`);
  return Model.load({ safetensors: writeSafetensors(tensors), vocab, config });
}

/** A graph of circuits over a pool of values, which each circuit takes its inputs from and adds its outputs to. */
class RandomCircuits {
  readonly g = new Graph(VOCABULARY);
  private readonly random: (n: number) => number;
  private readonly pool: Value[] = [];
  private readonly values: readonly Variable[];
  private readonly flag: Variable;
  private readonly writes: Variable;
  private readonly signed: Variable;
  private readonly table: Readonly<Record<'key' | 'square' | 'value', Variable>>;

  constructor(random: (n: number) => number) {
    this.random = random;
    const { g } = this;
    const feature = (name: string, size: number) =>
      this.add(
        g.feature(name, () => random(size)),
        size,
      );
    this.values = [feature('a', 2), feature('b', 3), feature('c', 20), feature('d', 60)];
    this.flag = g.feature('flag', () => Number(random(4) === 0));
    this.writes = g.feature('writes', () => random(2));
    this.signed = this.add(
      g.feature('signed', () => random(9) - 4),
      4,
    );
    this.table = {
      key: g.feature('table', (t) => (t < TABLE ? 2 * t : 0)),
      square: g.feature('table²', (t) => (t < TABLE ? -t * t : -1)),
      value: g.feature('value of table', (t) => (t < TABLE ? random(50) : 0)),
    };
  }

  private add(variable: Variable, size: number): Variable {
    if (size < 1e5) this.pool.push({ variable, size });
    return variable;
  }

  private some(): Value {
    return this.pool[this.random(this.pool.length)];
  }

  /** A sum of some values, and the most that it can be. */
  private mix(): [Linear, number] {
    const { g, random } = this;
    const parts = Array.from({ length: 1 + random(3) }, () => [[1, -1, 2, 3][random(4)], this.some()] as const);
    const constant = random(7) - 3;
    const size = parts.reduce((sum, [weight, value]) => sum + Math.abs(weight) * value.size, Math.abs(constant));
    const linear = g.of([constant], ...parts.map(([weight, { variable }]) => [weight, variable] as const));
    return linear.size > 0 ? [linear, size] : this.mix();
  }

  /** A head that brings some sums. */
  private head(make: (values: Record<string, LinearLike>) => Record<string, Variable>): void {
    const { g, random } = this;
    const brought = Array.from({ length: 1 + random(3) }, (_, i) => {
      const [form, size] = random(4) === 0 ? [g.linear(g.position), 400] : this.mix();
      return [`v${i}`, form, size] as const;
    });
    const made = make(Object.fromEntries(brought.map(([name, form]) => [name, form])));
    Object.values(made).forEach((variable, i) => {
      this.add(variable, brought[i][2]);
    });
  }

  /** What adds heads of each kind. */
  private heads(): readonly (() => void)[] {
    const { g, random, writes, table } = this;
    return [
      () => this.head((v) => fetchAt(g, 'back', g.of([1, g.position], [-random(4)]), v)),
      () => this.head((v) => fetchAt(g, 'near', g.of([1, g.position], [-1, this.mix()[0]]), v)),
      () => this.head((v) => fetchAt(g, 'at', random(2) ? this.mix()[0] : random(30), v)),
      () => this.head((v) => fetchAt(g, 'between', g.of([0.5, this.some().variable], [0.25]), v)),
      () => this.head((v) => fetchLast(g, 'last', this.flag, v)),
      () => this.head((v) => g.attend({ role: 'average of flags', key: [0, this.flag], query: [0, 1], values: v })),
      () => {
        // Means are off by rounding: as in machines, what others use is the nearest position.
        const { m } = means(g, 'mean', { m: this.mix()[0] });
        const sum = g.sum('sum', g.neuron(g.of([1, g.position], [1]), m));
        this.add(fetchAt(g, 'rounded', sum, { p: g.position }).p, 400);
      },
      () => {
        // Addresses may be negative now and then: then the head is no address head after all.
        const key = g.sum(
          'key',
          g.neuron(writes, random(3) ? this.values[random(4)] : g.of([1, this.some().variable])),
        );
        const square = g.sum(
          'key²',
          g.neuron(key, key),
          ...(random(4) ? [g.neuron(g.of([-1, key]), g.of([-1, key]))] : []),
        );
        const write = { key, square, writes };
        this.head((v) => fetchLatest(g, 'written', write, this.mix()[0], v));
        this.head((v) => fetchLatest(g, 'written too', write, g.of([1, this.some().variable], [-1]), v));
      },
      () =>
        this.add(
          g.attend({
            role: 'table',
            key: [table.key, table.square],
            query: [this.mix()[0], [1, 2, g.of([1, this.some().variable])][random(3)]],
            values: { t: table.value },
          }).t,
          50,
        ),
      () =>
        this.head((v) =>
          g.attend({
            role: 'any',
            key: [this.mix()[0], this.mix()[0]],
            query: [this.mix()[0], this.mix()[0]],
            values: v,
            latest: random(2) === 0,
          }),
        ),
    ];
  }

  /** Heads of random kinds, each with some neurons behind it. */
  addLayers(count: number): void {
    const { g, random } = this;
    const heads = this.heads();
    for (let i = 0; i < count; i++) {
      heads[random(heads.length)]();
      const [gate, gateSize] = this.mix();
      const [up, upSize] = this.mix();
      const size = gateSize * upSize;
      if (size < 1e5) this.add(g.sum('product', g.neuron(gate, up), g.neuron(1, this.signed)), size + 4);
      this.add(g.sum('step', g.step(g.of([1, this.mix()[0]], [-random(9)]))), 1);
    }
  }

  /** Now and then, functions of one integer: bumps at some numbers, steps at others, and ramps that have no end. */
  addTables(): void {
    const { g, random } = this;
    if (random(2) === 0) return;
    const { p, s } = fetchAt(g, 'near', g.of([1, g.position], [-1, this.mix()[0]]), { p: g.position, s: g.square });
    const bumps = Array.from({ length: 1 + random(20) }, () => {
      const [at, width] = [random(50), 1 + random(3)];
      return g.neuron(g.of([width * width - at * at], [2 * at, p], [-1, s]), 1, random(9) - 4);
    });
    this.add(g.sum('bumps', ...bumps), 20 * 4 * 9);
    const x = this.some().variable;
    const steps = Array.from({ length: 2 + random(9) }, () => g.step(g.of([1, x], [random(40) - 20]), random(9) - 4));
    const ramps = random(3) ? [] : [g.neuron(g.of([1, x], [-random(20)]), 1)];
    this.add(g.sum('steps', ...steps.flat(), ramps), 1e3);
  }

  /** Logits of the shape that the kernel knows, or of none. */
  addLogits(): void {
    const { g, random } = this;
    const result = g.of(...this.pool.slice(-2).map(({ variable }) => [1, variable] as const), [1, this.mix()[0]]);
    const few = g.step(g.of([1, this.some().variable], [-random(5)]));
    const kind = g.sum('kind', few, g.step(g.of([1, this.mix()[0]])));
    const shaped = random(3) > 0;
    for (let t = 0; t < VOCABULARY; t++) g.logits.set(t, g.of([-(2 ** 50)]));
    for (let k = 0; k < 3; k++) {
      for (let v = 0; v < 13; v++) {
        const weight = 2 ** 30;
        const inner = shaped ? ([[2 * v, result], [-v * v]] as const) : ([[random(9), result], [random(99)]] as const);
        g.logits.set(TABLE + 13 * k + v, g.of([2 * k * weight, kind], [-k * k * weight], ...inner));
      }
    }
  }
}
