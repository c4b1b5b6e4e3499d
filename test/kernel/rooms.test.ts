/** The kernel's rooms stand one above the other: each imports, types included, from itself and from those below it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const KERNEL = new URL('../../engine/kernel/', import.meta.url);
/** From the ground up. */
const ROOMS = ['graph', 'analysis', 'code', 'run'];

for (const [floor, room] of ROOMS.entries()) {
  test(`${room} imports from ${ROOMS.slice(0, floor + 1).join(', ')} and the forward pass`, () => {
    const folder = new URL(`${room}/`, KERNEL);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    assert.ok(files.length > 0);
    const below = [...ROOMS.slice(0, floor).map((lower) => `../${lower}/`), './', '../../transformer/'];
    for (const file of files) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      for (const [, from, alone] of source.matchAll(/\bfrom '([^']*)';|\bimport\s*\(?\s*'([^']*)'/g)) {
        const allowed = from === '../../errors.ts' || below.some((start) => (from ?? alone).startsWith(start));
        assert.ok(allowed, `${room}/${file} imports ${from ?? alone}`);
      }
    }
  });
}

test('nothing stands beside the rooms but the kernel itself', () => {
  assert.deepEqual(readdirSync(KERNEL).sort(), [...ROOMS, 'kernel.ts'].sort());
});
