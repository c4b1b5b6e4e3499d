/**
 * An animation as APNG: a PNG whose later frames are pieces, each where it differs from the frame before. Browsers, GitHub and VS
 * Code play it, others show its first frame. Format: https://www.w3.org/TR/png-3/, `acTL`, `fcTL`, `fdAT`.
 */
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';

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

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Plays for ever. @throws RangeError for frames of different sizes, or none */
export function animation(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (!first) throw new RangeError('an animation has frames');
  const { width, height } = first.picture;
  const pieces: { box: Box; time: number; data: Buffer[] }[] = [];
  let before: PNG | undefined;
  for (const { picture, time } of frames) {
    if (picture.width !== width || picture.height !== height) throw new RangeError('frames have one size');
    const box = before ? difference(before, picture) : { x: 0, y: 0, width, height };
    before = picture;
    if (box) pieces.push({ box, time, data: compressed(picture, box) });
    else pieces[pieces.length - 1].time += time;
  }
  const parts = [SIGNATURE, chunk('IHDR', words(width, height), Buffer.from([8, 2, 0, 0, 0]))];
  parts.push(chunk('acTL', words(pieces.length, 0)));
  let sequence = 0;
  pieces.forEach(({ box, time, data }, i) => {
    parts.push(
      chunk('fcTL', words(sequence++, box.width, box.height, box.x, box.y), halves(time, 1000), Buffer.alloc(2)),
    );
    for (const one of data) parts.push(i === 0 ? chunk('IDAT', one) : chunk('fdAT', words(sequence++), one));
  });
  parts.push(chunk('IEND'));
  return Buffer.concat(parts);
}

/** The least box outside of which two pictures are the same; nothing if they are. */
export function difference(a: PNG, b: PNG): Box | undefined {
  let [left, top, right, bottom] = [a.width, a.height, -1, -1];
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const at = 4 * (y * a.width + x);
      if (a.data.readUInt32LE(at) === b.data.readUInt32LE(at)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The compressed data of a piece, by whichever filter makes it smaller. */
function compressed(picture: PNG, { x, y, width, height }: Box): Buffer[] {
  const piece = new PNG({ width, height });
  PNG.bitblt(picture, piece, x, y, width, height, 0, 0);
  const [a, b] = [0, 4].map((filterType) =>
    dataOf(PNG.sync.write(piece, { colorType: 2, inputHasAlpha: true, filterType, deflateLevel: 9 })),
  );
  const size = (data: Buffer[]) => data.reduce((sum, { length }) => sum + length, 0);
  return size(a) < size(b) ? a : b;
}

/** The contents of the data chunks of a PNG. */
function dataOf(png: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
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
