/**
 * The page of the Memory view: rows of sixteen bytes with their text and the variables that begin in them. The colour of a
 * byte says how long ago it was written; a click leads to that moment.
 */
import type { MemoryMap } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number } from '../dom.ts';
import { type FromMemory, type MessageHandlers, receive, type ToMemory, type ViewMessage } from '../messages.ts';

declare function acquireVsCodeApi(): { postMessage(message: ViewMessage<FromMemory>): void };

type Write = MemoryMap['writes'][number];
type Variable = MemoryMap['variables'][number];

const ROW = 16;

/** Ages by the instructions since the write: up to so many. */
const AGES: [most: number, name: string, text: string][] = [
  [100, 'fresh', 'up to 100 instructions ago'],
  [10_000, 'recent', 'up to 10,000'],
  [Number.POSITIVE_INFINITY, 'old', 'longer ago'],
];

const host = acquireVsCodeApi();
const root = document.getElementById('memory') as HTMLElement;
const input = element('input', {
  'aria-label': 'Address or expression',
  placeholder: 'address or expression: &total, board, 0x3ffe0',
}) as HTMLInputElement;
input.addEventListener('keydown', ({ key }) => {
  if (key === 'Enter') host.postMessage({ type: 'look', expression: input.value });
});
const note = element('p.note', { role: 'status' });
const content = element('div');
root.append(element('header', {}, input, legend()), note, content);

const handlers: MessageHandlers<ToMemory> = {
  memory: ({ memory, expression }) => {
    note.textContent = '';
    if (document.activeElement !== input) input.value = expression;
    show(memory);
  },
  empty: () => {
    note.textContent = 'Here you see the memory of the program that is debugged: bytes, variables, and who wrote them.';
    content.replaceChildren();
  },
  trouble: ({ message }) => {
    note.textContent = message;
  },
};
window.addEventListener('message', ({ data }: MessageEvent<ViewMessage<ToMemory>>) => receive(handlers, data));
host.postMessage({ type: 'ready' });

function legend(): HTMLElement {
  const ages = AGES.map(([, name, text]) =>
    element('span.age', {}, element(`span.byte.${name}`, {}, '00'), ` ${text}`),
  );
  return element(
    'div.legend',
    {},
    'written ',
    ...ages,
    element('span.age', {}, element('span.byte.initial', {}, '00'), ' at load'),
  );
}

function show(memory: MemoryMap): void {
  const rows: HTMLElement[] = [];
  for (let at = 0; at < memory.bytes.length; at += ROW) rows.push(row(memory, memory.address + at));
  content.replaceChildren(element('table', { 'aria-label': 'Bytes of memory' }, element('tbody', {}, ...rows)));
  content.querySelector('.wanted')?.scrollIntoView({ block: 'nearest', inline: 'start' });
}

function row(memory: MemoryMap, start: number): HTMLElement {
  const isWanted = memory.wanted >= start && memory.wanted < start + ROW;
  const bytes = memory.bytes.slice(start - memory.address, start - memory.address + ROW);
  const text = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  const names = memory.variables.filter(
    ({ address }) => Math.max(address, memory.address) >= start && Math.max(address, memory.address) < start + ROW,
  );
  return element(
    `tr${isWanted ? '.wanted' : ''}`,
    {},
    element('th.code', { scope: 'row' }, `0x${start.toString(16).padStart(6, '0')}`),
    element('td.code.bytes', {}, ...bytes.map((byte, i) => byteButton(memory, start + i, byte))),
    element('td.code.text', {}, text),
    element('td', {}, ...names.map(variable)),
  );
}

function byteButton(memory: MemoryMap, address: number, byte: number): HTMLElement {
  const write = memory.writes.find((run) => address >= run.address && address < run.address + run.length);
  const owner = memory.variables.find((one) => address >= one.address && address < one.address + one.size);
  const edge = owner ? `.owned${address === owner.address ? '.first' : ''}` : '';
  const title = [`0x${address.toString(16)}`, owner && spelled(owner), writerText(write, memory.traceLine)];
  const attributes = { title: title.filter(Boolean).join('\n') };
  const name = `.byte.${ageOf(write, memory.traceLine)}${edge}`;
  const hex = byte.toString(16).padStart(2, '0');
  const travel = () => {
    if (write?.traceLine !== undefined) host.postMessage({ type: 'travel', token: write.token });
  };
  return button(name, attributes, travel, hex);
}

function ageOf(write: Write | undefined, now: number): string {
  if (!write) return 'never';
  const { traceLine } = write;
  if (traceLine === undefined) return 'initial';
  return AGES.find(([most]) => now - traceLine <= most)?.[1] ?? 'old';
}

function writerText(write: Write | undefined, now: number): string {
  if (!write) return 'nothing was written here';
  if (write.traceLine === undefined) return 'initial data of the program';
  const where = write.place
    ? `${fileName(write.place.path)}:${write.place.line}`
    : `trace line ${number(write.traceLine + 1)}`;
  return `written by ${where}, ${number(now - write.traceLine)} instructions ago. Click to travel there.`;
}

function spelled({ name, value, function: owner }: Variable): string {
  return `${name} = ${value}${owner ? ` (${owner})` : ''}`;
}

function variable(one: Variable): HTMLElement {
  const title = `${one.type} ${one.name}, ${one.size} bytes at 0x${one.address.toString(16)}`;
  return element('span.variable', { title }, element('code', {}, one.name), ` = ${one.value}`);
}
