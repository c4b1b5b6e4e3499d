/** What the Attention view shows of an answer: order, filters, changes, groups, arcs, sums, the pattern. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeadPattern, HeadView, TokenAttention } from '../../debug-adapter/protocol/protocol.ts';
import { arcsOf, RISE } from '../../extension/views/attention/model/arcs.ts';
import { Changes } from '../../extension/views/attention/model/changes.ts';
import { exact, pair, piecesOf } from '../../extension/views/attention/model/forms.ts';
import { groupsOf } from '../../extension/views/attention/model/groups.ts';
import { byLayer, NO_FILTER, sortHeads } from '../../extension/views/attention/model/heads.ts';
import { plot, windowAround } from '../../extension/views/attention/model/pattern.ts';
import { headName } from '../../extension/views/parts/families.ts';

const place = { path: '/c/add.c', line: 4 };

function head(layer: number, number: number, role: string, token: number | undefined, more: Partial<HeadView> = {}) {
  const line = token === undefined || token < 100 ? undefined : Math.floor((token - 100) / 5);
  const where = line === undefined ? { lineText: 'i32.add' } : { traceLine: line, place };
  const made: HeadView = {
    layer,
    head: number,
    role,
    active: true,
    query: [token ?? 0, 1],
    target: token === undefined ? null : { token, text: `t${token}`, ...where },
    shared: 1,
    value: '5',
    meaning: 'byte 5',
    margin: 1,
    ...more,
  };
  return made;
}

/** `i32.add` in line 4 took what lines 1 and 2 gave. */
const OPCODE = head(2, 0, 'fetch opcode', 50);
const TOP = head(4, 0, 'byte of stack top', 110);
const BELOW = head(4, 3, 'byte below stack top', 105);
const OWN = head(0, 0, 'start of line', 119);
const SUM = head(0, 7, 'depth (running sums)', undefined, { shared: 120 });
const LOAD = head(5, 1, 'memory load', 101, { active: false });
const ADD: TokenAttention = {
  headline: [],
  sentence: [
    { text: 'i32.add' },
    { text: '5', value: '5', token: 110, traceLine: 2 },
    { text: '3', value: '3', token: 105, traceLine: 1 },
  ],
  traceLine: 4,
  lineText: '08 00 00 00 commit',
  place,
  tokens: [120, 121, 122, 123, 124].map((token) => ({ token, text: `t${token}`, focus: token === 120 })),
  token: 120,
  now: 124,
  heads: [OWN, SUM, OPCODE, TOP, BELOW, LOAD],
};
const CHOICE = { filter: NO_FILTER, pins: [], changes: new Set<string>() };

test('what the sentence speaks of comes first, the instruction before it; a pin goes before everything', () => {
  const { main, other, idle } = sortHeads(ADD, CHOICE);
  assert.deepEqual(main.map(headName), ['L2·H0', 'L4·H0', 'L4·H3']);
  assert.deepEqual(other.map(headName), ['L0·H0', 'L0·H7']);
  assert.deepEqual(idle.map(headName), ['L5·H1']);
  const pinned = sortHeads(ADD, { ...CHOICE, pins: ['L5·H1', 'L4·H3'] });
  assert.deepEqual(pinned.main.map(headName), ['L4·H3', 'L5·H1', 'L2·H0', 'L4·H0']);
  assert.deepEqual(pinned.idle, []);
});

test('filters by family, layer and change; a pin passes them', () => {
  const shown = (choice: Partial<typeof CHOICE>) => {
    const { main, other, idle } = sortHeads(ADD, { ...CHOICE, ...choice });
    return [main, other, idle].map((heads) => heads.map(headName));
  };
  assert.deepEqual(shown({ filter: { families: ['T', 'S'], changed: false } }), [['L4·H0', 'L0·H0', 'L0·H7'], [], []]);
  assert.deepEqual(shown({ filter: { families: [], layer: 5, changed: false } }), [[], [], ['L5·H1']]);
  const changes = new Set(['L4·H3', 'L5·H1']);
  assert.deepEqual(shown({ filter: { families: [], changed: true }, changes }), [['L4·H3'], [], ['L5·H1']]);
  const filter = { families: ['P'], changed: false };
  assert.deepEqual(sortHeads(ADD, { ...CHOICE, filter, pins: ['L0·H0'] }).main.map(headName), ['L0·H0', 'L2·H0']);
});

test('changed since the last stop: another target, another value, or work begun; looking at other tokens there is no stop', () => {
  const changes = new Changes();
  assert.deepEqual([...changes.at(1, [TOP, BELOW, LOAD])], []);
  const later = [{ ...TOP, value: '6' }, BELOW, { ...LOAD, active: true }];
  assert.deepEqual([...changes.at(2, later)], ['L4·H0', 'L5·H1']);
  assert.deepEqual([...changes.at(2, [TOP, head(4, 3, 'byte below stack top', 106), LOAD])], ['L4·H3']);
  assert.deepEqual([...changes.at(3, [TOP, head(4, 3, 'byte below stack top', 106), LOAD])], []);
});

