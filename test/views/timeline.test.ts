/** What the Timeline view shows for its answers: windows, boxes, tracks, charts; without a page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelineAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { boxAt, byRoom, colourNumbers, eachBox } from '../../extension/views/timeline/model/boxes.ts';
import { Latest } from '../../extension/views/timeline/model/latest.ts';
import { numberIn, printFrom, seriesOf } from '../../extension/views/timeline/model/prints.ts';
import {
  type Content,
  chainText,
  heightOf,
  rowHeight,
  targetAt,
  trackAt,
  tracksOf,
} from '../../extension/views/timeline/model/tracks.ts';
import { Viewport } from '../../extension/views/timeline/model/viewport.ts';
import {
  asked,
  clamped,
  grown,
  moved,
  NARROWEST,
  serves,
  showing,
  tokenAt,
  widthOf,
  zoomed,
} from '../../extension/views/timeline/model/window.ts';

const RUN = { from: 1000, to: 101_000 };

test('zooming keeps the token under the pointer where it is, and stays inside of the run', () => {
  const window = { from: 20_000, to: 40_000 };
  const near = zoomed(window, RUN, 4, 25_000);
  assert.deepEqual(near, { from: 23_750, to: 28_750 });
  assert.equal((25_000 - near.from) / widthOf(near), 0.25);
  assert.deepEqual(zoomed(window, RUN, 1 / 1000, 25_000), RUN);
  assert.equal(widthOf(zoomed(window, RUN, 1e9, 25_000)), NARROWEST);
  assert.deepEqual(clamped({ from: -50, to: 50 }, RUN), { from: 1000, to: 1100 });
  assert.deepEqual(clamped({ from: 0, to: 10 }, { from: 0, to: 5 }), { from: 0, to: 5 });
});

test('the brush moves the window or one of its edges', () => {
  const window = { from: 20_000, to: 40_000 };
  assert.deepEqual(moved(window, RUN, 'both', -30_000), { from: 1000, to: 21_000 });
  assert.deepEqual(moved(window, RUN, 'from', 50_000), { from: 40_000 - NARROWEST, to: 40_000 });
  assert.deepEqual(moved(window, RUN, 'to', 90_000), { from: 20_000, to: 101_000 });
  assert.equal(showing(window, RUN, 30_000), window);
  assert.deepEqual(showing(window, RUN, 80_000), { from: 70_000, to: 90_000 });
  assert.equal(tokenAt(window, 0.5), 30_000);
  assert.equal(tokenAt(window, 7), 40_000);
});

test('a run that grows is followed by a window at its end, and by no other', () => {
  const longer = { from: 1000, to: 201_000 };
  assert.deepEqual(grown(RUN, RUN, longer), longer);
  assert.deepEqual(grown({ from: 91_000, to: 101_000 }, RUN, longer), { from: 191_000, to: 201_000 });
  assert.deepEqual(grown({ from: 20_000, to: 40_000 }, RUN, longer), { from: 20_000, to: 40_000 });
  const viewport = new Viewport(undefined);
  let told = 0;
  viewport.onChange(() => told++);
  viewport.grow(RUN);
  assert.deepEqual(viewport.range, RUN);
  viewport.grow({ ...RUN });
  assert.equal(told, 1);
  const again = new Viewport({ from: 20_000, to: 40_000 });
  again.grow(RUN);
  assert.deepEqual(again.range, { from: 20_000, to: 40_000 });
});

test('more is asked for than is shown; an answer serves until the window leaves it, or is much narrower', () => {
  const window = { from: 20_000, to: 40_000 };
  const answered = asked(window, RUN);
  assert.deepEqual(answered, { from: 10_000, to: 50_000 });
  assert.ok(serves(answered, window, RUN));
  assert.ok(serves(answered, { from: 30_000, to: 50_000 }, RUN));
  assert.ok(!serves(answered, { from: 31_000, to: 51_000 }, RUN));
  assert.ok(!serves(answered, { from: 30_000, to: 40_000 }, RUN));
});

test('boxes: what lies in the window, by pixels; and the call at a point', () => {
  const row = [1000, 2000, 0, 1, 0, 2000, 2002, 1, 7, 5, 3000, 9000, 0, 1, 6];
  const boxes: number[][] = [];
  eachBox(row, { from: 1500, to: 3500 }, 200, (...box) => boxes.push(box));
  assert.deepEqual(boxes, [
    [0, 50, 0, 1],
    [50, 0.75, 1, 7],
    [150, 50, 0, 1],
  ]);
  assert.deepEqual(boxAt(row, 1999, 0), { from: 1000, to: 2000, fn: 0, calls: 1 });
  assert.equal(boxAt(row, 2500, 10), undefined);
  assert.deepEqual(boxAt(row, 2006, 10), { from: 2000, to: 2002, fn: 1, calls: 7 });
  assert.equal(boxAt(undefined, 5, 5), undefined);
  const functions = [
    { name: '_start', own: false },
    { name: 'main', own: true },
    { name: 'f', own: true },
    { name: 'g', own: true },
  ];
  assert.deepEqual(colourNumbers(functions, 2), [-1, 0, 1, 0]);
});

const ANSWER: TimelineAnswer = {
  ...RUN,
  first: RUN.from,
  end: RUN.to,
  functions: [{ name: 'main', own: true }],
  depths: [1],
  spans: Array.from({ length: 4 }, () => [1000, 101_000, 0, 1, 0]),
  longest: [],
  output: [
    { token: 5000, text: 'one', category: 'stdout', count: 1 },
    { token: 5400, text: 'two', category: 'stdout', count: 3 },
  ],
  breakpoints: [{ id: 4, text: 'a.c:3', conditional: false, total: 2, hits: [7000, 2] }],
  findings: [],
  lines: [],
};
const SERIES = seriesOf(
  { path: '/x/a.c', line: 3, expression: 'n' },
  {
    rows: [
      { traceLine: 1, token: 2000, value: '1' },
      { traceLine: 2, token: 3000, value: 'no such thing', failed: true },
      { traceLine: 3, token: 4000, value: "65 'A'" },
    ],
    total: 5,
  },
);
const CONTENT: Content = {
  answer: ANSWER,
  prints: [SERIES],
  branches: [{ kind: 'fork', token: 9000, text: 'what if', branch: 2 }],
  moments: [{ kind: 'bookmark', token: 9500, text: 'here' }],
  totals: new Map([[4, 12]]),
  room: 400,
};

test('tracks stand below one another; a point finds what it is near to', () => {
  const tracks = tracksOf(CONTENT);
  const kinds = ['calls', 'axis', 'output', 'breakpoint', 'print', 'branches', 'moments'];
  assert.deepEqual(
    tracks.map(({ kind }) => kind),
    kinds,
  );
  for (const [i, { top }] of tracks.entries()) if (i > 0) assert.ok(top >= tracks[i - 1].top + tracks[i - 1].height);
  assert.equal(trackAt(tracks, heightOf(tracks) - 1)?.kind, 'moments');
  assert.equal(trackAt(tracks, heightOf(tracks) + 1), undefined);
  const [, , output, breakpoint, print, branches, moments] = tracks;
  assert.equal(breakpoint.note, '12× hit');
  assert.equal(targetAt(CONTENT, output, 5300, 500)?.token, 5400);
  assert.match(targetAt(CONTENT, output, 5300, 500)?.text ?? '', /two … \(3 pieces\)/);
  assert.equal(targetAt(CONTENT, output, 5300, 50), undefined);
  assert.equal(targetAt(CONTENT, breakpoint, 7100, 100)?.text, 'a.c:3, 2 times around here');
  assert.equal(targetAt(CONTENT, print, 4000, 0)?.text, "n = 65 'A'");
  assert.equal(targetAt(CONTENT, branches, 9000, 0)?.branch, 2);
  assert.equal(targetAt(CONTENT, moments, 9400, 100)?.text, 'here');
  const lines = [{ token: 5000, traceLine: 41, text: '05 00 00 00 commit(-1,sts=1,bt=0)' }];
  const fine = { ...CONTENT, answer: { ...ANSWER, lines } };
  assert.match(targetAt(fine, tracks[1], 5001, 2)?.text ?? '', /^42: 05 00/);
  const without = tracksOf({ ...CONTENT, branches: [], moments: [] });
  assert.ok(without.every(({ kind }) => kind !== 'branches' && kind !== 'moments'));
});

test('rows of calls get lower where they are many, or where there is little room', () => {
  const deep = { ...ANSWER, spans: Array.from({ length: 400 }, () => []) };
  assert.equal(rowHeight(CONTENT), 11);
  assert.equal(rowHeight({ answer: deep, room: 400 }), 1);
  assert.ok(rowHeight({ answer: { ...ANSWER, spans: deep.spans.slice(0, 40) }, room: 120 }) === 3);
});

test('prints are charts of their numbers, what is none has no height; it is said how many there are', () => {
  assert.deepEqual(
    SERIES.points.map(({ height }) => height),
    [0, undefined, 1],
  );
  assert.deepEqual([SERIES.least, SERIES.greatest], [1, 65]);
  assert.equal(SERIES.note, 'a.c:3, first 3 of 5');
  assert.equal(seriesOf({ path: 'a.c', line: 1, expression: 'x' }, undefined, 'no x here').note, 'no x here');
  assert.deepEqual(['-12', '0x1f', '-0x10', '2.5e3', 'true', '{1, 2}'].map(numberIn), [
    -12,
    31,
    -16,
    2500,
    1,
    undefined,
  ]);
});

test('a print is read from what was typed, or it is said what is missing', () => {
  const paths = ['/src/main.c', '/src/other.c'];
  assert.deepEqual(printFrom(' depth ', 'other.c:12', paths), { path: '/src/other.c', line: 12, expression: 'depth' });
  assert.deepEqual(printFrom('x', 'new.c:1', paths), { path: 'new.c', line: 1, expression: 'x' });
  assert.match(printFrom('', 'main.c:1', paths) as string, /expression/);
  assert.match(printFrom('x', 'main.c', paths) as string, /file:line/);
});

test('of questions that come faster than answers only the latest is asked next', async () => {
  const asked: number[] = [];
  const given: number[] = [];
  const waiting: (() => void)[] = [];
  const ask = (question: number) => {
    asked.push(question);
    return new Promise<number>((resolve) => waiting.push(() => resolve(question)));
  };
  const latest = new Latest(ask, (answer) => given.push(answer), assert.fail);
  for (const question of [1, 2, 3]) latest.want(question);
  waiting[0]();
  await new Promise(setImmediate);
  assert.deepEqual(asked, [1, 3]);
  latest.end();
  waiting[1]();
  await new Promise(setImmediate);
  assert.deepEqual(given, [1]);
});

test('a chain of calls in words', () => {
  const chain = [
    { function: 'main', times: 1 },
    { function: 'search', times: 9 },
  ];
  assert.equal(chainText(chain), 'main › search × 9');
});

test('where there is no room for all functions, those are named that take most of the picture', () => {
  const functions = ['start', 'main', 'help', 'search'].map((name) => ({ name, own: name !== 'start' }));
  const spans = [
    [0, 100, 1, 1, 0],
    [0, 5, 2, 1, 0, 10, 90, 3, 4, 1],
    [20, 60, 3, 1, 2],
  ];
  assert.deepEqual(byRoom({ functions, spans }), [3, 1, 2, 0]);
});
