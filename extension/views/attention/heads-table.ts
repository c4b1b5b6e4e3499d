/** The table of heads: what each attended to for the token in focus, what it brought, by how much it won. */

import type { HeadView, Standing, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number, roving } from '../dom.ts';
import { hueOf, nameOf } from './strip.ts';

const COLUMNS: [title: string, hint: string][] = [
  ['head', 'Layer and number of the attention head'],
  ['role', 'What the head is for'],
  ['attends to', 'The token whose key fits the query best. Click to travel there.'],
  ['brought', 'The value that the head copied from that token'],
  ['won by', 'How far the winning score is ahead of the next one'],
  ['runner-up', 'The token that came second'],
];

/** Heads by what they matter to somebody who reads the sentence. */
export interface Sorted {
  /** Those that brought what the sentence speaks of, or the instruction itself. */
  main: readonly HeadView[];
  /** Those that found something else: bookkeeping, and look-ups for other instructions. */
  other: readonly HeadView[];
  idle: readonly HeadView[];
}

/** Every circuit works at every token; what belongs to this instruction shows by where heads look. */
export function sortHeads({ sentence, heads }: TokenAttention): Sorted {
  const [instruction] = sentence;
  const lines = new Set(sentence.map(({ traceLine }) => traceLine));
  const matters = ({ target }: HeadView) => {
    if (!target) return false;
    if (target.traceLine !== undefined) return lines.has(target.traceLine);
    return target.lineText === instruction?.text || target.text === instruction?.text.split(' ')[0];
  };
  const active = heads.filter((head) => head.active);
  return {
    // The instruction first, then from the layer that is nearest to the result downwards.
    main: active.filter(matters).sort((a, b) => Number(isProgram(b)) - Number(isProgram(a)) || b.layer - a.layer),
    other: active.filter((head) => !matters(head)),
    idle: heads.filter((head) => !head.active),
  };
}

function isProgram({ target }: HeadView): boolean {
  return target !== null && target.traceLine === undefined;
}

/** What is folded out. */
export interface Folds {
  other: boolean;
  idle: boolean;
}

export interface HeadsActions {
  /** To a token; to its place if it belongs to the prompt. */
  travel(token: number, place: Standing['place']): void;
  /** A row is pointed at, or none. */
  select(head: HeadView | undefined): void;
  /** Something is to be folded out or in. */
  toggle(fold: keyof Folds): void;
}

export function headsTable({ main, other, idle }: Sorted, folds: Folds, actions: HeadsActions): HTMLElement {
  const header = element(
    'tr',
    {},
    ...COLUMNS.map(([title, hint]) => element('th', { scope: 'col', title: hint }, title)),
  );
  const body = element('tbody', {}, ...main.map((head) => row(head, actions)));
  const foldable = (fold: keyof Folds, heads: readonly HeadView[], text: string, title: string) => {
    if (heads.length === 0) return;
    const isOpen = folds[fold];
    const attributes = { 'aria-expanded': String(isOpen), 'data-fold': fold, title };
    const label = `${isOpen ? '▾' : '▸'} ${heads.length} ${text}`;
    const switcher = button('.fold', attributes, () => actions.toggle(fold), label);
    body.append(element('tr', {}, element('td', { colspan: String(COLUMNS.length) }, switcher)));
    if (isOpen) body.append(...heads.map((head) => row(head, actions)));
  };
  foldable('other', other, 'other heads at work', 'Bookkeeping, and look-ups that this instruction does not use');
  foldable('idle', idle, 'idle heads', 'Heads that found nothing for this token');
  const table = element('table.heads', { 'aria-label': 'Attention heads' }, element('thead', {}, header), body);
  roving(table, 'button', 'ArrowUp', 'ArrowDown');
  return table;
}

function row(head: HeadView, actions: HeadsActions): HTMLElement {
  const { target, runnerUp } = head;
  const dot = element('span.dot', { 'aria-hidden': 'true' });
  const made = element(
    `tr.head${head.active ? '' : '.idle'}`,
    { 'data-head': nameOf(head) },
    element('td.code', { title: `query (${head.query.join(', ')})` }, dot, nameOf(head)),
    element('td', {}, head.role),
    element('td', {}, target ? targetButton(target, actions) : `all ${number(head.shared)} tokens, equally`),
    element('td.code', {}, head.value),
    element('td.code', {}, target ? marginText(head.margin) : '–'),
    element('td', {}, ...(runnerUp ? [`token ${number(runnerUp.token)} `, element('code', {}, runnerUp.text)] : ['–'])),
  );
  made.style.setProperty('--hue', hueOf(head));
  made.addEventListener('mouseenter', () => actions.select(head));
  made.addEventListener('mouseleave', () => actions.select(undefined));
  made.addEventListener('focusin', () => actions.select(head));
  made.addEventListener('focusout', () => actions.select(undefined));
  return made;
}

function targetButton({ token, text, traceLine, lineText, place }: Standing, { travel }: HeadsActions): HTMLElement {
  const isPrompt = traceLine === undefined;
  const where = isPrompt ? (lineText ? `program: ${lineText}` : 'prompt') : `line ${number(traceLine + 1)}`;
  const c = place ? ` · ${fileName(place.path)}:${place.line}` : '';
  const title = isPrompt
    ? 'A token of the prompt, there from the beginning'
    : `Travel to trace line ${number(traceLine + 1)}${lineText ? `: ${lineText}` : ''}`;
  const act = () => travel(token, place);
  return button('.target', { title }, act, `token ${number(token)} `, element('code', {}, text), ` · ${where}${c}`);
}

function marginText(margin: number | null): string {
  if (margin === null) return 'alone';
  return Number.isInteger(margin) ? number(margin) : margin.toPrecision(4);
}
