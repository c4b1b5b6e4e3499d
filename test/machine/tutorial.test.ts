/** The tutorial's numbers are the model's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PAGE, withNumbers } from './tutorial.ts';

const page = readFileSync(PAGE, 'utf8');

test('every box of docs/tutorial-i32-add.md says what the model holds', () => {
  const made = withNumbers(page);
  assert.equal(made, page, 'run npx tsx test/machine/tutorial.ts');
  const boxes = [...page.matchAll(/^```text$/gm)].length;
  assert.equal([...page.matchAll(/^<!-- numbers: .+ -->$/gm)].length, boxes, 'every box is made');
  // What the prose builds on.
  assert.match(made, /^2087: 2c' 01 00 00 commit\(-1,sts=1,bt=0\)$/m);
  assert.match(made, /^logit of `2c'` = .* = (\d+)\n.* = (\d+)$/m);
});

test('a wrong number is replaced, and a box that nothing is known of is refused', () => {
  assert.equal(withNumbers(page.replace('pops: 2', 'pops: 3')), page);
  assert.throws(() => withNumbers(page.replace('numbers: row', 'numbers: rows')), /no numbers for "rows"/);
});
