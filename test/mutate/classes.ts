/**
 * Mutants that no program can tell from the model, by rule: what the changed weight is makes it so, not that no test has
 * found it.
 */
import { BIG } from '../../engine/graph/graph.ts';
import { MEMORY_PAGES, mostStackSlots } from '../../engine/isa/limits.ts';
import { mostInstructions } from '../../engine/isa/prompt.ts';
import { TABLE_SIZE, TOKEN } from '../../engine/isa/vocabulary.ts';
import type { Model, SparseMatrix } from '../../engine/transformer/model.ts';
import { changed, type Mutant } from './mutants.ts';

/** A class of mutants that are equivalent by construction. */
export interface EquivalentClass {
  readonly name: string;
  readonly reason: string;
  has(model: Model, mutant: Mutant): boolean;
}

const weightOf = ({ matrix, index }: Mutant) => matrix.weights[index];
const newWeight = (mutant: Mutant) => changed(weightOf(mutant), mutant.change);

/** The only weight of a row, and its column; undefined if there are several. */
function single(matrix: SparseMatrix, row: number): { column: number; weight: number } | undefined {
  const [start, end] = [matrix.starts[row], matrix.starts[row + 1]];
  return end - start === 1 ? { column: matrix.columns[start], weight: matrix.weights[start] } : undefined;
}

/** Slot that holds the constant one: the first of the names. */
const oneSlot = (model: Model) => model.config.names.slots.indexOf('one');

/** Whether the head of a key or query row asks with (x, constant). */
function asksWithConstant(model: Model, { place }: Mutant): boolean {
  const y = single(model.layers[place.layer].q, place.row | 1);
  return y !== undefined && y.column === oneSlot(model) && y.weight > 0;
}

/** Bits that a table index can have. */
const isSpread = (k: number) => k < 256 && [0, 2, 4, 6].every((shift) => ((k >> shift) & 3) < 3);

