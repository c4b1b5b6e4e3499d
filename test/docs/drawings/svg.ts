/**
 * Drawings as SVG text. They lie in documents that are read on light and dark pages, so each brings its own paper; numbers are
 * rounded, so that the same drawing is the same text everywhere.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const INK = '#1f2328';
export const FAINT = '#6a737d';
export const PALE = '#d0d7de';
export const PAPER = '#ffffff';

/** How wide a character of the drawings' font is, of its size. */
const ADVANCE = 0.602;
const FONT = 13;

/** What an attribute or a text may not hold as it is. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const value = (given: string | number) =>
  typeof given === 'number' ? String(Math.round(given * 100) / 100) : escaped(given);

export type Attributes = Readonly<Record<string, string | number>>;

/** An element; with content, around it. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const pairs = Object.entries(attributes).map(([key, given]) => ` ${key}="${value(given)}"`);
  return content === undefined ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, stroke: INK, ...attributes });
}

export function disc(cx: number, cy: number, r: number, attributes: Attributes = {}): string {
  return element('circle', { cx, cy, r, fill: INK, ...attributes });
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, fill: INK, ...attributes }, escaped(content));
}

/** How wide a text will be. */
export const widthOf = (content: string, size = FONT): number => [...content].length * size * ADVANCE;

/** A whole drawing; `about` is for those who do not see it. */
export function drawing(width: number, height: number, about: string, parts: readonly string[]): string {
  const paper = element('rect', { width, height, rx: 6, fill: PAPER });
  const open =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${value(width)} ${value(height)}" width="${value(width)}" ` +
    `height="${value(height)}" role="img" font-family="Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}">`;
  return `${[open, `<title>${escaped(about)}</title>`, paper, ...parts, '</svg>'].join('\n')}\n`;
}

const palette = readFileSync(
  fileURLToPath(new URL('../../../extension/views/panel/palette.css', import.meta.url)),
  'utf8',
);

/** The colour that a family of heads has in the views, in a light theme. @throws RangeError for a family without one */
export function familyColour(name: string): string {
  const [light] = /body\.vscode-light \{[^}]*\}/.exec(palette) ?? [''];
  const found = new RegExp(`--family-${name}: (#[0-9a-f]+);`).exec(light)?.[1];
  if (!found) throw new RangeError(`the palette has no colour for the family "${name}"`);
  return found;
}
