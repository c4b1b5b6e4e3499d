/** Pictures of a workbench in 256 colours: it has few, and many shades of them around letters, of which the rarer give way. */
import type { PNG } from 'pngjs';

const MOST = 256;

export interface Palette {
  /** Red, green and blue of each colour. */
  readonly colours: readonly (readonly [number, number, number])[];
  /** The number of the nearest colour, for each that was seen. */
  readonly nearest: ReadonlyMap<number, number>;
}

/** The colours for some pictures: the most frequent ones that are not too near to a more frequent one. */
export function paletteOf(pictures: readonly PNG[]): Palette {
  const counts = new Map<number, number>();
  for (const picture of pictures)
    for (const colour of coloursIn(picture)) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const seen = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b);
  let colours: number[] = seen;
  for (let apart = 2; colours.length > MOST; apart *= 1.25) colours = spread(seen, apart);
  const nearest = new Map(seen.map((colour) => [colour, nearestOf(colours, colour)]));
  return { colours: colours.map(parts), nearest };
}

/** The number of its colour for each pixel. @throws RangeError for a colour that was in none of the palette's pictures */
export function indexed(picture: PNG, { nearest }: Palette): Uint8Array {
  return Uint8Array.from(coloursIn(picture), (colour) => {
    const index = nearest.get(colour);
    if (index === undefined) throw new RangeError(`the palette does not know the colour ${colour.toString(16)}`);
    return index;
  });
}

function coloursIn({ data }: PNG): Uint32Array {
  return Uint32Array.from({ length: data.length / 4 }, (_, i) => data.readUIntBE(4 * i, 3));
}

const parts = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const;

function distance(a: number, b: number): number {
  const [c, d] = [parts(a), parts(b)];
  return Math.hypot(c[0] - d[0], c[1] - d[1], c[2] - d[2]);
}

/** One after the other, those that keep so far apart from all before; more than fit end it. */
function spread(colours: readonly number[], apart: number): number[] {
  const found: number[] = [];
  for (const colour of colours) {
    if (found.some((one) => distance(one, colour) < apart)) continue;
    found.push(colour);
    if (found.length > MOST) break;
  }
  return found;
}

function nearestOf(colours: readonly number[], colour: number): number {
  let best = 0;
  for (let i = 1; i < colours.length; i++) {
    if (distance(colours[i], colour) < distance(colours[best], colour)) best = i;
  }
  return best;
}
