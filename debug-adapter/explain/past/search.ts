/**
 * Searching the recording: functions that were called, what was printed, and values. A search for `cell == 74` finds the
 * writes to `cell` that made it so, wherever a variable of that name is in scope.
 */
import { PlacedError } from '../../../engine/errors.ts';
import { OPCODES } from '../../../engine/isa/opcodes.ts';
import { byteOf } from '../../../engine/trace/notation.ts';
import { OutputReader, STREAMS, type Stream } from '../../../engine/trace/output.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import type { Work } from '../../recording/pace.ts';
import { eachMarked, marksOf, type Past, standingAt } from './past.ts';

type Answer = AnswerOf<'stepformer/search'>;
type Hit = Answer['hits'][number];

/** Collects hits up to a limit. */
class Hits {
  readonly all: Hit[] = [];
  readonly limit: number;
  more = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** `stop` when there are more than are wanted. */
  add(hit: () => Hit): 'stop' | undefined {
    this.more = this.all.length === this.limit;
    if (this.more) return 'stop';
    this.all.push(hit());
    return undefined;
  }
}

const SEARCHES = { function: searchFunctions, output: searchOutput, value: searchValues } as const;

export function* search(past: Past, { text, kinds, limit }: ArgumentsOf<'stepformer/search'>): Work<Answer> {
  const wanted = text.trim();
  const hits = new Hits(limit);
  if (wanted === '') return { hits: [], more: false };
  for (const kind of kinds ?? (['function', 'output', 'value'] as const)) {
    if (!hits.more) yield* SEARCHES[kind](past, wanted, hits);
  }
  return { hits: hits.all, more: hits.more };
}

/** Functions by a part of their name, whatever the case: each at its first call. */
function* searchFunctions(past: Past, text: string, hits: Hits): Work {
  const { debuggee, recording } = past;
  const part = text.toLowerCase();
  const nameOf = (cursor: number) => {
    return debuggee.code.sourceFunctionAt(cursor)?.name ?? debuggee.code.functionAt(cursor)?.name ?? '';
  };
  const starts = debuggee.program.functions
    .filter(({ index, body }) => index >= 0 && nameOf(body).toLowerCase().includes(part))
    .map(({ start }) => start);
  const marks = marksOf(past, starts);
  yield* eachMarked(past, marks, 0, recording.reached + 1, (line) => {
    const cursor = recording.cursorOf(line);
    marks[cursor] = 0;
    const name = nameOf(debuggee.code.functionAt(cursor)?.body ?? cursor);
    return hits.add(() => ({ kind: 'function', text: name, ...standingAt(past, line) }));
  });
}

/** Text within what was printed to one stream: each hit at its first byte, with the line of text around it. */
function* searchOutput(past: Past, text: string, hits: Hits): Work {
  for (const stream of STREAMS) {
    const { bytes, lines } = printedTo(past, stream);
    const part = Buffer.from(text);
    for (let at = bytes.indexOf(part); at >= 0; at = bytes.indexOf(part, at + part.length)) {
      const start = bytes.lastIndexOf('\n', at - bytes.length) + 1;
      const end = bytes.indexOf('\n', at);
      const around = bytes.toString('utf8', start, end < 0 ? bytes.length : end);
      const found = at;
      if (hits.add(() => ({ kind: 'output', text: around, ...standingAt(past, lines[found]) })) === 'stop') return;
      if (past.pace.due()) yield;
    }
  }
}

/** The bytes printed to a stream, and the trace line of each. */
function printedTo({ recording }: Past, stream: Stream): { bytes: Buffer; lines: number[] } {
  const bytes: number[] = [];
  const lines: number[] = [];
  new OutputReader(recording.history).read(0, recording.reached, (byte, of, line) => {
    if (of !== stream) return;
    bytes.push(byte);
    lines.push(line);
  });
  return { bytes: Buffer.from(bytes), lines };
}

/** What is said of a value at the lines of one instruction: the bytes written there made it so. */
type Made = (line: number, address: number | undefined) => boolean;

/** Writes that made `name == value` true. */
function* searchValues(past: Past, text: string, hits: Hits): Work {
  const [, name, value] = /^(.+?[^=!<>])==?([^=].*)$/s.exec(text) ?? [];
  if (name === undefined) return;
  const { debuggee, recording } = past;
  const { history } = recording;
  const { ops } = debuggee.program;
  const circuits = Array.from(ops, (op) => OPCODES[op].circuit);
  const writes = [...ops.keys()].filter((cursor) => circuits[cursor] === 'store' || circuits[cursor] === 'cell-set');
  const marks = marksOf(past, writes);
  const number = /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) & 0xff : undefined;
  const made = new Map<number, Made | undefined>();
  yield* eachMarked(past, marks, 0, recording.reached, (line) => {
    const cursor = recording.cursorOf(line);
    const isStore = circuits[cursor] === 'store';
    if (isStore && number !== undefined && byteOf(history.tokenAt(recording.firstToken(line))) !== number) return;
    if (!made.has(cursor)) made.set(cursor, madeBy(past, recording.cursorOf(line + 1), name.trim(), value));
    const address = isStore ? addressOf(past, line) : undefined;
    if (!made.get(cursor)?.(line, address)) return;
    return hits.add(() => ({ kind: 'value', text: `${name.trim()} == ${value.trim()}`, ...standingAt(past, line) }));
  });
}

/** Undefined where C has no such name at the instruction behind the write. */
function madeBy({ evaluation, debuggee }: Past, cursor: number, name: string, value: string): Made | undefined {
  if (!debuggee.code.sourceFunctionAt(cursor)) return undefined;
  try {
    const holds = evaluation.condition(`(${name}) == (${value})`, cursor);
    const placed = evaluation.placed(name, cursor);
    return (line, address) => {
      try {
        if (!holds(line + 1)) return false;
        const found = placed(line + 1);
        if (found === undefined) return !holds(line);
        return address !== undefined && address >= found.address && address < found.address + found.length;
      } catch (error) {
        if (error instanceof PlacedError) return false;
        throw error;
      }
    };
  } catch (error) {
    if (error instanceof PlacedError) return undefined;
    throw error;
  }
}

/** Where a store writes to. */
function addressOf({ recording: { history } }: Past, line: number): number {
  const slot = history.stackDepthOf(line) - 2;
  const operand = history.stackWrites.before(slot, history.firstToken(line));
  return history.word(operand) + history.program.imms[history.cursorOf(line)];
}
