/** Pictures come back as they were, but for shades of rare colours; an animation's pieces put together are its frames. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { animation, png } from './apng.ts';

/** A picture of some colours, by a function of the place. */
function picture(width: number, height: number, colour: (x: number, y: number) => number): PNG {
  const made = new PNG({ width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) made.data.writeUInt32BE(((colour(x, y) << 8) | 255) >>> 0, 4 * (y * width + x));
  return made;
}

/** Chunks of a PNG by their names. */
function chunks(file: Buffer): { name: string; body: Buffer }[] {
  const found: { name: string; body: Buffer }[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    found.push({ name: file.toString('latin1', at + 4, at + 8), body: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

test('a picture of few colours is read back as it was', () => {
  const made = picture(40, 30, (x, y) => (x % 16) * 0x100c00 + (y % 15) * 7);
  assert.deepEqual(PNG.sync.read(png(made)).data, made.data);
});

test('of many colours, each is near to what it was', () => {
  const made = picture(64, 64, (x, y) => x * 0x040000 + y * 0x0400 + ((x ^ y) & 255));
  const read = PNG.sync.read(png(made));
  const off = made.data.map((value, i) => Math.abs(value - read.data[i]));
  assert.ok(Math.max(...off) <= 40, `off by ${Math.max(...off)}`);
});

test('frames are pieces of what differs; equal ones are one that stands longer', () => {
  const first = picture(20, 10, () => 0x102030);
  const second = picture(20, 10, (x, y) => (x >= 5 && x < 9 && y >= 2 && y < 4 ? 0xffffff : 0x102030));
  const file = animation([
    { picture: first, time: 500 },
    { picture: first, time: 300 },
    { picture: second, time: 700 },
  ]);
  assert.deepEqual(PNG.sync.read(file).data, first.data, 'who knows no animation sees the first frame');
  const found = chunks(file);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['IHDR', 'acTL', 'PLTE', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND'],
  );
  const frames = found.filter(({ name }) => name === 'fcTL').map(({ body }) => body);
  assert.deepEqual(
    frames.map((body) => [0, 4, 8, 12, 16].map((at) => body.readUInt32BE(at))),
    [
      [0, 20, 10, 0, 0],
      [1, 4, 2, 5, 2],
    ],
  );
  assert.deepEqual(
    frames.map((body) => body.readUInt16BE(20)),
    [800, 700],
  );
  const { body: colours } = found.find(({ name }) => name === 'PLTE') ?? assert.fail();
  const { body } = found.find(({ name }) => name === 'fdAT') ?? assert.fail();
  const white = colours.indexOf(Buffer.from([255, 255, 255])) / 3;
  const row = [0, white, white, white, white];
  assert.deepEqual([body.readUInt32BE(0), ...inflateSync(body.subarray(4))], [2, ...row, ...row]);
});

test('frames of different sizes are refused', () => {
  const sizes = [4, 5].map((width) => ({ picture: picture(width, 4, () => 0), time: 100 }));
  assert.throws(() => animation(sizes), RangeError);
});
