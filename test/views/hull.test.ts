/** What the Hull view shows for an answer: which head, in which words, where on the canvas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeadView, HullAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { chosenHead, headsByFamily } from '../../extension/views/hull/heads.ts';
import { nearest, roomy, roundUp, sceneOf, zoomed } from '../../extension/views/hull/scene.ts';
import { shareText, temperatureName } from '../../extension/views/hull/shares.ts';
import { exact, keyName, nounOf, sentence } from '../../extension/views/hull/words.ts';

const column = (address: number, tokens: number, asked: number) => ({
  across: 2 * address,
  score: asked ** 2 - (address - asked) ** 2,
  token: 100 + address,
  places: 1,
  tokens,
});

const candidate = (address: number, token: number, asked: number, tokens = 1) => ({
  standing: { token, text: '07', traceLine: 20, place: { path: '/home/me/sum.c', line: 3 } },
  key: [2 * address, -(address ** 2)],
  tokens,
  across: 2 * address,
  score: asked ** 2 - (address - asked) ** 2,
});

/** Four addresses were written, and one of them is looked up. */
const ANSWER: HullAnswer = {
  layer: 5,
  head: 1,
  role: 'memory load',
  token: 500,
  keys: 500,
  prompt: 90,
  now: 600,
  sampled: 1,
  query: [18, 1],
  axis: 'x',
  parabola: true,
  latest: true,
  whole: { from: 32, to: 40 },
  window: { from: 32, to: 40 },
  columns: [column(16, 1, 18), column(17, 1, 18), column(18, 25, 18), column(20, 3, 18)],
  places: 4,
  onHull: 30,
  below: 470,
  winner: candidate(18, 480, 18, 25),
  shared: 1,
  score: 324,
  value: [7, 0],
  runnerUp: candidate(18, 460, 18, 25),
  margin: 0,
};

const said = (answer: HullAnswer) =>
  sentence(answer)
    .map(({ text }) => text)
    .join('');

test('in words: what was looked for, what was found, and why that', () => {
  assert.equal(
    said(ANSWER),
    'looks up address 0x12 among 500 keys: token 480 “07”, sum.c:3, wins, the latest of 25 with that key',
  );
  const alone = { ...ANSWER, winner: candidate(18, 480, 18), runnerUp: candidate(17, 100, 18), margin: 1 };
  assert.match(said(alone), /wins; the next is 1 behind$/);
  const near = { ...ANSWER, query: [19.5, 1], winner: candidate(20, 120, 19.5), margin: 2 };
  assert.match(
    said(near),
    /looks up address 19.5 among .* wins with address 0x14, the nearest that there is; the next/,
  );
  assert.match(
    said({ ...ANSWER, winner: null, shared: 12, query: [0, 0], parabola: false }),
    /12 tokens share it equally/,
  );
  const local = { ...ANSWER, variable: { name: 'board[3]', function: 'main' } };
  assert.match(said(local), /^looks up address 0x12 \(board\[3\] in main\) among/);
  assert.match(said({ ...ANSWER, variable: { name: 'total' } }), /0x12 \(total\) among/);
  assert.match(said({ ...ANSWER, sampled: 40 }), /among about 500 keys/);
  assert.deepEqual(
    sentence(ANSWER).filter(({ token }) => token !== undefined),
    [{ text: 'token 480', strong: true, token: 480 }],
  );
});

test('keys are called by what they count', () => {
  assert.equal(keyName(ANSWER, 36), '0x12');
  assert.equal(nounOf({ ...ANSWER, role: 'local or global' }), 'cell');
  assert.equal(keyName({ ...ANSWER, role: 'local or global' }, 36), '18');
  assert.equal(nounOf({ ...ANSWER, winner: candidate(480, 480, 480) }), 'token', 'a key that is the position itself');
  assert.equal(nounOf({ ...ANSWER, parabola: false }), 'key');
  assert.equal(keyName({ ...ANSWER, parabola: false }, 36), '36');
  assert.equal(exact(-0), '0');
  assert.equal(exact(2 ** -16), '0.0000152587890625', 'no digit is left out');
});

