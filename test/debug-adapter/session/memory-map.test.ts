/** The Memory view's data: bytes, their last writers, the variables that lie there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemoryMap } from '../../../debug-adapter/protocol/protocol.ts';
import { drive, file } from '../driver.ts';

const BYTES = file(
  'bytes.c',
  `int shared = 0x01020304;
int main(void) {
  int a = 5;
  char text[4] = "abc";
  text[1] = 'x';
  int *where = &a;
  return *where + shared;
}
`,
);

const at = (map: MemoryMap, address: number) => {
  const write = map.writes.find((run) => address >= run.address && address < run.address + run.length);
  return { byte: map.bytes[address - map.address], line: write?.place?.line, token: write?.token };
};

test('memory tells its bytes, who wrote them last, and what C calls them', async () => {
  const debug = await drive(BYTES);
  debug.breakpoints(7);
  debug.move('configurationDone');
  const map: MemoryMap = debug.ask('stepformer/memory');
  const variable = (name: string) => {
    const found = map.variables.find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };
  assert.equal(map.address % 16, 0);
  const a = variable('a');
  assert.deepEqual([a.size, a.value, a.type, a.function], [4, '5', 'int', 'main']);
  assert.deepEqual(at(map, a.address).line, 3);
  const text = variable('text');
  assert.equal(String.fromCharCode(...[0, 1, 2].map((i) => at(map, text.address + i).byte)), 'axc');
  assert.deepEqual(
    [0, 1, 2].map((i) => at(map, text.address + i).line),
    [4, 5, 4],
  );
  const { token } = at(map, text.address + 1);
  debug.ask('stepformer/travel', { token });
  assert.equal(debug.frames()[0].line, 5);
  const before: MemoryMap = debug.ask('stepformer/memory', { address: text.address });
  assert.equal(String.fromCharCode(at(before, text.address + 1).byte), 'b', 'as it was then');
  assert.equal(before.wanted, text.address);
});

test('memory is found by an expression; initial data has no line; what lies nowhere is refused', async () => {
  const debug = await drive(BYTES);
  debug.breakpoints(7);
  debug.move('configurationDone');
  const shared: MemoryMap = debug.ask('stepformer/memory', { expression: '&shared', count: 32 });
  assert.deepEqual(
    shared.bytes.slice(shared.wanted - shared.address, shared.wanted - shared.address + 4),
    [4, 3, 2, 1],
  );
  const write = shared.writes.find(
    ({ address, length }) => shared.wanted >= address && shared.wanted < address + length,
  );
  assert.ok(write && write.traceLine === undefined, 'a token of the prompt');
  const a: MemoryMap = debug.ask('stepformer/memory', { expression: 'where' });
  assert.equal(a.variables.find(({ name }) => name === 'a')?.address, a.wanted);
  assert.throws(() => debug.ask('stepformer/memory', { expression: '2.5' }), /lies nowhere/);
  const end: MemoryMap = debug.ask('stepformer/memory', { address: a.size - 8, count: 64 });
  assert.equal(end.bytes.length, 16, 'as far as there is memory');
});
