/** What draws itself in a page: canvases, drawings, and the controls of forms. */
/// <reference lib="dom" />
import type { Box } from './boxes.ts';
import { element, escaped, painted } from './markup.ts';
import { textAt } from './texts.ts';

export function canvasOf(canvas: HTMLCanvasElement, { left, top, width, height }: Box): string {
  if (canvas.width === 0 || canvas.height === 0) return '';
  const href = canvas.toDataURL('image/png');
  const rendering = getComputedStyle(canvas).imageRendering;
  const style = rendering === 'auto' ? undefined : `image-rendering: ${rendering}`;
  return element('image', { x: left, y: top, width, height, preserveAspectRatio: 'none', style, href });
}

/** Attributes of drawings that say where something is. */
const GEOMETRY = ['d', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'points', 'transform', 'viewBox'];

/** A drawing, with what style sheets say of it written out. */
export function drawingOf(drawing: SVGSVGElement, { left, top, width, height }: Box): string {
  const aspect = drawing.getAttribute('preserveAspectRatio') ?? undefined;
  const viewBox = drawing.getAttribute('viewBox') ?? undefined;
  const place = { x: left, y: top, width, height, viewBox, preserveAspectRatio: aspect };
  return element('svg', { ...place, overflow: 'visible' }, [...drawing.children].map(partOf).join(''));
}

function partOf(part: Element): string {
  const name = part.tagName.toLowerCase();
  const style = getComputedStyle(part);
  if (name === 'title' || style.display === 'none') return '';
  const attributes: Record<string, string | number | undefined> = {};
  for (const key of GEOMETRY) attributes[key] = part.getAttribute(key) ?? undefined;
  if (name === 'rect' || name === 'image') {
    // A height may come from the style sheet.
    for (const key of ['width', 'height']) attributes[key] = part.getAttribute(key) ?? style.getPropertyValue(key);
  }
  if (Number(style.opacity) < 1) attributes.opacity = Number(style.opacity);
  if (name === 'g') return element('g', attributes, [...part.children].map(partOf).join(''));
  Object.assign(attributes, inked('fill', style.fill), inked('stroke', style.stroke));
  if (style.stroke !== 'none') {
    attributes['stroke-width'] = style.strokeWidth;
    if (style.strokeDasharray !== 'none') attributes['stroke-dasharray'] = style.strokeDasharray;
    if (style.vectorEffect !== 'none') attributes['vector-effect'] = style.vectorEffect;
  }
  if (name !== 'text' && name !== 'tspan') return element(name, attributes);
  attributes['font-family'] = style.fontFamily;
  attributes['font-size'] = style.fontSize;
  attributes['text-anchor'] = style.textAnchor;
  return element(name, attributes, escaped(part.textContent ?? ''));
}

function inked(kind: 'fill' | 'stroke', value: string) {
  return value === 'none' ? { [kind]: 'none' } : (painted(kind, value) ?? { [kind]: 'none' });
}

/** What a control shows in its box. */
export function controlOf(control: HTMLInputElement | HTMLSelectElement, box: Box): string {
  const style = getComputedStyle(control);
  const { left, top, width, height } = box;
  const middle = top + height / 2;
  if (control instanceof HTMLInputElement && control.type === 'checkbox') {
    const stroke = painted('stroke', style.color);
    const frame = element('rect', {
      x: left + 1,
      y: top + 1,
      width: width - 2,
      height: height - 2,
      fill: 'none',
      ...stroke,
    });
    const tick = `M${left + 3} ${middle} l${width / 5} ${height / 4} L${left + width - 3} ${top + 3}`;
    return frame + (control.checked ? element('path', { d: tick, fill: 'none', 'stroke-width': 2, ...stroke }) : '');
  }
  if (control instanceof HTMLInputElement && control.type === 'range') {
    const [least, most] = [Number(control.min || 0), Number(control.max || 100)];
    const share = (Number(control.value) - least) / Math.max(most - least, 1);
    const ink = painted('fill', style.accentColor === 'auto' ? style.color : style.accentColor);
    const bar = element('rect', {
      x: left,
      y: middle - 3,
      width: width,
      height: 6,
      rx: 3,
      ...ink,
      'fill-opacity': 1,
    });
    return bar + element('circle', { cx: left + 7 + share * (width - 14), cy: middle, r: 7, ...ink });
  }
  const isChoice = control instanceof HTMLSelectElement;
  const text = isChoice ? (control.selectedOptions[0]?.text ?? '') : control.value || control.placeholder;
  const size = Number.parseFloat(style.fontSize);
  const from =
    left + Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.borderLeftWidth) + (isChoice ? 4 : 0);
  const isEmpty = !isChoice && control.value === '';
  const shown = textAt(isEmpty ? getComputedStyle(control, '::placeholder') : style, {
    text,
    left: from,
    top: middle - size * 0.6,
    width: 0,
  });
  return isChoice
    ? shown + textAt(style, { text: '▾', left: left + width - 16, top: middle - size * 0.6, width: 0 })
    : shown;
}
