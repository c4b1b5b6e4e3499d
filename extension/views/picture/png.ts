/** A picture as PNG, in base 64: twice as fine as the page, where that is not beyond what a canvas holds. */
/// <reference lib="dom" />
import type { Picture } from './svg.ts';

const FINE = 2;
/** Pixels of a side, and of all, that every browser can do. */
const LONGEST = 16_384;
const MOST = 60_000_000;

export async function pngOf({ svg, width, height }: Picture): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(FINE, LONGEST / width, LONGEST / height, Math.sqrt(MOST / (width * height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').split(',')[1];
}
