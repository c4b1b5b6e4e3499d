/** Every head of the shipped model has a family that says what it looks up. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAMILIES, familyOf } from '../../extension/views/parts/families.ts';

test('every role of the model belongs to a family, and every family has heads', () => {
  const { names } = JSON.parse(readFileSync('dist/model/config.json', 'utf8')) as { names: { heads: string[][] } };
  const roles = [...new Set(names.heads.flat().filter(Boolean))];
  const letters = new Map(roles.map((role) => [role, familyOf(role).letter]));
  assert.deepEqual(
    FAMILIES.filter(({ letter }) => ![...letters.values()].includes(letter)),
    [],
  );
  const sums = roles.filter((role) => letters.get(role) === 'S');
  // What is left over is what it says it is.
  for (const role of sums) assert.match(role, /start of line|back|running sum/);
  assert.equal(letters.get('memory load'), 'M');
  assert.equal(letters.get('byte below stack top'), 'B');
  assert.equal(letters.get('fetch opcode'), 'P');
  assert.equal(letters.get('quotient digit 2'), 'A');
});