const SIZE = { width: 800, height: 340 };

test('the winner is at the top, where the tangent is and the query points to; the hull falls away on both sides', () => {
  const scene = sceneOf(ANSWER, roomy(ANSWER.whole), SIZE);
  assert.equal(scene.winner?.y, scene.tangent);
  assert.equal(scene.winner?.x, scene.arrow);
  const [a, b, top, c] = scene.dots;
  assert.ok(a.y > b.y && b.y > top.y && top.y < c.y);
  assert.ok(a.x > 0 && c.x < SIZE.width && c.y < SIZE.height);
  assert.deepEqual([scene.winner?.x, scene.winner?.y], [top.x, top.y]);
});

test('squares stand for what is behind the latest, in round numbers', () => {
  const scene = sceneOf(ANSWER, roomy(ANSWER.whole), SIZE);
  assert.equal(scene.unit, 2);
  assert.deepEqual(
    scene.dots.map(({ squares }) => squares),
    [0, 0, 12, 1],
  );
  assert.deepEqual([0, 1, 1.2, 3, 7, 4321].map(roundUp), [1, 1, 2, 5, 10, 5000]);
});

test('what is pointed at is the nearest key within reach', () => {
  const scene = sceneOf(ANSWER, roomy(ANSWER.whole), SIZE);
  const [, second] = scene.dots;
  assert.equal(nearest(scene, second.x + 5), second);
  assert.equal(nearest(scene, second.x + 30), undefined);
});

test('zoomed in, the window is narrower and the place under the pointer stays', () => {
  const whole = roomy(ANSWER.whole);
  assert.deepEqual(zoomed(whole, 1, 0, SIZE), whole);
  const middle = SIZE.width / 2;
  const { from, to } = zoomed(whole, 4, middle - 4 * middle, SIZE);
  assert.ok(Math.abs((from + to) / 2 - (whole.from + whole.to) / 2) < 1e-9);
  assert.ok(Math.abs((to - from) / (whole.to - whole.from) - 1 / 4) < 0.01);
});

const head = (layer: number, role: string, active: boolean) =>
  ({ layer, head: 0, role, active, target: { token: 1, text: '' } }) as HeadView;

test('the head that is selected is shown, else the last one, else one that says much', () => {
  const heads = [head(0, 'start of line', true), head(3, 'stack top', true), head(5, 'memory load', false)];
  assert.equal(chosenHead(heads, { layer: 0, head: 0 }, { layer: 5, head: 0 }), heads[0]);
  assert.equal(chosenHead(heads, {}, { layer: 5, head: 0 }), heads[2]);
  assert.equal(chosenHead(heads, {}, undefined), heads[1]);
  assert.equal(chosenHead([], {}, undefined), undefined);
  assert.deepEqual(
    headsByFamily(heads).map(({ family, members }) => [family.letter, members.length]),
    [
      ['T', 1],
      ['M', 1],
      ['S', 1],
    ],
  );
});

test('shares and temperatures', () => {
  assert.deepEqual([0, 1, 0.5, 1e-9, 1 - 1e-9].map(shareText), ['0', '1', '0.500', '< 0.001', '> 0.999']);
  assert.match(temperatureName(1, 2 ** 25), /scores times 33,554,432/);
  assert.match(temperatureName(2 ** 25, 2 ** 25), /^Hot/);
});

test('of a later context: what was carried over to it, and positions that are not numbers of the run', () => {
  const winner = { ...candidate(480, 9480, 480), position: 480 };
  const context = { number: 3, carried: 700 };
  const answer: HullAnswer = { ...ANSWER, context, query: [480, 1], score: 480 ** 2, margin: null, winner };
  assert.equal(nounOf(answer), 'position');
  const carried = { ...winner, standing: { ...winner.standing, carried: 3 } };
  assert.equal(
    said({ ...answer, winner: carried }),
    'looks up position 480 among 500 keys: token 9,480 “07”, sum.c:3, (carried over to context 3) wins',
  );
});
