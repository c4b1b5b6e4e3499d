/**
 * The instruction under the cursor: fetched from the prompt, or, in a model that is specialised for one program, known
 * to the feed-forward weights.
 */
import type { LinearLike, Neuron } from '../graph/graph.ts';
import { fetchAt } from '../graph/lookups.ts';
import { type Immediate, OPCODES } from '../isa/opcodes.ts';
import type { ProgramCode } from '../isa/program.ts';
import type { CounterContext } from './counters.ts';
import { BYTES } from './line.ts';
import { OPCODE_POINTS } from './tokens.ts';

/** What the machine reads of an instruction. */
export interface Instruction {
  /** The point on the circle that is its opcode. */
  readonly opcode: { readonly x: LinearLike; readonly y: LinearLike };
  /** Its immediate as an unsigned number. */
  readonly immediate: LinearLike;
  /** The byte of its immediate that belongs to the next byte of the line. */
  readonly immediateByte: LinearLike;
}

/** Immediates that only their bytes are read of; as numbers they would be the largest by far. */
const ONLY_BYTES: readonly Immediate[] = ['value', 'high', 'jump'];

/**
 * By attention to the program's tokens in the prompt.
 *
 * Operands: the position of the instruction, off by rounding. Result: its opcode's point, its immediate, 0 to 2^32 - 1, and
 * the byte of it that comes next. Depth: one head behind the rough cursor, layer 2. The program in the prompt is Percepta's.
 */
export function fetchInstruction({ graph: g, features, line, counters }: CounterContext): Instruction {
  const { instruction } = counters;
  const opcode = fetchAt(g, 'fetch opcode', instruction, { x: features.opcodeX, y: features.opcodeY });
  const immediate = fetchAt(g, 'fetch immediate', g.of([1, instruction], [4]), { word: line.wordHere }).word;
  // The high bytes of a constant of eight are the immediate of the next instruction, behind its opcode.
  const behind = g.of([1, instruction], [1], [1, line.index], [1, line.atLeast[4]]);
  const immediateByte = fetchAt(g, 'byte of immediate', behind, { byte: features.byte }).byte;
  return { opcode, immediate, immediateByte };
}

/**
 * By a neuron per instruction, open at its cursor alone: for integers, `1 - (c - i)²` is 1 at c = i and at most 0
 * elsewhere, and linear in c and c². So each quantity is a single weight, whatever its size: exact. (A staircase of
 * steps would do with as many neurons, but its terms grow with the cursor.)
 *
 * Operands: the snapped cursor and its square. Result: as `fetchInstruction`; immediates of which only bytes are read are 0
 * as numbers. Depth: a layer of neurons behind the snapped cursor, and one more for the byte. The first Futamura projection:
 * the program becomes weights.
 */
export function bakedInstruction(
  { graph: g, line, counters }: CounterContext,
  { ops, imms }: ProgramCode,
): Instruction {
  const { value: cursor, square } = counters.cursor;
  const x: Neuron[] = [];
  const y: Neuron[] = [];
  const word: Neuron[] = [];
  const bytes: Neuron[][] = BYTES.map(() => []);
  const last = ops.length - 1;
  const inside = 'the cursor stays inside the program';
  g.bounded(cursor, 0, last, inside);
  g.bounded(square, 0, last ** 2, inside);
  let largest = 0;
  for (let i = 0; i < ops.length; i++) {
    const isHere = g.of([1 - i * i], [2 * i, cursor], [-1, square]);
    g.bounded(isHere, 1 - Math.max(i, last - i) ** 2, 1, 'c and i are integers');
    const row = OPCODES[ops[i]];
    const put = (neurons: Neuron[], value: number) => {
      if (value !== 0) neurons.push(g.neuron(isHere, 1, value));
    };
    put(x, OPCODE_POINTS[ops[i]][0]);
    put(y, OPCODE_POINTS[ops[i]][1]);
    if (!ONLY_BYTES.includes(row.immediate)) {
      put(word, imms[i]);
      largest = Math.max(largest, imms[i]);
    }
    const high = row.advance === 2 ? imms[i + 1] : 0;
    for (const k of BYTES) put(bytes[k], ((k < 4 ? imms[i] : high) >>> (8 * (k % 4))) & 0xff);
  }
  // Where a program has no use for a quantity, there is nothing to add up.
  const sum = (name: string, neurons: Neuron[]): LinearLike => (neurons.length > 0 ? g.sum(name, neurons) : 0);
  const immediate = sum('fetch immediate: word', word);
  g.bounded(immediate, 0, largest, 'one neuron at a time is open');
  const known = bytes.map((neurons, k) => sum(`byte ${k} of immediate`, neurons));
  return {
    opcode: { x: sum('fetch opcode: x', x), y: sum('fetch opcode: y', y) },
    immediate,
    immediateByte: sum(
      'byte of immediate: byte',
      known.flatMap((byte, k) => (byte === 0 ? [] : [g.neuron(line.at[k], byte)])),
    ),
  };
}
