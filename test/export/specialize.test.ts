/**
 * Specialised models: without the program in the prompt, the same trace as the oracle's for the full model's prompt, and
 * a history that reads it the same way. (The kernel on such models: kernel/specialized.test.ts.)
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { promptFor, specializedPrompt } from '../../engine/isa/specialized-prompt.ts';
import { TOKEN, VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { PromptFacts } from '../../engine/trace/prompt-facts.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { provenSpecializedModel, specializedModel } from '../../engine/weights/specialize.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { TABLE } from '../programs/table.ts';

const compiler = new Compiler();
after(() => compiler.dispose());

const rowNamed = (name: string) => {
  const row = TABLE.find((candidate) => candidate.name === name);
  assert.ok(row, `the table has a program "${name}"`);
  return row;
};

/** Fails at the first token that differs. */
function assertGenerates(generator: Generator, prompt: Uint16Array, expected: Uint16Array): void {
  generator.append(prompt);
  const made = generator.generate(expected.length);
  const text = (tokens: ArrayLike<number>) => Array.from(tokens, (token) => VOCABULARY[token]).join(' ');
  const got = Array.from({ length: made }, (_, i) => generator.tokenAt(prompt.length + i));
  assert.equal(text(got), text(expected));
}

/** Between them: input, constants of eight bytes, tables, calls, globals, data, every load and store, traps with reasons. */
const PROGRAMS = [
  'three plus five',
  'echo of the input until its end',
  'br_table that goes round a loop',
  'several results from blocks, loops, ifs and functions',
  'recursion keeps locals apart and starts them at zero',
  'call_indirect of two types',
  'call_indirect of element 3, which has not the type',
  'memory.size and memory.grow with a maximum',
  'loads and stores of every width',
  'globals, one of them constant',
  'data segments: overlapping, with zeros over other data, and long runs of zeros',
  'division by zero',
  'examples/add.c',
  // More instructions than the prompt has tokens otherwise.
  'examples/collatz.c',
];
const TOKENS = 1500;

for (const name of PROGRAMS) {
  test(name, async () => {
    const { program, input } = await rowNamed(name).load(compiler);
    const proves = program.ops.length < 2000;
    const files = (proves ? provenSpecializedModel : specializedModel)(program, name);
    assert.deepEqual(files.config.limits?.machine, proves ? { ...LIMITS } : undefined);
    const model = Model.load(files);
    const prompt = promptFor(model.config, program, input);
    assert.ok(prompt.every((token) => token < TOKEN.opcode || token >= TOKEN.open));
    assert.ok(prompt.length >= program.ops.length);
    const oracle = new Interpreter(program, input);
    oracle.run(TOKENS);
    assertGenerates(new Transformer(model, 'hull'), prompt, oracle.trace.subarray(0, TOKENS));
  });
}

test('the program is not in the prompt, and everything else is', async () => {
  const { program, input } = await rowNamed('examples/collatz.c').load(compiler);
  const full = encodePrompt(program, input);
  const short = specializedPrompt(program, input);
  const left = PROGRAM_START + INSTRUCTION_TOKENS * program.ops.length - Math.max(PROGRAM_START, program.ops.length);
  assert.equal(full.length - short.length, left);
  const facts = [full, short].map((prompt) => new PromptFacts(prompt));
  const { cell } = program.globals[0];
  const { address } = program.data[0];
  assert.ok(facts[0].cell(cell) > 0 && facts[0].byte(address) > 0);
  assert.equal(facts[0].cell(cell) - facts[1].cell(cell), left);
  assert.equal(facts[0].byte(address) - facts[1].byte(address), left);
});

test('a model that is specialised for another program says so', async () => {
  const [add, trap] = await Promise.all(
    ['three plus five', 'unreachable'].map((name) => rowNamed(name).load(compiler)),
  );
  const { config } = specializedModel(add.program, 'add.wat');
  assert.throws(
    () => promptFor(config, trap.program, trap.input),
    (error) => error instanceof PlacedError && /specialised for add\.wat/.test(error.message),
  );
});
