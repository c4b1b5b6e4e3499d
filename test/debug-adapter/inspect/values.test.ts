/**
 * Values as clients get them: in the format asked for, as long as they are, with where they are declared and what they
 * lead to.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Driver, drive, file } from '../driver.ts';

const VALUES = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double RATIO = 2.5;
const int LIMIT = 7;
enum shade { DARK, LIGHT = 4 };
struct tail { int count; int data[]; };
struct row { struct tail *tail; const char *name; enum shade shade; };
int big[20000];

static int twice(int n) { return 2 * n; }

static struct tail *make(int count) {
  struct tail *tail = calloc(1, sizeof *tail + count * sizeof tail->data[0]);
  tail->count = count;
  for (int i = 0; i < count; i++) tail->data[i] = twice(i);
  return tail;
}

int main(void) {
  char *text = malloc(3001);
  memset(text, 'x', 3000);
  text[3000] = 0;
  struct tail *tail = make(5);
  struct row row = { tail, "bob", LIGHT };
  int (*function)(int) = twice;
  int *none = 0, *wild = (int *)0xfffffff0u;
  struct tail *freed = make(2);
  free(freed);
  struct tail *again = make(1);
  tail = realloc(tail, sizeof *tail + 9 * sizeof(int));
  printf("%f %d\\n", RATIO * tail->count, big[9]);
  return text[3] + row.name[0] + function(3) + again->count > 1000; // stop
}
`;

const path = file('values-shown.c', VALUES);
const lineOf = (text: string) => VALUES.split('\n').findIndex((line) => line.includes(text)) + 1;

async function stopped(text = '// stop'): Promise<Driver> {
  const debug = await drive(path);
  debug.breakpoints(lineOf(text));
  debug.move('configurationDone');
  return debug;
}

test('suffixes and literals, in watches and log messages; names of children keep the format', async () => {
  const debug = await stopped();
  assert.equal(debug.evaluate('row.name == "bob"'), '1');
  assert.equal(debug.evaluate('tail->data,3,x'), '{0x0, 0x2, 0x4}');
  const whole = debug.ask('evaluate', { expression: 'row,x', context: 'watch' });
  const [, name, shade] = debug.children(whole.variablesReference);
  assert.deepEqual([name.evaluateName, shade.evaluateName, shade.value], ['row.name,x', 'row.shade,x', '0x4']);
  assert.equal(debug.evaluate(shade.evaluateName!), '0x4');
  const span = debug.ask('evaluate', { expression: 'tail->data@3', context: 'watch' });
  const [, second] = debug.children(span.variablesReference);
  assert.deepEqual([second.name, second.value, second.evaluateName], ['[1]', '2', '(tail->data@3)[1]']);
  const logging = await drive(path);
  logging.breakpoints({ line: lineOf('// stop'), logMessage: '{row.shade} {row.shade,d} {tail->data[4],b}' });
  logging.move('configurationDone');
  const said = logging.events.find(({ event, body }) => event === 'output' && body.category === 'console');
  assert.equal(said?.body.output, 'LIGHT 4 0b1000\n');
});

test('what is copied is whole', async () => {
  const debug = await stopped();
  const clipboard = (expression: string) => debug.evaluate(expression, { context: 'clipboard' });
  assert.ok(clipboard('text').endsWith(`"${'x'.repeat(3000)}"`));
  assert.equal(clipboard('big').split(',').length, 20000);
  assert.ok(debug.evaluate('text').length < 300);
});

test('an array at the end of a struct has as many elements as were allocated', async () => {
  const debug = await stopped('tail = realloc');
  const elements = (expression: string) => {
    const { result, variablesReference } = debug.ask('evaluate', { expression, context: 'watch' });
    return [result, ...debug.children(variablesReference).map(({ name, value }) => `${name}=${value}`)];
  };
  assert.deepEqual(elements('tail->data'), ['{0, 2, 4, 6, 8}', '[0]=0', '[1]=2', '[2]=4', '[3]=6', '[4]=8']);
  assert.deepEqual(elements('again->data'), ['{0}', '[0]=0'], 'the block of a freed one, given out again');
  assert.equal(debug.evaluate('*row.tail'), '{count = 5, data = {0, 2, 4, 6, 8}}');
  debug.move('next');
  assert.equal(elements('tail->data').length, 10, 'realloc makes it longer');
  debug.move('stepBack');
  assert.equal(elements('tail->data').length, 6, 'and before it, it was not');
  const inside = await drive(path);
  inside.breakpoints(lineOf('tail->count = count'));
  inside.move('configurationDone');
  assert.equal(inside.evaluate('((struct tail *)&big)->data'), '{...}', 'what is not on the heap is not known');
});

test('constants that take no memory have values, and what was left out says so', async () => {
  const debug = await stopped();
  assert.equal(debug.evaluate('RATIO * 2'), '5');
  assert.throws(() => debug.evaluate('LIMIT + 1'), /LIMIT: left out of the program: nothing uses it/);
  const globals = debug.scope('Globals');
  assert.equal(globals.RATIO, '2.5');
  assert.ok(!('LIMIT' in globals));
});

test('pointers show what they point to, enumerators their names', async () => {
  const debug = await stopped();
  const shown = debug.scope('Locals');
  assert.match(shown.row, /^\{tail = 0x[\da-f]+, name = 0x[\da-f]+ "bob", shade = LIGHT\}$/);
  assert.match(shown.tail, /^0x[\da-f]+ → \{count = 5, data = \{0, 2, 4, 6, 8, /);
  assert.match(shown.function, /^0x[\da-f]+ <twice>$/);
  assert.equal(shown.none, '0x0');
  assert.match(shown.wild, /^0xfffffff0 <address 0xfffffff0 is outside memory>$/);
});

test('a function pointer leads to its code, in the source and in the disassembly', async () => {
  const debug = await stopped();
  const found = debug.children(debug.reference('Locals')).find(({ name }) => name === 'function')!;
  assert.deepEqual(debug.ask('locations', { locationReference: found.valueLocationReference }), {
    source: { name: 'values-shown.c', path },
    line: lineOf('static int twice'),
  });
  const { memoryReference } = found;
  const { instructions } = debug.ask('disassemble', { memoryReference, instructionCount: 1 });
  assert.equal(instructions[0].symbol, 'twice');
  assert.throws(() => debug.ask('readMemory', { memoryReference, count: 4 }), /disassemble it/);
});

test('variables lead to their declarations, until the program goes on', async () => {
  const debug = await stopped();
  const lineOfName = (name: string, scope: string) => {
    const variable = debug.children(debug.reference(scope)).find((child) => child.name === name);
    return debug.ask('locations', { locationReference: variable?.declarationLocationReference }).line;
  };
  assert.equal(lineOfName('row', 'Locals'), lineOf('struct row row'));
  assert.equal(lineOfName('big', 'Globals'), lineOf('int big'));
  const [local] = debug.children(debug.reference('Locals'));
  debug.move('next');
  assert.throws(
    () => debug.ask('locations', { locationReference: local.declarationLocationReference }),
    /is not of this stop/,
  );
});

test('children without pages say how many more there are', async () => {
  const debug = await stopped();
  const { variablesReference } = debug.ask('evaluate', { expression: 'big', context: 'watch' });
  const all = debug.children(variablesReference);
  const last: DebugProtocol.Variable = all[all.length - 1];
  assert.deepEqual([all.length, last.name, last.value], [10_001, '…', '10000 more']);
  assert.deepEqual(
    debug.children(variablesReference, { filter: 'indexed', start: 19_998, count: 5 }).map(({ name }) => name),
    ['[19998]', '[19999]'],
  );
});
