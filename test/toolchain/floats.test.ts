/** Every operator on floats, in one line or by a helper function: bits like V8's for edge and random operands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { assertSame, EDGES, OPERATORS, Operands } from './float-cases.ts';
import { Sides } from './operators.ts';

const NUMBERS = ['i32', 'i64', 'f32', 'f64'];

/** Lines of the call, its arguments and the return that stand around an operator here. */
const AROUND = (params: number) => 3 + 2 * params;

/** Most lines of an operator: what docs/floats.md promises. */
function promised(name: string): number {
  if (/\.(eq|ne|lt|gt|le|ge|min|max|abs|neg|copysign)$/.test(name)) return 1;
  return /\.(div|sqrt)$/.test(name) ? 40 : 20;
}

test('every operator on floats has the bits that V8 has, in as many lines as promised', async (context) => {
  const sides = await Sides.of(OPERATORS);
  const operands = new Operands(754);
  let all = 0;
  for (const operator of OPERATORS) {
    const { name, params } = operator;
    const cases: (number | bigint)[][] = [];
    const [first, second] = params.map((type) => EDGES[type]);
    // All pairs for the operators that compute, a third of them for those that compare.
    const step = /add|mul|div/.test(name) || !second ? 1 : 3;
    for (const [i, a] of first.entries()) {
      for (const [j, b] of (second ?? [0]).entries()) if ((i + j) % step === 0) cases.push(second ? [a, b] : [a]);
    }
    for (let i = 0; i < 1000; i++) cases.push(params.map((type) => operands.next(type)));
    let most = 0;
    for (const args of cases) {
      assertSame(sides, operator, args);
      most = Math.max(most, sides.ours.lines - AROUND(params.length));
    }
    assert.ok(most <= promised(name), `${name}: ${most} lines`);
    context.diagnostic(`${name}: at most ${most} lines`);
    all += cases.length;
  }
  assert.ok(all >= 100_000, `${all} cases`);
});

test('every helper is a float operator, a division, a copy of memory or a function of WASI', async () => {
  const { names } = await loadHelpers();
  const known = new Set(OPERATORS.map(({ name }) => name));
  for (const name of names) {
    const [type] = name.split('.');
    if (NUMBERS.includes(type) && !/^i64\.(div|rem)_/.test(name)) assert.ok(known.has(name), name);
  }
});
