/** What the Token view shows: rows by layer, the arithmetic of two scores, and what the answer was made from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenAnswer } from '../../debug-adapter/protocol/protocol.ts';
import {
  amountText,
  arithmetic,
  changeText,
  circuitName,
  decidedText,
  parabola,
  rowsOf,
  signed,
  sourcesOf,
} from '../../extension/views/token/dissection.ts';

const ADDED = { slots: [], chosen: 0, rival: 0 };

function head(
  role: string,
  text: string | undefined,
  more: object = {},
): TokenAnswer['layers'][number]['heads'][number] {
  const target = text === undefined ? null : { token: 40 + role.length, text };
  const slots = [{ slot: 3, name: role, by: 5 }];
  return { ...ADDED, slots, layer: 0, head: 0, role, active: true, target, shared: 1, value: '5', ...more };
}

const ANSWER: TokenAnswer = {
  token: 100,
  text: '08',
  given: false,
  headline: '',
  traceLine: 7,
  lineText: '08 00 00 00',
  slots: 9,
  chosen: { text: '08', logit: 67 },
  rival: { text: '07', logit: 66 },
  best: [
    { text: '08', logit: 67 },
    { text: '07', logit: 66 },
  ],
  vocabulary: 300,
  embedding: ADDED,
  layers: [
    {
      heads: [head('byte of stack top', '05'), head('memory load', '11', { active: false })],
      circuits: [
        {
          ...ADDED,
          names: ['next byte', 'line'],
          neurons: 3,
          fired: 1,
          slots: [{ slot: 4, name: 'next byte', by: 8 }],
        },
      ],
      neurons: 5,
      changes: [
        { slot: 3, name: 'byte of stack top', before: 0, after: 5, active: true },
        { slot: 4, name: 'next byte', before: 0, after: 8, active: true },
        { slot: 5, name: 'to come', was: 'gone', before: 7, after: 0, active: true },
        { slot: 6, name: 'elsewhere', before: 1, after: 2, active: false },
      ],
      says: '08',
    },
    { heads: [], circuits: [], neurons: 2, changes: [], says: '08' },
  ],
  decided: 0,
  terms: [
    { slot: 0, name: 'one', value: 1, chosenWeight: -64, rivalWeight: -49 },
    { slot: 4, name: 'next byte', value: 8, chosenWeight: 16, rivalWeight: 14 },
    { slot: 7, name: 'kind', value: 3, chosenWeight: 1, rivalWeight: 1 },
  ],
};

test('a row tells what lies on the path of the answer; what was only emptied does not', () => {
  const [first, second] = rowsOf(ANSWER);
  assert.deepEqual(
    first.told.map(({ name }) => name),
    ['byte of stack top', 'next byte'],
  );
  assert.deepEqual(
    first.marks.map(({ slot, active, role }) => [slot, active, role]),
    [
      [3, true, 'memory load'],
      [4, true, undefined],
      [5, false, undefined],
      [6, false, undefined],
    ],
  );
  assert.deepEqual([first.fired, first.neurons], [1, 5]);
  assert.deepEqual(first.decisive, ['next byte']);
  assert.equal(first.quiet, false);
  assert.deepEqual([second.quiet, second.unchanged], [true, true]);
});

test('scores are sums of weights times slots, the greatest term first; what both have comes last, as one', () => {
  assert.deepEqual(arithmetic(ANSWER), [
    { text: '08', logit: 67, sum: '16 × 8 − 64 × 1 + 3 (what both have)', behind: 0 },
    { text: '07', logit: 66, sum: '14 × 8 − 49 × 1 + 3 (what both have)', behind: 1 },
  ]);
});

test('a parabola is seen in the weights, and only there', () => {
  assert.deepEqual(parabola(ANSWER), { name: 'next byte', x: 8, chosen: 8, rival: 7 });
  const [one, ...others] = ANSWER.terms;
  assert.equal(parabola({ ...ANSWER, terms: [{ ...one, rivalWeight: -48 }, ...others] }), undefined);
  const more = { slot: 8, name: 'flag', value: 1, chosenWeight: 2, rivalWeight: 3 };
  assert.equal(parabola({ ...ANSWER, terms: [...ANSWER.terms, more] }), undefined);
});

test('sources are bytes that were brought and the instruction, each once', () => {
  const heads = [
    head('byte of stack top', '05'),
    head('byte of stack top', '05', { head: 1 }),
    head('fetch opcode', 'i32.add'),
    head('stack depth', 'T3'),
    head('memory load', '11', { active: false }),
    head('depth (running sums)', undefined),
  ];
  const answer = { ...ANSWER, layers: [{ ...ANSWER.layers[0], heads }] };
  assert.deepEqual(
    sourcesOf(answer).map(({ text, isValue }) => [text, isValue]),
    [
      ['05', true],
      ['i32.add', false],
    ],
  );
});

test('numbers, changes and circuits in words', () => {
  assert.equal(amountText(1 / 3), '0.333333');
  assert.equal(amountText(1234567), '1,234,567');
  assert.deepEqual([signed(0), signed(5), signed(-5)], ['', '+5', '−5']);
  assert.equal(changeText({ name: 'a', before: 1, after: 2 }), 'a 1 → 2');
  assert.equal(changeText({ name: 'a', was: 'b', before: 1, after: 2 }), 'a 2 (was b 1)');
  assert.equal(circuitName({ ...ADDED, names: ['a', 'b', 'c', 'd', 'e'], neurons: 1, fired: 1 }), 'a, b, c and 2 more');
  assert.match(decidedText(ANSWER), /layer 0, of layers 0 to 1/);
  assert.match(decidedText({ ...ANSWER, decided: -1 }), /embedding/);
});
