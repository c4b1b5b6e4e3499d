/**
 * How far two pictures are apart: both are made coarse first, so that what is drawn, and where, counts, and not how a machine
 * smooths the edges of letters.
 */
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** How unlike a coarse pixel may be, from 0 to 1. */
const UNLIKE = 0.1;

export interface Difference {
  /** Share of the coarse pixels that are unlike, from 0 to 1. */
  readonly share: number;
  /** A picture of them. */
  readonly picture: Buffer;
}

/** A screenshot in which each square of pixels has become one: their mean. */
export function coarse(png: Buffer, side = 6): PNG {
  const { data, width, height } = PNG.sync.read(png);
  const small = new PNG({ width: Math.floor(width / side), height: Math.floor(height / side) });
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      for (let part = 0; part < 4; part++) {
        let sum = 0;
        for (let dy = 0; dy < side; dy++) {
          for (let dx = 0; dx < side; dx++) sum += data[4 * ((y * side + dy) * width + x * side + dx) + part];
        }
        small.data[4 * (y * small.width + x) + part] = Math.round(sum / (side * side));
      }
    }
  }
  return small;
}

/** @throws for pictures of different sizes */
export function difference(one: PNG, other: PNG): Difference {
  if (one.width !== other.width || one.height !== other.height) {
    const size = ({ width, height }: PNG) => `${width} × ${height}`;
    throw new RangeError(`the pictures are ${size(one)} and ${size(other)}`);
  }
  const { width, height } = one;
  const seen = new PNG({ width, height });
  const count = pixelmatch(one.data, other.data, seen.data, width, height, { threshold: UNLIKE, includeAA: true });
  return { share: count / (width * height), picture: PNG.sync.write(seen) };
}
