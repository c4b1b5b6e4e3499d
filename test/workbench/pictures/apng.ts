/**
 * Pictures and animations as PNG files of at most 256 colours. An animation is an APNG: a PNG whose later frames are pieces, each
 * where it differs from the frame before. Browsers, GitHub and VS Code play it, others show its first frame. The format:
 * https://www.w3.org/TR/png-3/, there `acTL`, `fcTL` and `fdAT`.
 */
import { crc32, deflateSync } from 'node:zlib';
import type { PNG } from 'pngjs';
import { indexed, type Palette, paletteOf } from './palette.ts';

export interface Frame {
  readonly picture: PNG;
  /** How long it stands, in milliseconds. */
  readonly time: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Piece {
  readonly box: Box;
  readonly data: Buffer;
  time: number;
}

/** Of a palette's colours, eight bits a pixel. */
const INDEXED = Buffer.from([8, 3, 0, 0, 0]);

export function png(picture: PNG): Buffer {
  const palette = paletteOf([picture]);
  const { width, height } = picture;
  const data = compressed(indexed(picture, palette), width, { x: 0, y: 0, width, height });
  return Buffer.concat([...head(width, height, palette), chunk('IDAT', data), chunk('IEND')]);
}

/** Plays for ever. @throws RangeError for frames of different sizes, or none */
export function animation(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (!first) throw new RangeError('an animation has frames');
  const { width, height } = first.picture;
  const palette = paletteOf(frames.map(({ picture }) => picture));
  const pieces: Piece[] = [];
  let before: Uint8Array | undefined;
  for (const { picture, time } of frames) {
    if (picture.width !== width || picture.height !== height) throw new RangeError('frames have one size');
    const pixels = indexed(picture, palette);
    const box = before ? difference(before, pixels, width) : { x: 0, y: 0, width, height };
    before = pixels;
    if (box) pieces.push({ box, time, data: compressed(pixels, width, box) });
    else pieces[pieces.length - 1].time += time;
  }
  const [signature, header, colours] = head(width, height, palette);
  const parts = [signature, header, chunk('acTL', words(pieces.length, 0)), colours];
  let sequence = 0;
  for (const { box, time, data } of pieces) {
    const isFirst = sequence === 0;
    parts.push(
      chunk('fcTL', words(sequence++, box.width, box.height, box.x, box.y), halves(time, 1000), Buffer.alloc(2)),
    );
    parts.push(isFirst ? chunk('IDAT', data) : chunk('fdAT', words(sequence++), data));
  }
  return Buffer.concat([...parts, chunk('IEND')]);
}

/** The least box outside of which two pictures of one width are the same; nothing if they are. */
export function difference(a: Uint8Array, b: Uint8Array, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, a.length, -1, -1];
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** A box of a picture, each row behind the number of its filter: none. */
function compressed(pixels: Uint8Array, width: number, box: Box): Buffer {
  const rows = Array.from({ length: box.height }, (_, i) => {
    const from = (box.y + i) * width + box.x;
    return Buffer.concat([Buffer.from([0]), pixels.subarray(from, from + box.width)]);
  });
  return deflateSync(Buffer.concat(rows), { level: 9 });
}

function head(width: number, height: number, { colours }: Palette): [Buffer, Buffer, Buffer] {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return [signature, chunk('IHDR', words(width, height), INDEXED), chunk('PLTE', Buffer.from(colours.flat()))];
}

function chunk(name: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), ...content]);
  return Buffer.concat([words(body.length - 4), body, words(crc32(body))]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

function halves(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}
