/**
 * What a trace tells without its program: which lines belong to a call, and what each line takes from the operand stack and
 * gives. Commits say how the depth changes, so the stack can be followed by the text alone.
 */
import { FIRST_CURSOR, notesIn, type TraceNote } from '../../engine/isa/trace-notes.ts';
import { COMMITS, EDIT_KINDS, TOKEN } from '../../engine/isa/vocabulary.ts';
import { type TraceWord, wordsOf } from './trace-language.ts';

/** Lines (from 0) of a call: the one that made it, and the one that returned from it or the last that there is. */
export interface CallLines {
  readonly start: number;
  readonly end: number;
}

/** The calls of a trace, in the order in which they end. A call that begins in front of the text begins with it. */
export function callsIn(text: string): CallLines[] {
  const calls: CallLines[] = [];
  const open: number[] = [];
  const lines = text.trimEnd().split('\n');
  // Notes stand behind the last line.
  while (lines.at(-1)?.startsWith(';;')) lines.pop();
  for (const [line, content] of lines.entries()) {
    const end = /\b(call|return)_commit\b/.exec(content)?.[1];
    if (end === 'call') open.push(line);
    if (end === 'return') calls.push({ start: open.pop() ?? 0, end: line });
  }
  for (const start of open.reverse()) calls.push({ start, end: lines.length - 1 });
  return calls.filter(({ start, end }) => end > start);
}

/** What is to stand beside a line: its instruction and its line of C where notes behind the trace tell them, and its values. */
export interface LineTold {
  readonly values: string;
  readonly note?: TraceNote;
}

/** For each line what it takes and gives: `3, 5 → 8`, `[0x400] ← 7`; empty where that is nothing. */
export function linesTold(text: string): LineTold[] {
  const lines = text.split('\n');
  const notes = notesIn(lines);
  const stack: string[] = [];
  let cursor = FIRST_CURSOR;
  return lines.map((line) => {
    const words = wordsOf(line.trimEnd());
    const moves = movesBy(words);
    const note = moves === undefined ? undefined : notes.get(cursor);
    cursor += moves ?? 0;
    return { values: valuesOf(words, stack, note), ...(note && { note }) };
  });
}

/** Characters of a line's tokens, its instruction and its values, so that what stands beside lines is in columns. */
const COLUMNS = { tokens: 40, instruction: 22, values: 28 };

/** What stands beside a line of so many characters; the line of C where it is another than that of the line before. */
export function besideLine({ values, note }: LineTold, before: LineTold | undefined, length: number): string {
  if (!note) return values;
  const { instruction, source } = note;
  const isSame = before?.note?.source?.line === source?.line && before?.note?.source?.file === source?.file;
  const place = !source ? '' : isSame ? String(source.line) : `${source.file}:${source.line}  ${source.text}`;
  const room = ' '.repeat(Math.max(COLUMNS.tokens - length, 0));
  const column = instruction.padEnd(COLUMNS.instruction - Math.max(length - COLUMNS.tokens, 0));
  return `${room}${column} ${place ? `${values.padEnd(COLUMNS.values)} ${place}` : values}`.trimEnd();
}

/** By how many instructions a line moves on; undefined for one that executes nothing. */
function movesBy(words: readonly TraceWord[]): number | undefined {
  const [first] = words;
  const last = words.at(-1);
  if (first?.id === undefined || last?.id === undefined) return undefined;
  if (first.kind === 'edit' || first.id === TOKEN.needInput || first.id === TOKEN.inputEnd) return undefined;
  const commit = COMMITS[last.id - TOKEN.commit];
  const advance = last.kind === 'commit' || last.kind === 'branch commit' ? (commit?.advance ?? 1) : 1;
  if (first.kind !== 'branch') return advance;
  return advance + Number.parseInt(number(bytesOf(words)), 10);
}

function valuesOf(words: readonly TraceWord[], stack: string[], note: TraceNote | undefined): string {
  const last = words.at(-1);
  const id = last?.id;
  if (last === undefined || id === undefined) return '';
  const bytes = bytesOf(words);
  if (words[0].kind === 'edit') return stated(words[0], bytes, stack);
  if (id === TOKEN.callCommit) return `calls ${jump(bytes)}`;
  if (id === TOKEN.returnCommit) return 'returns';
  if (id >= TOKEN.out && id < TOKEN.out + 256) return `prints ${pop(stack)}`;
  if (id === TOKEN.readCommit) {
    stack.push(number(bytes));
    return `reads ${number(bytes)}`;
  }
  const commit = last.kind === 'commit' || last.kind === 'branch commit' ? COMMITS[id - TOKEN.commit] : undefined;
  if (!commit) return '';
  const taken = Array.from({ length: Number(commit.stores) - commit.depth }, () => pop(stack)).reverse();
  if (commit.branch) return [...taken, `jumps ${jump(bytes)}`].join(': ');
  if (commit.stores) {
    stack.push(number(bytes));
    if (taken.length === 0) return number(bytes);
    const from = LOAD.test(note?.instruction ?? '') ? `[${address(taken[0], note)}]` : taken.join(', ');
    return `${from} → ${number(bytes)}`;
  }
  return bytes.length > 0 ? `[${address(taken[0], note)}] ← ${number(bytes)}` : taken.join(', ');
}

const LOAD = /^\w+\.load/;

/** Where in memory, as C writes addresses: the operand, with the instruction's offset where that is known. */
function address(operand: string, note: TraceNote | undefined): string {
  const value = Number.parseInt(operand, 10);
  if (Number.isNaN(value)) return operand;
  const offset = Number(/ offset=(\d+)/.exec(note?.instruction ?? '')?.[1] ?? 0);
  return `0x${((value >>> 0) + offset).toString(16)}`;
}

/** A line of a host's; of the facts that it may state, values of the stack are followed. */
function stated({ text }: TraceWord, bytes: readonly number[], stack: string[]): string {
  const kind = EDIT_KINDS.find((known) => text === `edit(${known})`);
  if (!kind) return '';
  const place = Number.parseInt(number(bytes.slice(0, 4)), 10);
  const value = number(bytes.slice(4));
  if (kind === 'stack' && place >= 0 && place < stack.length) stack[place] = value;
  return `${kind} ${kind === 'memory' ? address(String(place), undefined) : place} ← ${value}`;
}

/** The top of the stack; what was put there in front of the text is not known. */
const pop = (stack: string[]): string => stack.pop() ?? '?';

const bytesOf = (words: readonly TraceWord[]): number[] =>
  words.filter(({ kind }) => kind === 'byte' || kind === 'carry').map(({ id }) => byteOf(id as number));

const byteOf = (id: number): number => (id - TOKEN.byte) & 0xff;

/** Bytes, the lowest first, as a signed number; fewer than four are not signed. */
function number(bytes: readonly number[]): string {
  const bits = bytes.reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
  return String(bytes.length < 4 ? bits : BigInt.asIntN(8 * bytes.length, bits));
}

const jump = (bytes: readonly number[]): string => number(bytes).replace(/^(?=\d)/, '+');
