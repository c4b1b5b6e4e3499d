/** The declaration of what is sent: its checks, its types, and what in it counts as a line of a source. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENTS, type Handlers, REQUESTS } from '../../debug-adapter/protocol/protocol.ts';
import {
  BadRequest,
  body,
  checkSent,
  flag,
  integer,
  lineOfSource,
  list,
  moved,
  nullable,
  oneOf,
  optional,
  otherwise,
  record,
  text,
} from '../../debug-adapter/protocol/schema.ts';
import { type FromPage, type MessageHandlers, receive } from '../../extension/views/link/messages.ts';

const TREE = record({
  name: text,
  size: otherwise(oneOf(['small', 'large']), 'small'),
  leaves: list(record({ at: integer({ max: 9 }), green: optional(flag), parent: nullable(integer()) })),
});

test('what fits is passed on with what was left out, and nothing that is not declared', () => {
  const sent = { name: 'oak', leaves: [{ at: 3, parent: null, more: 1 }], more: 2 };
  assert.deepEqual(checkSent(TREE, 'plant', sent), {
    name: 'oak',
    size: 'small',
    leaves: [{ at: 3, green: undefined, parent: null }],
  });
});

test('what does not fit is refused with its place, what it must be, and whether it is missing', () => {
  const cases: [unknown, string][] = [
    ['oak', 'plant: the arguments must be an object'],
    [[], 'plant: the arguments must be an object'],
    [undefined, 'plant: "name" must be a string, and is missing'],
    [{ name: 5 }, 'plant: "name" must be a string'],
    [{ name: '', size: 'huge' }, 'plant: "size" must be one of "small", "large"'],
    [{ name: '', leaves: {} }, 'plant: "leaves" must be a list'],
    [{ name: '', leaves: [null] }, 'plant: "leaves[0]" must be an object'],
    [{ name: '', leaves: [{ at: 1.5 }] }, 'plant: "leaves[0].at" must be a whole number'],
    [{ name: '', leaves: [{ at: 1, parent: 1 }, { at: 10 }] }, 'plant: "leaves[1].at" must be a number from 0 to 9'],
    [{ name: '', leaves: [{ at: 1 }] }, 'plant: "leaves[0].parent" must be a whole number, and is missing'],
    [{ name: '', leaves: [{ at: 1, green: 'no', parent: 1 }] }, 'plant: "leaves[0].green" must be true or false'],
  ];
  for (const [sent, message] of cases) {
    assert.throws(
      () => checkSent(TREE, 'plant', sent),
      (error) => error instanceof BadRequest && error.message === message,
      message,
    );
  }
});

test('only what is declared a line or column of a source is moved, and what is sent is not changed', () => {
  const places = record({
    from: lineOfSource,
    line: integer(),
    list: list(record({ to: optional(lineOfSource) })),
  }).places;
  const sent = { from: 5, line: 5, list: [{ to: 6 }, {}], other: [7] };
  const by = { line: -1, column: -1 };
  assert.deepEqual(moved(sent, places, by), { from: 4, line: 5, list: [{ to: 5 }, {}], other: [7] });
  assert.equal(sent.from, 5);
  assert.equal(moved('text', places, by), 'text', 'whatever a client sends');
  const column = body<{ column: number }>({ column: 'column' }).places;
  assert.deepEqual(moved({ column: 3 }, column, by), { column: 2 });
  assert.deepEqual(moved({ column: 0 }, column, by), { column: 0 }, 'unknown');
});

test('of our own requests and events, places are lines of sources and moments are not', () => {
  const by = { line: -1, column: -1 };
  const place = { path: 'a.c', line: 8 };
  const target = { token: 3, text: '05', traceLine: 2, lineText: '', place };
  assert.deepEqual(
    moved(
      { traceLine: 2, place, heads: [{ target }, { target: null }] },
      REQUESTS['stepformer/attention'].answer.places,
      by,
    ),
    {
      traceLine: 2,
      place: { path: 'a.c', line: 7 },
      heads: [{ target: { ...target, place: { path: 'a.c', line: 7 } } }, { target: null }],
    },
  );
  assert.equal(EVENTS['stepformer/status'].places, undefined);
  const [said] = [{ severity: 'error', message: '', file: 'a.c', line: 2, column: 10 }];
  assert.deepEqual(moved({ diagnostics: [said] }, EVENTS['stepformer/diagnostics'].places, by), {
    diagnostics: [{ ...said, line: 1, column: 9 }],
  });
});

test('a request or a message without its handler does not compile', () => {
  const tracePage: Pick<Handlers, 'stepformer/tracePage'> = {
    // @ts-expect-error an answer that lacks what is declared
    'stepformer/tracePage': ({ page }) => ({ text: '', firstLine: page, lines: 0 }),
  };
  // @ts-expect-error no handler for any other request
  const handlers: Handlers = { ...tracePage };
  const shown: number[] = [];
  // @ts-expect-error no handler for any other message
  const view: MessageHandlers<FromPage> = { trace: ({ traceLine }) => shown.push(traceLine) };
  receive(view, { type: 'trace', traceLine: 7 });
  receive(view, { type: 'toString' } as never);
  assert.deepEqual(shown, [7]);
  assert.deepEqual(Object.keys(handlers), ['stepformer/tracePage']);
});
