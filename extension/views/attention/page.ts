/**
 * The page of the Attention view: the trace line of the position in words, its tokens with arcs to what they were
 * made from, and the heads. It shows what the extension host sends and reports what is clicked; it knows nothing else.
 */

import type { HeadlinePart, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number } from '../dom.ts';
import { type FromAttention, type MessageHandlers, receive, type ToAttention, type ViewMessage } from '../messages.ts';
import { type Folds, headsTable, sortHeads } from './heads-table.ts';
import { Output } from './output.ts';
import { Strip } from './strip.ts';

interface Host {
  postMessage(message: ViewMessage<FromAttention>): void;
  /** What survives when the page is taken down: what is folded out. */
  getState(): Folds | undefined;
  setState(state: Folds): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const root = document.getElementById('attention') as HTMLElement;
const strip = new Strip((token) => host.postMessage({ type: 'focus', token }));
const output = new Output((token) => host.postMessage({ type: 'travel', token }));
const note = element('p.note', { role: 'status' });
let folds: Folds = host.getState() ?? { other: false, idle: false };
let shown: { attention: TokenAttention; past: boolean } | undefined;

const handlers: MessageHandlers<ToAttention> = {
  attention: ({ attention, past }) => {
    settle(false);
    show(attention, past);
  },
  output: (message) => output.show(message),
  // While the program runs, the last stop stays in sight, dimmed.
  running: () => {
    settle(true);
    if (!shown) showText(element('p', {}, 'The transformer is running. Pause it to see what its heads do.'));
  },
  empty: () => {
    settle(false);
    showText(...emptyText());
  },
  trouble: ({ message }) => {
    settle(false);
    showText(element('p', {}, message));
  },
  note: ({ message }) => {
    note.textContent = message;
  },
};
window.addEventListener('message', ({ data }: MessageEvent<ViewMessage<ToAttention>>) => receive(handlers, data));
host.postMessage({ type: 'ready' });

/** What is shown next has no note yet, and is of a program that runs or does not. */
function settle(isRunning: boolean): void {
  note.textContent = '';
  document.body.classList.toggle('running', isRunning);
}

function showText(...content: HTMLElement[]): void {
  shown = undefined;
  root.replaceChildren(element('div.empty', {}, ...content));
}

function emptyText(): HTMLElement[] {
  const command = (name: string, text: string) =>
    button('.primary', {}, () => host.postMessage({ type: 'command', command: name }), text);
  return [
    element(
      'p',
      {},
      'Here you see, for every token the transformer writes, which earlier token each attention head took it from.',
    ),
    element('p', {}, 'Open a C file and press F5.'),
    element(
      'p',
      {},
      command('stepformer.debugFile', 'Debug Inside the Transformer'),
      ' ',
      command('stepformer.openExamples', 'Open Examples'),
    ),
  ];
}

function show(attention: TokenAttention, past: boolean): void {
  shown = { attention, past };
  const keep = focusKey();
  const sorted = sortHeads(attention);
  root.replaceChildren(
    element('header', {}, ...sentences(attention), pills(attention, past)),
    note,
    strip.root,
    attention.heads.length > 0
      ? headsTable(sorted, folds, {
          send: (message) => host.postMessage(message),
          select: (head) => strip.select(head),
          toggle: (fold) => {
            folds = { ...folds, [fold]: !folds[fold] };
            host.setState(folds);
            if (shown) show(shown.attention, shown.past);
          },
        })
      : element('p.note', {}, 'No head wrote this token: it belongs to the prompt, or is not generated yet.'),
    output.root,
  );
  strip.show(attention, sorted.main);
  if (keep) root.querySelector<HTMLElement>(keep)?.focus();
}

/** How to find the element with the keyboard's focus again in a page that is built anew. */
function focusKey(): string | undefined {
  const active = document.activeElement;
  const head = active?.closest<HTMLElement>('[data-head]')?.dataset.head;
  if (head) return `[data-head="${head}"] button`;
  if (active?.classList.contains('token')) return '.token.focus';
  const fold = active?.closest<HTMLElement>('[data-fold]')?.dataset.fold;
  return fold && `[data-fold="${fold}"]`;
}

/** What happens in C's terms, and below it what the instruction does; without C, that alone. */
function sentences({ headline, sentence: instruction }: TokenAttention): HTMLElement[] {
  if (headline.length === 0) return [sentence('.sentence', instruction)];
  return [sentence('.headline', headline), sentence('.sentence', instruction)];
}

function sentence(name: string, parts: readonly HeadlinePart[]): HTMLElement {
  const line = element(`p${name}`);
  for (const { text, value, token, isCode } of parts) {
    const content = value !== undefined ? element('b', {}, text) : isCode ? element('code', {}, text) : text;
    if (token === undefined) line.append(element('span', {}, content));
    else {
      const travel = () => host.postMessage({ type: 'travel', token });
      line.append(button('.link', { title: `Travel to token ${number(token)}` }, travel, content));
    }
  }
  return line;
}

function pills({ traceLine, lineText, place, token, now }: TokenAttention, past: boolean): HTMLElement {
  return element(
    'div.pills',
    {},
    button(
      '.pill',
      { title: `Show the trace: ${lineText}` },
      () => host.postMessage({ type: 'trace', traceLine }),
      `line ${number(traceLine + 1)}`,
    ),
    place &&
      button(
        '.pill',
        { title: place.path },
        () => host.postMessage({ type: 'open', ...place }),
        `${fileName(place.path)}:${place.line}`,
      ),
    element('span.pill', {}, `token ${number(token)} of ${number(now)}`),
    past && element('span.pill.past', {}, `${number(now - token)} tokens in the past`),
  );
}
