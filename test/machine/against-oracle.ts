/** What instructions give in the kernel and in the plain pass, against the oracle token by token. */
import assert from 'node:assert/strict';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import type { Line } from '../oracle/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';

const model = Model.load(modelFiles());

/** Runs a program in the kernel and in the plain pass; fails at the first token that the oracle does not expect. */
export function assertTrace(program: TokenProgram): void {
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

export const SEED = Number(process.env.SEED ?? 1);
let state = SEED;
export const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state;
};
/** Random bits, mostly of small numbers. */
export const randomOf = (wide: boolean): bigint => {
  const bits = wide ? (BigInt(random()) << 32n) | BigInt(random()) : BigInt(random());
  return bits >> BigInt(random() % (wide ? 64 : 32));
};

/** Lines that push a constant. */
export const constant = (value: bigint, wide: boolean): Line[] => {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return wide
    ? [
        ['i64.const', low],
        ['i64.high', high],
      ]
    : [['i32.const', low]];
};
