/** Backgrounds and borders. */
/// <reference lib="dom" />
import { element, painted } from './markup.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const SIDES = ['top', 'right', 'bottom', 'left'] as const;
type Side = (typeof SIDES)[number];

interface Edge {
  readonly width: number;
  readonly colour: string;
  readonly style: string;
}

const edgeOf = (style: CSSStyleDeclaration, side: Side): Edge => ({
  width: Number.parseFloat(style.getPropertyValue(`border-${side}-width`)) || 0,
  colour: style.getPropertyValue(`border-${side}-color`),
  style: style.getPropertyValue(`border-${side}-style`),
});

/** What a box shows of itself, beside its content. */
export function boxOf(style: CSSStyleDeclaration, box: Box): string {
  const { left, top, width, height } = box;
  if (width <= 0 || height <= 0) return '';
  const radius = Math.min(radiusOf(style.borderTopLeftRadius, width), width / 2, height / 2) || undefined;
  const background = painted('fill', style.backgroundColor);
  const ground = background ? element('rect', { x: left, y: top, width, height, rx: radius, ...background }) : '';
  return ground + ring(style, box) + borders(style, box, radius);
}

const radiusOf = (text: string, width: number) =>
  text.endsWith('%') ? (Number.parseFloat(text) * width) / 100 : Number.parseFloat(text);

function borders(style: CSSStyleDeclaration, box: Box, radius: number | undefined): string {
  const edges = SIDES.map((side) => edgeOf(style, side));
  const seen = edges.filter(({ width, style: kind }) => width > 0 && kind !== 'none' && kind !== 'hidden');
  if (seen.length === 0) return '';
  const [first] = edges;
  const isWhole = edges.every(
    ({ width, colour, style: kind }) => width === first.width && colour === first.colour && kind === first.style,
  );
  const { left, top, width, height } = box;
  if (isWhole) {
    const stroke = strokeOf(first);
    const half = first.width / 2;
    return stroke
      ? element('rect', {
          x: left + half,
          y: top + half,
          width: width - first.width,
          height: height - first.width,
          rx: radius && Math.max(radius - half, 0),
          fill: 'none',
          ...stroke,
        })
      : '';
  }
  return edges.map((edge, i) => side(edge, SIDES[i], box)).join('');
}

function side(edge: Edge, name: Side, { left, top, width, height }: Box): string {
  const stroke = edge.width > 0 && edge.style !== 'none' && edge.style !== 'hidden' ? strokeOf(edge) : undefined;
  if (!stroke) return '';
  const half = edge.width / 2;
  const [x1, y1, x2, y2] = {
    top: [left, top + half, left + width, top + half],
    right: [left + width - half, top, left + width - half, top + height],
    bottom: [left, top + height - half, left + width, top + height - half],
    left: [left + half, top, left + half, top + height],
  }[name];
  return element('line', { x1, y1, x2, y2, ...stroke });
}

function strokeOf({ width, colour, style }: Edge) {
  const ink = painted('stroke', colour);
  const dashes = { dashed: `${3 * width} ${3 * width}`, dotted: `${width} ${width}` }[style];
  return ink && { ...ink, 'stroke-width': width, 'stroke-dasharray': dashes };
}

/** A shadow without blur: a second border, around the box or inside of it. */
function ring({ boxShadow, borderTopLeftRadius }: CSSStyleDeclaration, box: Box): string {
  const found = /^(.*?) (-?[\d.]+)px (-?[\d.]+)px ([\d.]+)px ([\d.]+)px( inset)?$/.exec(boxShadow);
  if (!found) return '';
  const [, colour, across, , blur, spread, isInside] = found;
  if (Number(blur) > 0) return '';
  const ink = painted('fill', colour);
  if (!ink) return '';
  const { left, top, width, height } = box;
  if (isInside) {
    const wide = Number(across);
    return wide > 0 ? element('rect', { x: left, y: top, width: wide, height, ...ink }) : '';
  }
  const wide = Number(spread);
  const outline = painted('stroke', colour);
  if (wide === 0 || !outline) return '';
  const rx = radiusOf(borderTopLeftRadius, width) + wide / 2;
  const place = { x: left - wide / 2, y: top - wide / 2, width: width + wide, height: height + wide, rx };
  return element('rect', { ...place, fill: 'none', ...outline, 'stroke-width': wide });
}
