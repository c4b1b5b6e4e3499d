/** Comparing two generators: tokens, and everything there is to see of a pass. */
import assert from 'node:assert/strict';
import type { Generator } from '../../engine/transformer/generator.ts';

/** The same tokens so far. */
export function assertSameTokens(got: Generator, expected: Generator, what: string): void {
  assert.equal(got.length, expected.length, `${what}: number of tokens`);
  for (let t = 0; t < expected.length; t++) {
    if (got.tokenAt(t) === expected.tokenAt(t)) continue;
    const { vocab } = expected.model;
    assert.fail(`${what}, token ${t}: ${vocab[got.tokenAt(t)]} instead of ${vocab[expected.tokenAt(t)]}`);
  }
}

/** The same pass over token t: queries, targets, runners-up, margins, values, residual stream, logits. */
export function assertSamePass(got: Generator, expected: Generator, t: number, what: string): void {
  const [a, b] = [got.inspect(t), expected.inspect(t)];
  const where = `${what}, token ${t}`;
  assert.equal(a.heads.length, b.heads.length, where);
  b.heads.forEach((head, i) => {
    const { layer, head: number } = head;
    const name = expected.model.config.names.heads[layer][number];
    assertClose(a.heads[i], head, `${where}, head ${layer}.${number} (${name})`);
  });
  b.residuals.forEach((stream, i) => {
    assertClose(a.residuals[i], stream, `${where}, residual stream ${i}`);
  });
  assertClose(a.logits, b.logits, `${where}, logits`);
}

/**
 * Equal, field by field. Integers and dyadic fractions are exact; only what a mean that does not come out even leads to
 * may be off in the last bits, because sums are taken in another order.
 */
function assertClose(got: object, expected: object, where: string): void {
  const [a, b] = [flat(got), flat(expected)];
  assert.equal(a.length, b.length, where);
  for (let i = 0; i < b.length; i++) {
    const [path, value] = b[i];
    const other = a[i][1];
    if (other === value || Math.abs(other - value) <= 1e-9 * Math.max(1, Math.abs(value))) continue;
    assert.fail(`${where}: ${path} is ${other} instead of ${value}`);
  }
}

/** Numbers of an object, with their paths. */
function flat(value: object, path = ''): [string, number][] {
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, part]): [string, number][] =>
      typeof part === 'object' ? flat(part, `${path}.${key}`) : [[`${path}.${key}`, part]],
    );
}