export const CLASSES: readonly EquivalentClass[] = [
  {
    name: 'a constant that all keys share',
    reason: 'the query takes it as it is: it is added to every score of the head, and no winner changes',
    has: (model, mutant) => {
      const { part, row, column } = mutant.place;
      return part === 'k' && row % 2 === 1 && column === oneSlot(model) && asksWithConstant(model, mutant);
    },
  },
  {
    name: 'size of a push-down',
    reason: 'it must only outweigh every score that can be met, and still does',
    has: (_, mutant) => {
      const { place, change } = mutant;
      return place.part === 'k' && place.row % 2 === 1 && change === 'add one' && Math.abs(weightOf(mutant)) >= 2 ** 40;
    },
  },
  {
    name: 'size of a weight that closes a gate',
    reason: 'where the flag is 1 the gate is below 0 by 2^34 and stays so; where it is 0, nothing is multiplied',
    has: (model, mutant) => {
      const { part, column } = mutant.place;
      const isFlag = part === 'gate' && column !== oneSlot(model);
      return isFlag && mutant.change === 'add one' && weightOf(mutant) <= -BIG;
    },
  },
  {
    name: 'a flag that only has to be positive',
    reason: 'the head looks for the latest token with the greatest key: any positive weight makes it that',
    has: (model, mutant) => {
      const { place } = mutant;
      if (place.part !== 'k' && place.part !== 'q') return false;
      const { k, q } = model.layers[place.layer];
      const row = place.row | 1;
      const isFlag = k.isZero(row - 1) && single(k, row) && single(q, row)?.column === oneSlot(model);
      return Boolean(isFlag) && newWeight(mutant) > 0;
    },
  },
  {
    name: 'a query on keys that have no such component',
    reason: 'that component of every key is 0, so that nothing multiplies the weight',
    has: (model, { place }) => {
      if (place.part !== 'q' && place.part !== 'k') return false;
      const { k, q } = model.layers[place.layer];
      return (place.part === 'q' ? k : q).isZero(place.row);
    },
  },
  {
    name: 'a query for 0 on one component',
    reason: 'every score is multiplied by the same positive number, and no winner changes',
    has: (model, mutant) => {
      const { place } = mutant;
      if (place.part !== 'q' || place.row % 2 === 0) return false;
      const { q } = model.layers[place.layer];
      return q.isZero(place.row - 1) && single(q, place.row) !== undefined && newWeight(mutant) > 0;
    },
  },
  {
    name: 'high bytes that are 0 within the limits',
    reason:
      'slots of the stack (a push takes five tokens), entries of a table (an instruction takes five) and pages of memory are fewer than the byte counts in',
    has: isHighByte,
  },
  {
    name: 'rows of the unembedding that never win',
    reason:
      'tokens that are only given (tables, instructions, edits): their logit stays below every right one, or is 0, which only byte 00 can tie with, and that comes first',
    has: (_, mutant) => {
      if (mutant.place.part !== 'unembed' || weightOf(mutant) > -(2 ** 49)) return false;
      return newWeight(mutant) < -(2 ** 49) || (newWeight(mutant) === 0 && mutant.place.row > TOKEN.byte);
    },
  },
  {
    name: 'a logit that leads by far, one higher',
    reason:
      'a kind with one token leads all other kinds by 2^30, and its weight changes the logit by less than 100; byte ff, one higher, ties with fe at fe, and the first wins',
    has: (_, { place, change }) => {
      if (place.part !== 'unembed' || change !== 'add one') return false;
      const { row } = place;
      const isByte = (row >= TOKEN.byte && row < TOKEN.opcode) || (row >= TOKEN.out && row < TOKEN.out + 256);
      return !isByte || [TOKEN.byte + 255, TOKEN.carryByte + 255, TOKEN.out + 255].includes(row);
    },
  },
  {
    name: 'entries of tables that no index reaches',
    reason: 'quotients end at 2,039, shifts at 1,023, pairs of nibbles have no base-4 digit 3',
    has: (model, mutant) => {
      const { place } = mutant;
      if (place.part !== 'embed' || place.row >= TABLE_SIZE) return false;
      // A key that is not far below 0 wins where it should not.
      if (heldFirst(model, place.column) === 'table: -k²' && newWeight(mutant) >= 0) return false;
      const reaches: Record<string, (k: number) => boolean> = {
        'table: 2k': (k) => k <= 2039,
        'table: -k²': (k) => k <= 2039,
        'table: and': isSpread,
        'table: xor': isSpread,
      };
      return reaches[heldFirst(model, place.column)]?.(place.row) === false;
    },
  },
  {
    name: 'keys beside a table that still lose or bring the same',
    reason:
      'a token without an index of its own has the key (0, negative), of whatever size; with (0, 0) it is entry 0 of the table of bytes once more, which brings the same 0',
    has: (model, mutant) => {
      const { place } = mutant;
      if (place.part !== 'embed') return false;
      const name = heldFirst(model, place.column);
      if (!/^table(: -k²| of bytes: -k²|: envelope y)$/.test(name) || !isBeside(name, place.row)) return false;
      return newWeight(mutant) < 0 || (newWeight(mutant) === 0 && name === 'table of bytes: -k²');
    },
  },
  {
    name: 'features of tokens that only stand in the prompt’s table',
    reason:
      'table tokens come before everything; nothing is executed yet, and no line reaches back to them, unless their flag is the greatest',
    has: (model, mutant) =>
      mutant.place.part === 'embed' &&
      mutant.place.row < TABLE_SIZE &&
      mutant.place.row > 0 &&
      !/^(table|one\b)/.test(heldFirst(model, mutant.place.column)) &&
      newWeight(mutant) <= 0,
  },
  {
    name: 'starts of lines in the program',
    reason:
      'instructions in the prompt have no line of their own: nothing is generated before `}` and `run`, which start one; only a flag greater than theirs would outdo them',
    has: (model, mutant) => {
      const { part, row, column } = mutant.place;
      const isInstruction = row >= TOKEN.opcode && row <= TOKEN.open && row !== TOKEN.halt;
      return part === 'embed' && heldFirst(model, column) === 'is no byte' && isInstruction && newWeight(mutant) <= 0;
    },
  },
  {
    name: 'bytes with a carry are never stored',
    reason: 'that a token is a byte matters in lines of stores alone, and only sums have carries',
    has: (model, { place }) =>
      place.part === 'embed' &&
      heldFirst(model, place.column) === 'is byte' &&
      place.row >= TOKEN.carryByte &&
      place.row < TOKEN.opcode,
  },
  {
    name: 'erasers of what only given tokens hold',
    reason:
      'the slot is 0 at every token behind which something is generated; what is left at the others (table tokens, starts of edits, `}`) is not looked up',
    has: (model, { place }) => {
      const { part, layer, row } = place;
      if (part !== 'gate' && part !== 'up' && part !== 'down') return false;
      const slot = erasedSlot(model, layer, row);
      if (slot === undefined || !isFirstEraser(model, layer, slot)) return false;
      const held = columnOf(model, slot);
      return held.some((value) => value !== 0) && held.every((value, id) => value === 0 || isGiven(id));
    },
  },
];

