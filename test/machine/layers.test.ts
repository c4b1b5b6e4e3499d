/** The layers of which the circuits' doc comments speak are those that the schedule finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine } from '../../engine/machine/machine.ts';
import { schedule } from '../../engine/weights/schedule.ts';

/** Variables that stand for what a circuit gives, and the layer behind which they are complete. */
const LAYERS: Readonly<Record<string, number>> = {
  // line.ts
  'start of line: position': 0,
  'address of edit: word': 1,
  'slot of edit: word': 2,
  // counters.ts
  'stack depth: value': 1,
  'call depth: value': 1,
  jump: 0,
  'cursor, rounded off': 1,
  'cursor: value': 2,
  'input read: value': 1,
  // instruction.ts
  'fetch opcode: x': 2,
  'fetch immediate: word': 2,
  // stack.ts
  'stack top: position': 3,
  'stack top: byte 0 of eight': 3,
  'byte of stack top: byte': 4,
  // cells.ts, memory.ts, ending.ts
  'local or global: pointer': 4,
  'byte of local or global: byte': 5,
  'memory load: byte': 5,
  'line is complete': 3,
  'branch is taken': 3,
  // input.ts
  'number of input byte²': 2,
  'next input byte: byte': 3,
  'input is wanted': 3,
  // order.ts
  'first is negative': 3,
  'high bytes differ': 4,
  // bits.ts
  'bits of byte 0: ones': 4,
  'leading zeros': 4,
  // alu.ts
  'bits of low nibbles: and': 5,
  // chains.ts
  'column 0': 4,
  'byte 0 before, of third of stack: byte': 4,
  column: 5,
  'column with carry': 6,
  'carry of product: quotient': 7,
  'quotient digit 3: quotient': 4,
  'quotient digit 0: quotient': 7,
  'number put out': 8,
  'byte 3 of number: quotient': 9,
  'byte 1 of number: quotient': 11,
  // shifting.ts
  'shift amount: factor': 8,
  'upper byte of shift: byte': 9,
  'bits shifted in: quotient': 10,
  // floats
  'exponent of float': 4,
  'float has the least exponent': 5,
  'float is no number': 6,
  'value below is chosen': 7,
  shift: 7,
  'end of value that is shifted': 6,
  'bits to the left': 6,
  'no finite float': 6,
  'exponent and sign': 8,
  // decision.ts
  'kind of next token': 10,
};

test('what circuits make is complete behind the layer that their comments name', () => {
  const { readyAt } = schedule(machine());
  const found = new Map(Array.from(readyAt, ([{ name }, stage]) => [name, Math.max(0, (stage - 1) >> 1)]));
  assert.deepEqual(
    Object.keys(LAYERS).map((name) => [name, found.get(name)]),
    Object.entries(LAYERS),
  );
});
