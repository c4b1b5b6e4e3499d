/** Every numeric instruction on edge operands, as the model generates it, against the oracle token by token. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';

const model = Model.load(modelFiles());

/** Runs a program in the kernel and in the plain pass; fails at the first token that the oracle does not expect. */
function assertTrace(program: TokenProgram): void {
  const prompt = encodePrompt(program, new Uint8Array());
  const expected = expectedTrace(program);
  const words = (tokens: Iterable<number>) => Array.from(tokens, (token) => VOCABULARY[token]).join(' ');
  for (const generator of [Kernel.create(model), new Transformer(model, 'hull')]) {
    generator.append(prompt);
    const count = generator.generate(expected.length);
    for (let i = 0; i < expected.length; i++) {
      const got = i < count ? generator.tokenAt(prompt.length + i) : -1;
      if (got === expected[i]) continue;
      const before = words(expected.subarray(Math.max(0, i - 30), i));
      const what = `${generator.constructor.name}, token ${i}`;
      assert.fail(`${what}: expected ${VOCABULARY[expected[i]]}, got ${VOCABULARY[got]}, after ${before}`);
    }
  }
}

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

const SEED = Number(process.env.SEED ?? 1);
let state = SEED;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state;
};
const randomOf = (wide: boolean): bigint => {
  const bits = wide ? (BigInt(random()) << 32n) | BigInt(random()) : BigInt(random());
  return bits >> BigInt(random() % (wide ? 64 : 32));
};

const constant = (value: bigint, wide: boolean): Line[] => {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return wide
    ? [
        ['i64.const', low],
        ['i64.high', high],
      ]
    : [['i32.const', low]];
};

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
