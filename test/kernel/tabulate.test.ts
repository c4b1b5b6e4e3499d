/** Rows of neurons as tables: the same numbers at every integer, and only where there is an end to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tabulator } from '../../engine/kernel/analysis/tabulate.ts';
import { entryAt, type Node } from '../../engine/kernel/graph/node.ts';
import { Nodes } from '../../engine/kernel/graph/nodes.ts';
import { randomizer } from './random-model.ts';

/** A neuron relu(c0 + c1·x + c2·x²), times a weight. */
type Gate = readonly [c0: number, c1: number, c2: number, weight: number];

const nodes = new Nodes([{ values: Float64Array.of(-1e6, 1e6), lo: -1e6, hi: 1e6, integer: true }], true);
const x = nodes.feature(0);
const square = nodes.mul(x, x);

/** The terms that are left of a sum of neurons. */
function folded(gates: readonly Gate[]): readonly Node[] {
  const terms = gates.map(([c0, c1, c2]) => nodes.product(nodes.lin(c0, [x, square], [c1, c2]), nodes.one));
  return new Tabulator(nodes).fold(
    terms,
    gates.map(([, , , weight]) => weight),
  )[0];
}

function assertTable(gates: readonly Gate[]): void {
  const [entry, ...others] = folded(gates);
  assert.equal(others.length, 0);
  const at = (n: number) =>
    gates.reduce((sum, [c0, c1, c2, weight]) => sum + weight * Math.max(0, c0 + c1 * n + c2 * n * n), 0);
  for (let n = -3000; n <= 3000; n++) {
    const value = entry.kind === 'entry' ? entryAt(entry.table, n) : entry.kind === 'const' ? entry.value : Number.NaN;
    if (value !== at(n)) assert.fail(`${value} instead of ${at(n)} at ${n} of ${JSON.stringify(gates)}`);
  }
}

const bump = (at: number, width: number, weight: number): Gate => [width * width - at * at, 2 * at, -1, weight];
const step = (at: number, weight: number): Gate[] => [
  [1 - at, 1, 0, weight],
  [-at, 1, 0, -weight],
];
const fallingStep = (at: number, weight: number): Gate[] =>
  step(-at, weight).map(([c0, c1, c2, w]) => [c0, -c1, c2, w]);

test('bumps, rising and falling steps, in any mixture', () => {
  assertTable([bump(7, 1, 5)]);
  const random = randomizer(3);
  for (let i = 0; i < 200; i++) {
    const [weight, at] = [() => random(2 ** 32) - 2 ** 31, () => random(1500) - 700];
    assertTable([
      bump(at(), 1 + random(40), weight()),
      ...Array.from({ length: random(9) }, () => bump(at(), 1, weight())),
      ...Array.from({ length: random(9) }, () => step(at(), weight())).flat(),
      ...Array.from({ length: random(9) }, () => fallingStep(at(), weight())).flat(),
    ]);
  }
});

test('polynomials that cancel outside', () => {
  // (x - 3)² + (x + 3)² - 2x² is 18 where the first two are open, both outside of 3 and -3.
  assertTable([[9, -6, 1, 1], [9, 6, 1, 1], [0, 0, 1, -2], bump(0, 2, 1)]);
  assertTable(Array.from({ length: 12 }, (_, k): Gate => [-k, 1, 0, k === 0 ? -11 : 1]).concat(step(5, 3)));
});

test('what has no end, is not whole, or is too wide stays neurons', () => {
  const isTable = (gates: readonly Gate[]) => folded(gates).some(({ kind }) => kind === 'entry');
  const row = Array.from({ length: 9 }, (_, k) => step(2 * k, k)).flat();
  assert.ok(isTable(row));
  assert.ok(!isTable([...row, [0, 1, 0, 1]]), 'a ramp without an end');
  assert.ok(!isTable([...row, [1, 0, 1, 1]]), 'a square without an end');
  assert.ok(!isTable([[0.5, 0, -0.25, 1]]), 'fractions');
  assert.ok(!isTable([bump(0, 1, 1), bump(900_000, 1, 1)]), 'a million entries');
  assert.ok(!isTable(step(4, 1)), 'a single step is cheaper as it is');
});
