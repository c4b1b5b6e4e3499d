/** The table of heads: what each attended to for the token in focus, what it brought, by how much it won. */
import { button, element, fileName, number, roving } from './dom.ts';
import type { FromView, Head, Place } from './messages.ts';
import { hueOf, nameOf } from './strip.ts';

const COLUMNS: [title: string, hint: string][] = [
  ['head', 'Layer and number of the attention head'],
  ['role', 'What the head is for'],
  ['attends to', 'The token whose key fits the query best. Click to travel there.'],
  ['brought', 'The value that the head copied from that token'],
  ['won by', 'How far the winning score is ahead of the next one'],
  ['runner-up', 'The token that came second'],
];

export interface HeadsActions {
  send(message: FromView): void;
  /** A row is pointed at, or none. */
  select(head: Head | undefined): void;
  /** Something is folded out or in. */
  toggle(): void;
}

export function headsTable(heads: readonly Head[], showsIdle: boolean, actions: HeadsActions): HTMLElement {
  const active = heads.filter((head) => head.active);
  const idle = heads.filter((head) => !head.active);
  const header = element(
    'tr',
    {},
    ...COLUMNS.map(([title, hint]) => element('th', { scope: 'col', title: hint }, title)),
  );
  const body = element('tbody', {}, ...active.map((head) => row(head, actions)));
  if (idle.length > 0) {
    const text = `${showsIdle ? '▾' : '▸'} ${idle.length} idle ${idle.length === 1 ? 'head' : 'heads'}`;
    const title = 'Heads that found nothing for this token';
    const fold = button('.fold', { 'aria-expanded': String(showsIdle), title }, () => actions.toggle(), text);
    body.append(element('tr', {}, element('td', { colspan: String(COLUMNS.length) }, fold)));
    if (showsIdle) body.append(...idle.map((head) => row(head, actions)));
  }
  const table = element('table.heads', { 'aria-label': 'Attention heads' }, element('thead', {}, header), body);
  roving(table, 'button', 'ArrowUp', 'ArrowDown');
  return table;
}

function row(head: Head, actions: HeadsActions): HTMLElement {
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

function targetButton({ token, text, line, lineText, source }: Place, { send }: HeadsActions): HTMLElement {
  const isPrompt = line === undefined;
  const where = isPrompt ? (lineText ? `program: ${lineText}` : 'prompt') : `line ${number(line)}`;
  const c = source ? ` · ${fileName(source.file)}:${source.line}` : '';
  const title = isPrompt
    ? 'A token of the prompt, there from the beginning'
    : `Travel to trace line ${number(line)}${lineText ? `: ${lineText}` : ''}`;
  const fallback = source ? { file: source.file, line: source.line } : {};
  const act = () => send({ type: 'travel', token, ...fallback });
  return button('.target', { title }, act, `token ${number(token)} `, element('code', {}, text), ` · ${where}${c}`);
}

function marginText(margin: number): string {
  if (!Number.isFinite(margin)) return 'alone';
  return Number.isInteger(margin) ? number(margin) : margin.toPrecision(4);
}
