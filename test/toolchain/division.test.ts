/** 64-bit division, which is a helper function: against V8, and how many lines it takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionAt } from '../../engine/isa/program.ts';
import { type Operator, randomNumbers, Sides } from './operators.ts';

const OPERATORS: readonly Operator[] = ['div_s', 'div_u', 'rem_s', 'rem_u'].map((name) => ({
  name: `i64.${name}`,
  params: ['i64', 'i64'],
  result: 'i64',
}));

const random = randomNumbers(64);
/** Numbers of every length, near powers of two more often. */
function operand(): bigint {
  const bits = BigInt((random() >>> 0) % 65);
  const value = (BigInt(random() >>> 0) << 32n) | BigInt(random() >>> 0);
  const short = BigInt.asUintN(Number(bits), value);
  const near = (1n << bits) + BigInt(random() % 3);
  return BigInt.asIntN(64, random() & 3 ? short : near);
}
const EDGES = [
  0n,
  1n,
  2n,
  3n,
  -1n,
  -2n,
  1n << 31n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 32n) + 1n,
  (1n << 63n) - 1n,
  -(1n << 63n),
  1n - (1n << 63n),
];

test('64-bit division is like V8, in at most a hundred lines', async (context) => {
  const sides = await Sides.of(OPERATORS);
  const pairs = EDGES.flatMap((a) => EDGES.map((b): [bigint, bigint] => [a, b]));
  for (let i = 0; i < 8000; i++) pairs.push([operand(), operand()]);
  for (const { name } of OPERATORS) {
    let most = 0;
    for (const pair of pairs) {
      assert.equal(sides.oracle(name, pair), sides.native(name, pair), `${name} ${pair}`);
      most = Math.max(most, sides.ours.lines);
    }
    context.diagnostic(`${name}: at most ${most} lines with its call`);
    assert.ok(most <= 100, `${name}: ${most} lines`);
  }
});

test('helpers are functions of their own, without a place in the module', async () => {
  const { program } = await Sides.of(OPERATORS.slice(1, 2));
  const helper = program.functions.find(({ name }) => name === '(i64.div_u)')!;
  assert.equal(helper.index, -1);
  assert.equal(helper.params, 2);
  for (let cursor = helper.start; cursor < helper.end; cursor++) {
    assert.equal(program.offsets[cursor], -1);
    assert.equal(functionAt(program, cursor), helper);
  }
  assert.equal(program.functions.filter(({ name }) => name.startsWith('(i64')).length, 1, 'only what is called');
});
