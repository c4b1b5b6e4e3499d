/** Charts, tables and readers of the Why view: what is drawn of very many values, how rows are sorted, filtered and grouped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOfSource } from '../../extension/views/why/model/paths.ts';
import { readerGroups } from '../../extension/views/why/model/readers.ts';
import { numberIn, pointsOf, reached, thinned } from '../../extension/views/why/model/series.ts';
import { filtered, nextSorting, rowsInSight, sorted } from '../../extension/views/why/model/table.ts';

const samples = (values: readonly string[]) => values.map((value, i) => ({ value, traceLine: 10 * i, token: 100 * i }));

test('values are numbers by how they begin, and a chart has nothing but numbers', () => {
  assert.deepEqual(['12', '-3', '2.5', "65 'A'", '0x10', '1e3'].map(numberIn), [12, -3, 2.5, 65, 16, 1000]);
  for (const value of ['RED', '{x = 1}', '', '12abc']) assert.ok(Number.isNaN(numberIn(value)), value);
  assert.equal(pointsOf(samples(['1', 'RED'])), undefined);
  assert.equal(pointsOf(samples(['1'])), undefined, 'one value is no course');
  assert.deepEqual(pointsOf(samples(['1', '4'])), [
    { index: 0, value: 1 },
    { index: 1, value: 4 },
  ]);
});

test('of very many points the extremes stay, in order', () => {
  const points = Array.from({ length: 100_000 }, (_, index) => ({ index, value: index % 100 }));
  points[61_803] = { index: 61_803, value: 5000 };
  points[31_415] = { index: 31_415, value: -5000 };
  const kept = thinned(points, 600);
  assert.ok(kept.length <= 700 && kept.length > 100, String(kept.length));
  assert.ok(kept.some(({ value }) => value === 5000) && kept.some(({ value }) => value === -5000));
  assert.ok(kept.every(({ index }, i) => i === 0 || index > kept[i - 1].index));
  assert.equal(kept[0].index, 0);
  assert.equal(kept.at(-1)?.index, 99_999);
  assert.equal(thinned(points.slice(0, 10), 600).length, 10);
});

test('where the position stands among samples', () => {
  const some = samples(['1', '2', '3']);
  assert.deepEqual(
    [-1, 0, 9, 10, 500].map((line) => reached(some, line)),
    [0, 1, 1, 2, 3],
  );
});

interface Row {
  name: string;
  value: string;
}

const COLUMNS = [
  { name: 'name', text: ({ name }: Row) => name },
  { name: 'value', text: ({ value }: Row) => value },
];

const ROWS: Row[] = [
  { name: 'b', value: '10' },
  { name: 'a', value: '9' },
  { name: 'd', value: 'not alive' },
  { name: 'c', value: '-1' },
];

const names = (rows: readonly Row[]) => rows.map(({ name }) => name).join('');

test('a column sorts numbers as numbers, and a third click is the order of time again', () => {
  assert.equal(names(sorted(ROWS, COLUMNS, { column: 1, isDescending: false })), 'cabd');
  assert.equal(names(sorted(ROWS, COLUMNS, { column: 1, isDescending: true })), 'bacd');
  assert.equal(names(sorted(ROWS, COLUMNS, { column: 0, isDescending: false })), 'abcd');
  assert.equal(names(sorted(ROWS, COLUMNS, undefined)), 'badc');
  const once = nextSorting(undefined, 1);
  const twice = nextSorting(once, 1);
  assert.deepEqual([once?.isDescending, twice?.isDescending, nextSorting(twice, 1)], [false, true, undefined]);
  assert.deepEqual(nextSorting(twice, 0), { column: 0, isDescending: false });
});

test('a filter is a part of a text, or a comparison', () => {
  assert.equal(names(filtered(ROWS, COLUMNS, 'ALIVE', 1)), 'd');
  assert.equal(names(filtered(ROWS, COLUMNS, '> 5', 1)), 'ba');
  assert.equal(names(filtered(ROWS, COLUMNS, '<= -1', 1)), 'c');
  assert.equal(names(filtered(ROWS, COLUMNS, '  ', 1)), 'badc');
});

test('only rows in sight are drawn', () => {
  assert.deepEqual(rowsInSight(0, 440, 22, 100_000), { start: 0, end: 30 });
  const { start, end } = rowsInSight(22 * 50_000, 440, 22, 100_000);
  assert.ok(start <= 50_000 && end >= 50_020 && end - start < 60);
  assert.equal(rowsInSight(22 * 99_990, 440, 22, 100_000).end, 100_000);
});

test('readings are told by lines of C, with how often', () => {
  const place = { path: '/a.c', line: 3 };
  const reading = (token: number, line: number) => ({
    text: 'x = y;',
    token,
    traceLine: token,
    place: { ...place, line },
  });
  const groups = readerGroups([reading(1, 3), reading(2, 4), reading(5, 3), reading(9, 3)]);
  assert.deepEqual(
    groups.map(({ place: at, count, first, last }) => [at?.line, count, first.token, last.token]),
    [
      [3, 3, 1, 9],
      [4, 1, 2, 2],
    ],
  );
});

test('sources by their paths, though VS Code names them by URIs', () => {
  const cases: [source: string, path: string][] = [
    ['/projects/sum.c', '/projects/sum.c'],
    ['C:\\sum.c', 'C:\\sum.c'],
    ['file:///projects/a%20sum.c', '/projects/a sum.c'],
    ['file:///c%3A/sum.c', 'c:/sum.c'],
    ['vscode-remote://127.0.0.1%3A8000/projects/sum.c', '/projects/sum.c'],
  ];
  for (const [source, path] of cases) assert.equal(pathOfSource(source), path);
});
