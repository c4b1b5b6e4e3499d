/**
 * What a trace tells without its program: which lines belong to a call, and what each line takes from the operand stack and
 * gives. Commits say how the depth changes, so the stack can be followed by the text alone.
 */
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
  for (const [line, content] of lines.entries()) {
    const end = /\b(call|return)_commit\b/.exec(content)?.[1];
    if (end === 'call') open.push(line);
    if (end === 'return') calls.push({ start: open.pop() ?? 0, end: line });
  }
  for (const start of open.reverse()) calls.push({ start, end: lines.length - 1 });
  return calls.filter(({ start, end }) => end > start);
}

/** For each line what it takes and gives, in decimal: `3, 5 → 8`, `[1024] ← 7`; empty where that is nothing. */
export function valuesIn(text: string): string[] {
  const stack: string[] = [];
  return text.split('\n').map((line) => valuesOf(wordsOf(line.trimEnd()), stack));
}

function valuesOf(words: readonly TraceWord[], stack: string[]): string {
  const last = words.at(-1);
  const id = last?.id;
  if (last === undefined || id === undefined) return '';
  const bytes = words.filter(({ kind }) => kind === 'byte' || kind === 'carry').map(({ id }) => byteOf(id as number));
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
    return taken.length > 0 ? `${taken.join(', ')} → ${number(bytes)}` : number(bytes);
  }
  return bytes.length > 0 ? `[${taken[0]}] ← ${number(bytes)}` : taken.join(', ');
}

/** A line of a host's; of the facts that it may state, values of the stack are followed. */
function stated({ text }: TraceWord, bytes: readonly number[], stack: string[]): string {
  const kind = EDIT_KINDS.find((known) => text === `edit(${known})`);
  if (!kind) return '';
  const place = Number.parseInt(number(bytes.slice(0, 4)), 10);
  const value = number(bytes.slice(4));
  if (kind === 'stack' && place >= 0 && place < stack.length) stack[place] = value;
  return `${kind} ${place} ← ${value}`;
}

/** The top of the stack; what was put there in front of the text is not known. */
const pop = (stack: string[]): string => stack.pop() ?? '?';

const byteOf = (id: number): number => (id - TOKEN.byte) & 0xff;

/** Bytes, the lowest first, as a signed number; fewer than four are not signed. */
function number(bytes: readonly number[]): string {
  const bits = bytes.reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
  return String(bytes.length < 4 ? bits : BigInt.asIntN(8 * bytes.length, bits));
}

const jump = (bytes: readonly number[]): string => number(bytes).replace(/^(?=\d)/, '+');
