/** The picture in docs/floats.md is what the model generates. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { type DrawnLine, drawing, linesOfProduct, meaning, PICTURE } from './float-drawing.ts';

let lines: DrawnLine[];
before(async () => {
  lines = await linesOfProduct();
});

test('docs/images/floats.svg is drawn from the model’s lines', () => {
  assert.equal(drawing(lines), readFileSync(PICTURE, 'utf8'), 'run npx tsx test/machine/float-drawing.ts');
});

test('what the lines say multiplies to the product', () => {
  const said = (name: string) => lines.filter((line) => line.name === name).map(meaning);
  const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const [a, b] = said('f64.significand').map((text) => number(text, /significand: (.*) · 2\^55/));
  const [digits] = said('significand.product').map((text) => number(text, /; (.*) · 2\^63/));
  const [scale] = said('f64.scale_product').map((text) => number(text, /times 2\^(.*)/));
  assert.equal((a * b) / 2, digits);
  assert.equal(digits * 2 ** scale, 1.1 * 2.7);
  assert.match(said('f64.pack')[0], new RegExp(`; ${1.1 * 2.7}$`));
  // Each operand is made by a line above, and the last line ends what all others began.
  for (const [i, { takes }] of lines.entries()) assert.ok(takes.every((from) => from >= 0 && from < i));
});
