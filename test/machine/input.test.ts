/**
 * Input that is given while the program runs: the model says that it wants some, reads it as if it had always been there,
 * and says what the oracle does.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputTokens } from '../../engine/isa/input-lines.ts';
import { EDIT_BYTES } from '../../engine/isa/limits.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { specializedPrompt } from '../../engine/isa/specialized-prompt.ts';
import { TOKEN, VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { specializedModel } from '../../engine/weights/specialize.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { expectedTrace, Interpreter } from '../oracle/interpreter.ts';

const model = Model.load(modelFiles());

/** Puts out each byte of the input, and its memory, which has bytes at the same keys as the input; ends with the last -1. */
const ECHO: readonly Line[] = [
  ['read_byte'],
  ['global.set', 1],
  ['global.get', 1],
  ['i32.const', -1],
  ['i32.eq'],
  ['br_if', 6],
  ['global.get', 1],
  ['write_byte'],
  ['i32.const', 0],
  ['i32.load8_u'],
  ['write_byte'],
  ['br', -12],
  ['read_byte'],
  ['halt'],
];
const program = programOf(ECHO, { pages: 1, globals: [0], data: [{ address: 0, bytes: Uint8Array.of(46) }] });

interface Piece {
  readonly text: string;
  readonly end?: boolean;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What is in the prompt, what is given each time that more is wanted. */
const CASES: Record<string, { first?: string; pieces: readonly Piece[] }> = {
  'a line at a time': { pieces: [{ text: 'ab\n' }, { text: 'c\n' }, { text: '', end: true }] },
  'behind some in the prompt': { first: 'xyz', pieces: [{ text: 'q' }, { text: 'r', end: true }] },
  'the end alone': { pieces: [{ text: '', end: true }] },
  'bytes of every kind': { pieces: [{ text: '\0ÿ\x80\x01\0' }, { text: '\0', end: true }] },
};

/** Tokens behind the prompt, with input given whenever it is wanted. */
function generated(generator: Generator, prompt: Uint16Array, first: string, pieces: readonly Piece[]): Uint16Array {
  generator.append(prompt);
  let given = bytesOf(first).length;
  for (const { text, end = false } of pieces) {
    generator.generate(10_000);
    assert.equal(VOCABULARY[generator.tokenAt(generator.length - 1)], 'need_input');
    generator.append(inputTokens(bytesOf(text), given, end));
    given += bytesOf(text).length;
  }
  generator.generate(10_000);
  return generator.read(prompt.length, generator.length);
}

for (const [name, { first = '', pieces }] of Object.entries(CASES)) {
  const oracle = new Interpreter(program, bytesOf(first));
  oracle.inputEnds = false;
  for (const { text, end = false } of pieces) {
    assert.equal(oracle.run(), 'input');
    oracle.give(bytesOf(text), end);
  }
  assert.equal(oracle.run(), 'halt');
  const engines: [string, () => Generator][] = [
    ['plain pass', () => new Transformer(model, 'hull')],
    ['kernel', () => Kernel.create(model)],
  ];
  for (const [engine, make] of engines) {
    test(`${engine}: ${name}`, () => {
      const prompt = encodePrompt(program, bytesOf(first), true);
      assert.deepEqual(generated(make(), prompt, first, pieces), oracle.trace);
    });
  }

  test(`a model for this program alone: ${name}`, () => {
    const own = Model.load(specializedModel(program, 'echo'));
    const prompt = specializedPrompt(program, bytesOf(first), true);
    assert.deepEqual(generated(Kernel.create(own), prompt, first, pieces), oracle.trace);
  });

  test(`without what a host said it is the trace with all input in the prompt: ${name}`, () => {
    const all = first + pieces.map(({ text }) => text).join('');
    const lines: number[][] = [[]];
    for (const token of oracle.trace) {
      lines[lines.length - 1].push(token);
      if (token >= TOKEN.run && token !== TOKEN.branchTaken && token !== TOKEN.input) lines.push([]);
    }
    const said = lines.filter(([token]) => ![TOKEN.input, TOKEN.inputEnd, TOKEN.needInput].includes(token as never));
    assert.deepEqual(Uint16Array.from(said.flat()), expectedTrace(program, bytesOf(all)));
  });
}

test('a long input takes several lines, numbered on', () => {
  const bytes = new Uint8Array(EDIT_BYTES + 3).fill(7);
  const tokens = inputTokens(bytes, 5, true);
  const openers = Array.from(tokens.keys()).filter((i) => tokens[i] === TOKEN.input);
  assert.deepEqual(openers, [0, EDIT_BYTES + 6]);
  const texts = (from: number, to: number) => Array.from(tokens.subarray(from, to), (token) => VOCABULARY[token]);
  assert.deepEqual(texts(EDIT_BYTES + 5, tokens.length), [
    'edit_commit',
    'input',
    ...['05', '00', '10', '00'],
    ...['07', '07', '07'],
    'edit_commit',
    'input_end',
  ]);
});
