/**
 * What a question about a value is about: the bytes, by the tokens that wrote them.
 *
 * An expression of C that denotes an object is its memory. Others are asked of their machine: what evaluation reads of
 * locals, globals, operands and memory is watched, and if it is one thing, that is what the question is about.
 */
import { type MachineState, sizeOf, type Type } from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import type { ByteSteps } from '../../engine/trace/byte-steps.ts';
import { isValueByte } from '../../engine/trace/byte-steps.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { KIND, KINDS, STORES } from '../../engine/trace/notation.ts';
import { bytesFrom, cellMove, type Start } from '../../engine/trace/trail.ts';
import type { Evaluation } from '../inspect/evaluation.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';

/** Bytes of an object that are followed: of a larger one the first. */
const MOST_BYTES = 256;

export interface Subject {
  readonly start: Start;
  /** What was asked for, in words. */
  readonly text: string;
  readonly type?: Type;
  /** Of an expression that the debugger computes: the objects that it reads. */
  readonly parts?: readonly Subject[];
}

/** Something that an expression reads. */
type Read =
  | { readonly kind: 'cell'; readonly cell: number }
  | { readonly kind: 'stack'; readonly index: number }
  | { readonly kind: 'memory'; readonly address: number; readonly length: number };

/** What a token is about. @throws BadRequest for one that holds and moves no value */
export function subjectOfToken(steps: ByteSteps, token: number, bytes?: number): Subject {
  const { history } = steps;
  if (token < 0 || token >= history.tokenCount) throw new BadRequest(`there is no token ${token}`);
  const text = `token ${token}`;
  const line = history.lineOfToken(token);
  if (line < 0 || isValueByte(history, token)) {
    const most = history.widthAt(token);
    return { start: { tokens: bytesFrom(token, Math.max(1, Math.min(bytes ?? 1, most, MOST_BYTES))) }, text };
  }
  const end = history.firstToken(line + 1) - 1;
  const first = STORES[history.tokenAt(end)] ? history.valueOf(line) : history.firstToken(line);
  const kind = KINDS[history.tokenAt(end)];
  if (kind === KIND.out) return { start: { tokens: [token] }, text };
  const width = history.widthAt(first);
  const { circuit, pops } = steps.opcode(line);
  if (width > 0) return { start: { tokens: bytesFrom(first, width) }, text };
  if (circuit === 'cell-set') {
    const value = steps.operand(line, 0);
    const tokens = bytesFrom(value, history.widthAt(value));
    return { start: { tokens, moves: [cellMove(steps, first, value)] }, text };
  }
  if (pops === 0 && !STORES[history.tokenAt(token)]) throw new BadRequest(`token ${token} says nothing about a value`);
  const value = steps.operand(line, 0);
  return { start: { tokens: bytesFrom(value, history.widthAt(value)) }, text };
}

/** What an expression is about in a frame. @throws PlacedError for one that is no value of the program */
export function subjectOfExpression(
  steps: ByteSteps,
  debuggee: Debuggee,
  evaluation: Evaluation,
  text: string,
  frame: Frame,
): Subject {
  const { evaluate, state } = evaluation.prepared(text, frame);
  const value = evaluate(state);
  const { type } = value;
  if (value.place.kind === 'gone') throw new PlacedError(`"${text}" is ${value.place.reason}`);
  if (value.place.kind === 'memory') {
    const size = value.bits ? (value.bits.shift + value.bits.width + 7) >> 3 : (sizeOf(type) ?? 0);
    if (size === 0) throw new PlacedError(`"${text}" has no bytes`);
    return { ...ofMemory(frame.moment, value.place.address, size), text, type };
  }
  const reads: Read[] = [];
  evaluate(watched(debuggee, frame, state, reads));
  return { ...subjectOf(steps, reads, text, frame), type };
}

/** A frame's state that writes down what is read of it. */
function watched({ program, globals }: Debuggee, frame: Frame, state: MachineState, reads: Read[]): MachineState {
  const cell = (number: number | undefined) => {
    if (number !== undefined) reads.push({ kind: 'cell', cell: number });
  };
  return {
    numberOf: state.numberOf,
    local: (index) => {
      cell(frame.depth * program.stride + index);
      return state.local(index);
    },
    global: (index) => {
      cell(globals[index]?.cell);
      return state.global(index);
    },
    other: (name) => {
      cell(program.globals.find((global) => global.name === name)?.cell);
      return state.other?.(name);
    },
    stack: (index) => {
      reads.push({ kind: 'stack', index: frame.stackBase + index });
      return state.stack(index);
    },
    memory: (address, length) => {
      reads.push({ kind: 'memory', address, length });
      return state.memory(address, length);
    },
  };
}

/** Objects that an expression reads: where it reads memory, cells only lead to the addresses. */
function objects(reads: readonly Read[]): Read[] {
  const inMemory = reads.filter(({ kind }) => kind === 'memory');
  const all = new Map((inMemory.length > 0 ? inMemory : reads).map((read) => [JSON.stringify(read), read]));
  return [...all.values()];
}

/** One object is what the question is about; several are the operands of what the debugger computed of them. */
function subjectOf(steps: ByteSteps, reads: readonly Read[], text: string, frame: Frame): Subject {
  const found = objects(reads);
  if (found.length === 0) throw new PlacedError(`"${text}" reads nothing of the program`);
  if (found.length === 1) return { ...ofRead(steps, found[0], frame), text };
  return { start: { tokens: [] }, text, parts: found.map((read) => ofRead(steps, read, frame)) };
}

function ofRead(steps: ByteSteps, read: Read, { moment }: Frame): Subject {
  if (read.kind === 'memory') {
    const text = `${read.length} ${read.length === 1 ? 'byte' : 'bytes'} at 0x${read.address.toString(16)}`;
    return { ...ofMemory(moment, read.address, read.length), text };
  }
  const { history } = steps;
  if (read.kind === 'stack') {
    const value = moment.stackWrite(read.index);
    return { start: { tokens: bytesFrom(value, history.widthAt(value)) }, text: `stack slot ${read.index}` };
  }
  const text = `cell ${read.cell}`;
  const found = moment.cellWrite(read.cell);
  if (!found) return { start: { tokens: [-1] }, text };
  const tokens = bytesFrom(found.value, history.widthAt(found.value));
  const moves = found.write === found.value ? [] : [cellMove(steps, found.write, found.value)];
  return { start: { tokens, moves }, text };
}

function ofMemory(moment: Moment, address: number, size: number): Pick<Subject, 'start'> {
  const tokens = Array.from({ length: Math.min(size, MOST_BYTES) }, (_, i) => moment.memoryWrite(address + i));
  return { start: { tokens, address } };
}