test('layers have their heads, those without any are left out', () => {
  assert.deepEqual(
    byLayer(ADD.heads).map(({ layer, heads }) => [layer, heads.length]),
    [
      [0, 2],
      [2, 1],
      [4, 2],
      [5, 1],
    ],
  );
});

test('tokens are grouped by line in the order of time; of a long line those around the focus', () => {
  const groups = groupsOf(ADD, [OPCODE, TOP, BELOW, head(4, 1, 'byte of stack top', 113)]);
  assert.deepEqual(
    groups.map(({ label, tokens, isHere }) => [label, tokens.map(({ token }) => token), isHere]),
    [
      ['program: i32.add', [50], false],
      ['line 2 · add.c:4', [105], false],
      ['line 3 · add.c:4', [110, 113], false],
      ['line 5 · add.c:4 ◂ position', [120, 121, 122, 123, 124], true],
    ],
  );
  assert.equal(groups[2].tokens[1].between, 2);
  const tokens = Array.from({ length: 1000 }, (_, i) => ({ token: 120 + i, text: '00', focus: false }));
  const [long] = groupsOf({ ...ADD, tokens, token: 620 }, []);
  assert.deepEqual([long.tokens[0].token, long.tokens.at(-1)?.token], [580, 660]);
});

test('arcs that share an end fan out, and none crosses another on its way', () => {
  const focus = { left: 500, width: 30 };
  const boxes = [0, 100, 100, 100, 300].map((left) => ({ left, width: 40 }));
  const arcs = arcsOf(
    focus,
    boxes.map((box, of) => ({ of, box })),
  );
  assert.equal(new Set(arcs.map(({ from }) => from)).size, 5);
  assert.equal(new Set(arcs.map(({ to }) => to)).size, 5);
  for (let i = 1; i < arcs.length; i++) {
    // One lies around the other: it ends further away on both sides, and rises higher.
    assert.ok(arcs[i].to < arcs[i - 1].to && arcs[i].from > arcs[i - 1].from && arcs[i].rise > arcs[i - 1].rise);
  }
  for (const { from, to, rise } of arcs) {
    assert.ok(from >= 500 && from <= 530 && to >= 0 && to <= 340 && rise < RISE);
  }
  const [right] = arcsOf(focus, [{ of: 0, box: { left: 600, width: 20 } }]);
  assert.deepEqual([right.from, right.to], [515, 610]);
});

test('sums of slots as people write them', () => {
  const query = {
    sum: 2080,
    terms: [
      { slot: 'stack top: position', weight: 1, value: 2084 },
      { slot: 'is wide', weight: -4, value: 0 },
      { slot: 'one', weight: -4, value: 1 },
      { slot: 'index', weight: 2, value: 3.5 },
    ],
  };
  assert.deepEqual(piecesOf(query), [
    { sign: '', factor: '', slot: 'stack top: position', value: '2,084' },
    { sign: '−', factor: '4' },
    { sign: '+', factor: '2', slot: 'index', value: '3.5' },
  ]);
  assert.deepEqual(piecesOf({ sum: 0, terms: [] }), [{ sign: '', factor: '0' }]);
  assert.equal(exact(-(2 ** 52)), '−2^52');
  assert.equal(exact(-68_715_282_496), '−68,715,282,496');
  assert.equal(pair([query, { sum: 1, terms: [] }]), '(2,080; 1)');
});

test('a pattern: the further back, the lower; the prompt below everything, averages above', () => {
  const row = (token: number, target: number) => ({
    token,
    traceLine: 0,
    text: '00',
    active: true,
    target,
    targetText: '00',
    meaning: 'byte 0',
    margin: 1,
  });
  const pattern: HeadPattern = {
    role: 'memory load',
    first: 100,
    end: 1105,
    prompt: 100,
    rows: [row(100, -1), row(600, 599), row(700, 690), row(1104, 104), row(1104, 50)],
  };
  const { dots, ticks } = plot(pattern, { width: 800, height: 120 });
  const depths = dots.map(({ y }) => y);
  assert.deepEqual(
    depths,
    [...depths].sort((a, b) => a - b),
  );
  assert.equal(new Set(depths).size, 5);
  assert.ok(dots[0].x < dots[1].x && dots[3].x <= 800);
  assert.deepEqual(
    ticks.map(({ text }) => text),
    ['1', '10', '100', '1,000', 'prompt'],
  );
  assert.equal(ticks[1].y, dots[2].y);
});

test('the lines of a pattern end with the position, or go on where there are too few before it', () => {
  assert.deepEqual(windowAround(100, 100, 8), { from: 93, to: 101 });
  assert.deepEqual(windowAround(50, 100, 8), { from: 43, to: 51 });
  assert.deepEqual(windowAround(2, 100, 8), { from: 0, to: 8 });
  assert.deepEqual(windowAround(2, 100, 1e9), { from: 0, to: 101 });
});
