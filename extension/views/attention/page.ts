/**
 * The Attention view's elements: the trace line of the position in words, its tokens with arcs to what they were made
 * from, and the heads.
 */
/// <reference lib="dom" />
import type { HeadlinePart, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number } from '../dom.ts';
import type { Link } from '../link/link.ts';
import { type Folds, headsTable, sortHeads } from './heads-table.ts';
import { Strip } from './strip.ts';

export class AttentionPage {
  readonly root = element('div.attention');
  private readonly link: Link;
  private readonly strip: Strip;

  constructor(link: Link) {
    this.link = link;
    this.strip = new Strip((token) => link.select({ token }));
  }

  /** `past`: the position has been left before. `setFolds` is called when something is folded out or in. */
  show(attention: TokenAttention, past: boolean, folds: Folds, setFolds: (folds: Folds) => void): void {
    const { link, root, strip } = this;
    const keep = focusKey(root);
    const sorted = sortHeads(attention);
    root.replaceChildren(
      element('header', {}, ...sentences(attention, link), pills(attention, past, link)),
      strip.root,
      attention.heads.length > 0
        ? headsTable(sorted, folds, {
            travel: (token, place) => link.travel(token, place),
            select: (head) => strip.select(head),
            toggle: (fold) => setFolds({ ...folds, [fold]: !folds[fold] }),
          })
        : element('p.note', {}, 'No head wrote this token: it belongs to the prompt, or is not generated yet.'),
    );
    strip.show(attention, sorted.main);
    if (keep) root.querySelector<HTMLElement>(keep)?.focus();
  }
}

/** How to find the element with the keyboard's focus again in a page that is built anew. */
function focusKey(root: HTMLElement): string | undefined {
  const active = document.activeElement;
  if (!root.contains(active)) return;
  const head = active?.closest<HTMLElement>('[data-head]')?.dataset.head;
  if (head) return `[data-head="${head}"] button`;
  if (active?.classList.contains('token')) return '.token.focus';
  const fold = active?.closest<HTMLElement>('[data-fold]')?.dataset.fold;
  return fold && `[data-fold="${fold}"]`;
}

/** What happens in C's terms, and below it what the instruction does; without C, that alone. */
function sentences({ headline, sentence: instruction }: TokenAttention, link: Link): HTMLElement[] {
  if (headline.length === 0) return [sentence('.sentence', instruction, link)];
  return [sentence('.headline', headline, link), sentence('.sentence', instruction, link)];
}

function sentence(name: string, parts: readonly HeadlinePart[], link: Link): HTMLElement {
  const line = element(`p${name}`);
  for (const { text, value, token, isCode } of parts) {
    const content = value !== undefined ? element('b', {}, text) : isCode ? element('code', {}, text) : text;
    if (token === undefined) line.append(element('span', {}, content));
    else {
      const travel = () => link.travel(token);
      line.append(button('.link', { title: `Travel to token ${number(token)}` }, travel, content));
    }
  }
  return line;
}

function pills({ traceLine, lineText, place, token, now }: TokenAttention, past: boolean, link: Link): HTMLElement {
  return element(
    'div.pills',
    {},
    button(
      '.pill',
      { title: `Show the trace: ${lineText}` },
      () => link.showTrace(traceLine),
      `line ${number(traceLine + 1)}`,
    ),
    place &&
      button('.pill', { title: place.path }, () => link.showPlace(place), `${fileName(place.path)}:${place.line}`),
    element('span.pill', {}, `token ${number(token)} of ${number(now)}`),
    button(
      '.pill',
      { title: 'Where the value of this token came from' },
      () => link.why({ kind: 'origin', token }),
      'Why?',
    ),
    past && element('span.pill.past', {}, `${number(now - token)} tokens in the past`),
  );
}
