/**
 * A part of a page as an SVG that needs nothing else: boxes, texts and drawings where they lie, with their colours written
 * out, so that any program shows them as they are shown here.
 */
/// <reference lib="dom" />
import { type Box, boxOf } from './boxes.ts';
import { canvasOf, controlOf, drawingOf } from './embedded.ts';
import { element, painted } from './markup.ts';
import { textAt, textOf } from './texts.ts';

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Pixels around what is drawn. */
const ROOM = 12;

export function pictureOf(root: HTMLElement): Picture {
  const { left, top } = root.getBoundingClientRect();
  const width = Math.ceil(root.getBoundingClientRect().width + 2 * ROOM);
  const height = Math.ceil(root.scrollHeight + 2 * ROOM);
  const drawer = new Drawer({ left: left - ROOM, top: top - ROOM });
  const ground = element('rect', { width, height, ...painted('fill', groundOf(root)) });
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const svg = element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size }, ground + drawer.drawn(root));
  return { svg, width, height };
}

/** What is behind an element. */
function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (painted('fill', backgroundColor)) return backgroundColor;
  }
  return '#ffffff';
}

/** Controls whose style says nothing of how they look. */
const isDrawnWhole = (part: Element) => part instanceof HTMLInputElement && ['checkbox', 'range'].includes(part.type);

class Drawer {
  private readonly shift: { left: number; top: number };
  private clips = 0;

  constructor(shift: { left: number; top: number }) {
    this.shift = shift;
  }

  drawn(part: Element): string {
    const style = getComputedStyle(part);
    if (style.display === 'none' || style.visibility === 'hidden' || part instanceof HTMLOptionElement) return '';
    const own = this.framed(part, style) + this.pseudo(part, '::before') + this.content(part, style);
    const whole = own + this.pseudo(part, '::after');
    const opacity = Number(style.opacity);
    return opacity < 1 && whole !== '' ? element('g', { opacity }, whole) : whole;
  }

  private framed(part: Element, style: CSSStyleDeclaration): string {
    if (part instanceof SVGElement || isDrawnWhole(part) || style.display === 'contents') return '';
    // A piece of a line may have a box in each line.
    const boxes = style.display === 'inline' ? [...part.getClientRects()] : [part.getBoundingClientRect()];
    return boxes.map((box) => boxOf(style, this.placed(box))).join('');
  }

  private content(part: Element, style: CSSStyleDeclaration): string {
    const box = this.placed(part.getBoundingClientRect());
    if (part instanceof HTMLCanvasElement) return canvasOf(part, box);
    if (part instanceof SVGSVGElement) return drawingOf(part, box);
    if (part instanceof HTMLInputElement || part instanceof HTMLSelectElement) return controlOf(part, box);
    const inside = [...part.childNodes].map((node) => {
      if (node instanceof Text) return textOf(node, style, this.shift);
      return node instanceof Element ? this.drawn(node) : '';
    });
    const drawn = inside.join('');
    const isCut = part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
    if (drawn === '' || style.overflow === 'visible' || style.display === 'inline' || !isCut) return drawn;
    const id = `clip-${++this.clips}`;
    const { left: x, top: y, width, height } = box;
    const clip = element('clipPath', { id }, element('rect', { x, y, width, height }));
    return clip + element('g', { 'clip-path': `url(#${id})` }, drawn);
  }

  /** What a style sheet puts before or behind: where its own place says so, else at the beginning of the element. */
  private pseudo(part: Element, which: '::before' | '::after'): string {
    const style = getComputedStyle(part, which);
    if (style.content === 'none' || style.content === 'normal' || style.display === 'none') return '';
    const outer = this.placed(part.getBoundingClientRect());
    const own = getComputedStyle(part);
    const pixels = (value: string) => Number.parseFloat(value) || 0;
    if (style.position !== 'absolute') {
      const text = /^"(.*)"$/.exec(style.content)?.[1] ?? '';
      return textAt(style, {
        text,
        left: outer.left + pixels(own.paddingLeft),
        top: outer.top + pixels(own.paddingTop),
        width: 0,
      });
    }
    const border = style.boxSizing === 'border-box' ? 0 : pixels(style.borderLeftWidth) * 2;
    const box = {
      left: outer.left + pixels(own.borderLeftWidth) + pixels(style.left),
      top: outer.top + pixels(own.borderTopWidth) + pixels(style.top),
      width: pixels(style.width) + border,
      height: pixels(style.height) + border,
    };
    return boxOf(style, box);
  }

  private placed({ left, top, width, height }: DOMRect): Box {
    return { left: left - this.shift.left, top: top - this.shift.top, width, height };
  }
}