/** Whether a weight multiplies a byte that is 0 within the limits, or more than which nothing is in a table. */
function isHighByte(model: Model, mutant: Mutant): boolean {
  const { part, layer, row } = mutant.place;
  const weight = weightOf(mutant);
  const unit = Math.abs(weight);
  if (part === 'embed' || part === 'unembed' || ![2 ** 8, 2 ** 16, 2 ** 24].includes(unit)) return false;
  const { heads, slots } = model.config.names;
  const { down } = model.layers[layer];
  const makes = (name: string) =>
    down.columns
      .subarray(down.starts[row], down.starts[row + 1])
      .some((slot) => slots[slot].split(', then ').includes(name));
  if (part === 'v' && heads[layer][row >> 1] === 'slot of edit') return unit > mostStackSlots();
  if (part === 'up' && makes('number in cell')) return unit > MEMORY_PAGES;
  if (part === 'gate' && makes('index lies in the table')) {
    return weight < 0 && mutant.change === 'add one' && unit - 1 > mostInstructions();
  }
  return false;
}

/** Name of the variable that a slot holds first: a column of the embedding, if there is one. */
function heldFirst(model: Model, slot: number): string {
  return model.config.names.slots[slot].split(', then ')[0];
}

/** The slot that a neuron erases: `down · relu(1) · slot` = -slot. */
function erasedSlot(model: Model, layer: number, neuron: number): number | undefined {
  const { gate, up, down } = model.layers[layer];
  const open = single(gate, neuron);
  const from = single(up, neuron);
  const to = single(down, neuron);
  const erases = open?.column === oneSlot(model) && from && to && from.column === to.column;
  return erases ? from.column : undefined;
}

/** Whether no earlier layer erases the slot. */
function isFirstEraser(model: Model, layer: number, slot: number): boolean {
  for (let l = 0; l < layer; l++) {
    for (let n = 0; n < model.layers[l].gate.rows; n++) if (erasedSlot(model, l, n) === slot) return false;
  }
  return true;
}

/** What the embedding puts into a slot, by token. */
function columnOf(model: Model, slot: number): number[] {
  const { starts, columns, weights, rows } = model.embed;
  return Array.from({ length: rows }, (_, row) => {
    for (let i = starts[row]; i < starts[row + 1]; i++) if (columns[i] === slot) return weights[i];
    return 0;
  });
}

/** Tokens behind which nothing is generated: those of the prompt but `run`, and starts of edits. */
function isGiven(id: number): boolean {
  return (
    id < TABLE_SIZE ||
    (id >= TOKEN.opcode && id < TOKEN.run && id !== TOKEN.halt) ||
    (id > TOKEN.run && id < TOKEN.editCommit)
  );
}

/** Whether a token has no index of its own in a table of keys. */
function isBeside(name: string, token: number): boolean {
  if (name === 'table: -k²') return token >= TABLE_SIZE;
  if (name === 'table: envelope y') return token > 32;
  return token >= 256;
}

/** Why a mutant is equivalent, or undefined. */
export function equivalent(model: Model, mutant: Mutant): EquivalentClass | undefined {
  return CLASSES.find((each) => each.has(model, mutant));
}
