/**
 * The strip of tokens: those that heads attended to, grouped by trace line in the order of time, and the line of the
 * position whole; arcs lead from the token in focus to the heads' targets, in the heads' colours.
 */

import type { HeadView, Standing, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number, roving, shape } from '../dom.ts';

interface Group {
  key: string;
  label: string;
  first: number;
  tokens: Map<number, string>;
  isHere: boolean;
}

/** Height that arcs may take, in pixels. */
const RISE = 64;

/** Same head, same colour, whatever the program; a golden angle keeps neighbours far apart on the wheel. */
export function hueOf({ layer, head }: Pick<HeadView, 'layer' | 'head'>): string {
  return String(Math.round(((layer * 31 + head) * 137.508) % 360));
}

/** What a head is called in the page. */
export const nameOf = ({ layer, head }: Pick<HeadView, 'layer' | 'head'>): string => `L${layer}·H${head}`;

export class Strip {
  readonly root = element('div.strip', { role: 'group', 'aria-label': 'Tokens' });
  private readonly arcs = shape('svg', { class: 'arcs', 'aria-hidden': 'true' });
  private readonly tokens = new Map<number, HTMLElement>();
  private heads: readonly HeadView[] = [];
  private focus = -1;
  private selected: HeadView | undefined;
  private readonly choose: (token: number) => void;

  /** `choose` is called with the token that is clicked. */
  constructor(choose: (token: number) => void) {
    this.choose = choose;
    roving(this.root, '.token', 'ArrowLeft', 'ArrowRight');
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  /** `heads` are those whose targets are shown. */
  show(attention: TokenAttention, heads: readonly HeadView[]): void {
    this.heads = heads;
    this.focus = attention.token;
    this.selected = undefined;
    this.tokens.clear();
    const groups = groupsOf(attention, heads).map((group) => this.group(group));
    this.root.replaceChildren(element('div.track', {}, this.arcs, ...groups));
    // The line of the position in sight; of what it was made from, the latest.
    this.root.scrollLeft = this.root.scrollWidth;
    this.draw();
  }

  /** Brings one head's arc to the front; undefined: all alike. */
  select(head: HeadView | undefined): void {
    this.selected = head;
    this.draw();
  }

  private group({ label, tokens, isHere }: Group): HTMLElement {
    const row = element('div.tokens');
    let last = -1;
    for (const [index, text] of [...tokens].sort(([a], [b]) => a - b)) {
      if (last >= 0 && index > last + 1)
        row.append(element('span.gap', { title: `${index - last - 1} tokens between` }, '⋯'));
      last = index;
      const isFocus = index === this.focus;
      const made = button(
        `.token${isFocus ? '.focus' : ''}`,
        { title: `token ${number(index)}`, 'aria-pressed': String(isFocus), 'data-token': String(index) },
        () => this.choose(index),
        text,
      );
      this.tokens.set(index, made);
      row.append(made);
    }
    return element(`div.group${isHere ? '.here' : ''}`, {}, row, element('div.label', {}, label));
  }

  private draw(): void {
    const track = this.root.firstElementChild;
    const from = this.tokens.get(this.focus);
    if (!track || !from) {
      this.arcs.replaceChildren();
      return;
    }
    const box = track.getBoundingClientRect();
    const middle = (token: HTMLElement) => {
      const { left, width } = token.getBoundingClientRect();
      return left + width / 2 - box.left;
    };
    this.arcs.setAttribute('width', String(track.scrollWidth));
    this.arcs.setAttribute('height', String(RISE));
    const start = middle(from);
    for (const token of this.tokens.values()) token.style.removeProperty('--hue');
    const paths: SVGElement[] = [];
    for (const head of this.heads) {
      const to = head.target && this.tokens.get(head.target.token);
      if (!to || to === from) continue;
      to.style.setProperty('--hue', hueOf(head));
      to.classList.add('target');
      const end = middle(to);
      const rise = Math.min(RISE - 4, 14 + Math.abs(start - end) / 5);
      const top = RISE - rise * 1.33;
      const path = shape('path', { d: `M${start} ${RISE} C${start} ${top} ${end} ${top} ${end} ${RISE}` });
      path.style.setProperty('--hue', hueOf(head));
      if (this.selected) path.classList.add(head === this.selected ? 'selected' : 'faint');
      paths.push(path);
    }
    this.arcs.replaceChildren(...paths);
  }
}

/** The prompt's tokens first, then the trace by line; the line of the position comes whole. */
function groupsOf({ traceLine, place, tokens }: TokenAttention, heads: readonly HeadView[]): Group[] {
  const here: Group = {
    key: `line ${traceLine}`,
    label: `line ${number(traceLine + 1)}${sourceText(place)} ◂ position`,
    first: tokens[0]?.token ?? 0,
    tokens: new Map(tokens.map(({ token, text }) => [token, text])),
    isHere: true,
  };
  const groups = new Map([[here.key, here]]);
  for (const { target } of heads) {
    if (!target) continue;
    const label = labelOf(target);
    const key = target.traceLine === undefined ? label : `line ${target.traceLine}`;
    const group = groups.get(key) ?? { key, label, first: target.token, tokens: new Map(), isHere: false };
    group.first = Math.min(group.first, target.token);
    group.tokens.set(target.token, target.text);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => a.first - b.first);
}

function labelOf({ traceLine, lineText, place }: Standing): string {
  if (traceLine !== undefined) return `line ${number(traceLine + 1)}${sourceText(place)}`;
  return lineText ? `program: ${lineText}${sourceText(place)}` : 'prompt';
}

function sourceText(place: Standing['place']): string {
  return place ? ` · ${fileName(place.path)}:${place.line}` : '';
}
