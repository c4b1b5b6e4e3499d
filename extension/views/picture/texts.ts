/** Text as it lies in its lines: a run for each, as wide as it is in the page, whatever font a reader has. */
/// <reference lib="dom" />
import { element, escaped, painted } from './markup.ts';

let pen: CanvasRenderingContext2D | null | undefined;
const ascents = new Map<string, number>();

/** From the top of a line's text to where it stands. */
function ascentOf(font: string): number {
  const known = ascents.get(font);
  if (known !== undefined) return known;
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return 0;
  pen.font = font;
  const { fontBoundingBoxAscent: ascent } = pen.measureText('x');
  ascents.set(font, ascent);
  return ascent;
}

const fontOf = ({ fontStyle, fontWeight, fontSize, fontFamily }: CSSStyleDeclaration) =>
  `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;

interface Run {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** A text with its place; `top` is that of the font, not of the line. */
export function textAt(style: CSSStyleDeclaration, { text, left, top, width }: Run): string {
  const ink = painted('fill', style.color);
  if (!ink || text.trim() === '') return '';
  const shown = style.textTransform === 'uppercase' ? text.toUpperCase() : text;
  return element(
    'text',
    {
      x: left,
      y: top + ascentOf(fontOf(style)),
      'font-family': style.fontFamily,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight === '400' ? undefined : style.fontWeight,
      'font-style': style.fontStyle === 'normal' ? undefined : style.fontStyle,
      'text-decoration': style.textDecorationLine === 'underline' ? 'underline' : undefined,
      textLength: width > 0 ? width : undefined,
      lengthAdjust: width > 0 ? 'spacingAndGlyphs' : undefined,
      'xml:space': 'preserve',
      ...ink,
    },
    escaped(shown),
  );
}

/** The runs of a text node, one for each line that it reaches into. */
export function textOf(node: Text, style: CSSStyleDeclaration, shift: { left: number; top: number }): string {
  return runsOf(node)
    .map((run) => textAt(style, { ...run, left: run.left - shift.left, top: run.top - shift.top }))
    .join('');
}

function runsOf(node: Text): Run[] {
  const text = node.data;
  if (text.trim() === '') return [];
  const range = document.createRange();
  const measured = (start: number, end: number) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getBoundingClientRect();
  };
  range.selectNodeContents(node);
  const lines = range.getClientRects().length;
  if (lines === 0) return [];
  const pieces = lines === 1 ? [{ index: 0, text }] : [...text.matchAll(/\s*\S+/g)].map(pieceOf);
  const runs: { start: number; end: number; top: number }[] = [];
  for (const { index, text: piece } of pieces) {
    // White space before a line's end has no width of its own.
    const word = index + piece.length - piece.trimStart().length;
    const end = index + piece.length;
    const { top } = measured(lines === 1 ? index : word, end);
    const last = runs.at(-1);
    if (last && Math.abs(last.top - top) < 2) last.end = end;
    else runs.push({ start: lines === 1 ? index : word, end, top });
  }
  return runs.map(({ start, end }) => {
    const { left, top, width } = measured(start, end);
    const isPre = getComputedStyle(node.parentElement as Element).whiteSpace.startsWith('pre');
    return { text: isPre ? text.slice(start, end) : collapsed(text.slice(start, end), start === 0), left, top, width };
  });
}

const pieceOf = ({ 0: text, index }: RegExpExecArray) => ({ index, text });

/** White space as a page shows it. */
const collapsed = (text: string, isFirst: boolean) => {
  const one = text.replace(/\s+/g, ' ');
  return isFirst ? one : one.trimStart();
};
