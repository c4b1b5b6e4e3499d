/** Every instruction on floats, and every part of one, on edge operands and random ones, against the oracle token by token. */
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { assertTrace, constant, random, SEED } from './against-oracle.ts';
import { edges, type Operands, operands } from './float-operands.ts';

const PARTS = OPCODES.filter(({ name }) => /^(f32|f64|scale|significand)\./.test(name));

for (const row of PARTS) {
  test(`${row.name} (seed ${SEED})`, () => {
    const lines: Line[] = [];
    const add = (values: Operands) =>
      lines.push(...values.flatMap(([value, wide]) => constant(value, wide)), [row.name], ['drop']);
    const bytes = row.operand ?? 4;
    for (const a of row.float ? edges(bytes) : []) {
      if (row.pops === 1) add([[a, bytes === 8]]);
      // Every edge meets every other in one of the rows of a circuit at least.
      else
        for (const b of edges(bytes))
          if (random() % 3 === 0)
            add([
              [a, bytes === 8],
              [b, bytes === 8],
            ]);
    }
    for (let i = 0; i < 150; i++) add(operands(row));
    assertTrace(programOf([...lines, ['halt']]));
  });
}
