/**
 * The Memory view: rows of sixteen bytes with their text and the variables that begin in them. The colour of a byte says how
 * long ago it was written; a click leads to that moment. Two digits typed on a byte are written over it.
 */
/// <reference lib="dom" />
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MemoryMap } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import type { WhyQuestion } from '../link/messages.ts';

type Write = MemoryMap['writes'][number];
type Variable = MemoryMap['variables'][number];

const ROW = 16;

/** Ages by the instructions since the write: up to so many. */
const AGES: [most: number, name: string, text: string][] = [
  [100, 'fresh', 'up to 100 instructions ago'],
  [10_000, 'recent', 'up to 10,000'],
  [Number.POSITIVE_INFINITY, 'old', 'longer ago'],
];

export function MemoryView() {
  const { opening } = useLink();
  /** What the view looks at; nothing for the variables of the innermost call. */
  const [wanted, want] = useKept('memory', '');
  useEffect(() => {
    if (opening?.memory !== undefined) want(opening.memory);
  }, [opening]);
  const { answer, error } = useAnswer('stepformer/memory', wanted ? { expression: wanted } : {});
  return (
    <div class="memory">
      <header>
        <input
          aria-label="Address or expression"
          placeholder="address or expression: &total, board, 0x3ffe0"
          value={wanted}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter') want(currentTarget.value.trim());
          }}
        />
        <Legend />
      </header>
      {error && <p role="alert">{error}</p>}
      {answer && !error && <Bytes memory={answer} />}
    </div>
  );
}

function Legend() {
  return (
    <div class="legend">
      written
      {AGES.map(([, name, text]) => (
        <span class="age" key={name}>
          <span class={`byte ${name}`}>00</span> {text}
        </span>
      ))}
      <span class="age">
        <span class="byte initial">00</span> at load
      </span>
    </div>
  );
}

function Bytes({ memory }: { memory: MemoryMap }) {
  const table = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    table.current?.querySelector('.wanted')?.scrollIntoView({ block: 'nearest', inline: 'start' });
  }, [memory.wanted]);
  const rows: number[] = [];
  for (let at = 0; at < memory.bytes.length; at += ROW) rows.push(memory.address + at);
  return (
    <div class="bytes-frame">
      <table aria-label="Bytes of memory" ref={table}>
        <tbody>
          {rows.map((start) => (
            <Row key={start} memory={memory} start={start} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ memory, start }: { memory: MemoryMap; start: number }) {
  const isHere = (address: number) => address >= start && address < start + ROW;
  const bytes = memory.bytes.slice(start - memory.address, start - memory.address + ROW);
  const text = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  const names = memory.variables.filter(({ address }) => isHere(Math.max(address, memory.address)));
  return (
    <tr class={isHere(memory.wanted) ? 'wanted' : undefined}>
      <th scope="row" class="code">
        {`0x${start.toString(16).padStart(6, '0')}`}
      </th>
      <td class="code bytes">
        {bytes.map((byte, i) => (
          <Byte key={start + i} memory={memory} address={start + i} byte={byte} />
        ))}
      </td>
      <td class="code text">{text}</td>
      <td>
        {names.map((one) => (
          <span
            class="variable"
            key={`${one.function} ${one.name} ${one.address}`}
            title={`${one.type} ${one.name}, ${one.size} bytes at 0x${one.address.toString(16)}`}
          >
            <code>{one.name}</code> = {one.value}
          </span>
        ))}
      </td>
    </tr>
  );
}

function Byte({ memory, address, byte }: { memory: MemoryMap; address: number; byte: number }) {
  const link = useLink();
  const write = memory.writes.find((run) => address >= run.address && address < run.address + run.length);
  const owner = memory.variables.find((one) => address >= one.address && address < one.address + one.size);
  const edge = owner ? ` owned${address === owner.address ? ' first' : ''}` : '';
  const title = [
    `0x${address.toString(16)}`,
    owner && spelled(owner),
    writerText(write, memory.traceLine),
    'Alt+click to ask why',
  ];
  /** The first of two digits, or why they could not be written. */
  const [typed, type] = useState('');
  const [trouble, complain] = useState('');
  const onKeyDown = (event: KeyboardEvent) => {
    if (/^[0-9a-f]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      complain('');
      type(typed === '' ? event.key : '');
      if (typed !== '') overwrite(link, address, typed + event.key).catch(({ message }: Error) => complain(message));
    } else if (event.key === 'Escape') type('');
  };
  return (
    <button
      type="button"
      class={`byte ${ageOf(write, memory.traceLine)}${edge}`}
      title={[trouble, ...title].filter(Boolean).join('\n')}
      aria-invalid={trouble !== ''}
      data-vscode-context={JSON.stringify({ webviewSection: 'byte', address, preventDefaultContextMenuItems: true })}
      onKeyDown={onKeyDown}
      onBlur={() => type('')}
      onClick={({ altKey }) => {
        if (altKey) link.why(whyOf(address, owner));
        else if (write?.traceLine !== undefined) link.travel(write.token);
      }}
    >
      {typed === '' ? byte.toString(16).padStart(2, '0') : `${typed.toLowerCase()}_`}
    </button>
  );
}

/** The question about one byte, which has a name in C wherever one stands. */
function whyOf(address: number, owner: Variable | undefined): WhyQuestion {
  const offset = owner && owner.size > 1 ? `byte ${address - owner.address} of ${owner.name}` : owner?.name;
  const expression = `*(unsigned char *)0x${address.toString(16)}`;
  return { kind: 'origin', expression, about: offset ?? `the byte at 0x${address.toString(16)}` };
}

/** Puts a byte, in hexadecimal, where another is: an edit of the recording. */
async function overwrite(link: Link, address: number, hex: string): Promise<void> {
  const data = btoa(String.fromCharCode(Number.parseInt(hex, 16)));
  await link.ask('writeMemory', { memoryReference: `0x${address.toString(16)}`, data });
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
  return `written by ${where}, ${number(now - write.traceLine)} instructions ago. Click to travel there, type two digits to change it.`;
}

function spelled({ name, value, function: owner }: Variable): string {
  return `${name} = ${value}${owner ? ` (${owner})` : ''}`;
}
