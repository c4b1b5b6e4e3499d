/**
 * Sequences for floats: every instruction on them, and every part of one, on operands where rules change, where one weight
 * decides, and on random ones.
 */
import { OPCODES, type Opcode } from '../../../engine/isa/opcodes.ts';
import { corners } from '../../machine/float-corners.ts';
import { edges, type Operands, operands } from '../../machine/float-operands.ts';
import { type Item, i32, i64, type Script } from '../assemble.ts';

const PARTS = OPCODES.filter(({ name }) => /^(f32|f64|scale|significand)\./.test(name));

/** Random operands of each instruction. */
const RANDOM = 24;

function applied({ name }: Opcode, values: Operands): Item[] {
  const pushed = values.flatMap(([value, wide]) => (wide ? i64(value) : i32(Number(BigInt.asIntN(32, value)))));
  return [...pushed, [name], ['drop']];
}

/** Each edge with its neighbour in the list, and with one far from it. */
function onEdges(row: Opcode): Item[] {
  const bytes = row.operand ?? 4;
  const all = edges(bytes);
  const wide = bytes === 8;
  return all.flatMap((value, i) => {
    const others = [all[(i + 1) % all.length], all[(i * 7 + 5) % all.length], value];
    if (row.pops === 1) return applied(row, [[value, wide]]);
    return others.flatMap((other) =>
      applied(row, [
        [value, wide],
        [other, wide],
      ]),
    );
  });
}

/** A script for each circuit, so that a changed weight shows soon. */
export const FLOATS: readonly Script[] = [...new Set(PARTS.map(({ circuit }) => circuit))].map((circuit) => ({
  name: `floats: ${circuit}`,
  items: [
    ...PARTS.filter((row) => row.circuit === circuit).flatMap((row) => [
      ...(row.float ? onEdges(row) : []),
      ...corners(row).flatMap((values) => applied(row, values)),
      ...Array.from({ length: RANDOM }, () => applied(row, operands(row))).flat(),
    ]),
    ['halt'] as Item,
  ],
}));
