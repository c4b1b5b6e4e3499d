/** Every numeric instruction on edge operands, as the model generates it, against the oracle token by token. */
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { assertTrace, constant, randomOf, SEED } from './against-oracle.ts';

const EDGES = [0, 1, -1, 255, 256, 0x7fffffff, -0x80000000, 0x12345678, -0x6789abce, 65537, 33, 7].map(BigInt);
const WIDE_EDGES = [
  0n,
  1n,
  -1n,
  1n << 31n,
  1n << 32n,
  -(1n << 32n),
  1n << 63n,
  (1n << 63n) - 1n,
  0x123456789abcdef0n,
  -0x7edcba9876543211n,
  63n,
  0xffff_fffen,
];

const NUMERIC = OPCODES.filter(({ name, code }) => code !== undefined && code >= 0x45 && /^i(32|64)\./.test(name));

for (const { name, pops, operand } of NUMERIC) {
  test(`${name} (seed ${SEED})`, () => {
    const wide = operand === 8;
    const edges = wide ? WIDE_EDGES : EDGES;
    const isDivision = /div|rem/.test(name);
    const lines: Line[] = [];
    const add = (...operands: bigint[]) => {
      const b = BigInt.asIntN(32, operands.at(-1)!);
      const overflows = b === -1n && BigInt.asIntN(32, operands[0]) === -(1n << 31n);
      if (isDivision && (b === 0n || overflows)) return;
      lines.push(...operands.flatMap((value) => constant(value, wide)), [name], ['drop']);
    };
    for (const a of edges) {
      if (pops === 1) add(a);
      else for (const b of edges) add(a, b);
    }
    for (let i = 0; i < 40; i++) add(...Array.from({ length: pops }, () => randomOf(wide)));
    assertTrace(programOf([...lines, ['halt']]));
  });
}
