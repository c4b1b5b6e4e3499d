/**
 * Models that are specialised for a program, whose instructions are rows of neurons: the kernel finds the tables in
 * them, branches on what they bring, and agrees with the plain pass about every token and head.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { promptFor } from '../../engine/isa/specialized-prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { specializedModel } from '../../engine/weights/specialize.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { TABLE } from '../programs/table.ts';
import { assertSamePass, assertSameTokens } from './agree.ts';

const compiler = new Compiler();
after(() => compiler.dispose());

async function specialized(name: string) {
  const row = TABLE.find((candidate) => candidate.name === name);
  assert.ok(row, `the table has a program "${name}"`);
  const { program, input } = await row.load(compiler);
  const model = Model.load(specializedModel(program, name));
  return { model, prompt: promptFor(model.config, program, input), program, input };
}

/** Between them: four instructions and thousands, constants of eight bytes, input, tables, calls, data, traps. */
const PROGRAMS = [
  'three plus five',
  'echo of the input until its end',
  'br_table that goes round a loop',
  'recursion keeps locals apart and starts them at zero',
  'call_indirect of element 3, which has not the type',
  'loads and stores of every width',
  'globals, one of them constant',
  'division by zero',
  'examples/add.c',
  'examples/collatz.c',
];
const TOKENS = 800;

for (const name of PROGRAMS) {
  test(name, async () => {
    const { model, prompt } = await specialized(name);
    const [kernel, plain] = [Kernel.create(model), new Transformer(model, 'hull')];
    for (const pass of [kernel, plain]) {
      pass.append(prompt);
      pass.generate(TOKENS);
    }
    assertSameTokens(kernel, plain, name);
    for (let t = prompt.length - 1; t < plain.length; t += 23) assertSamePass(kernel, plain, t, name);
    // A division by zero asks its table for nothing in particular.
    assert.ok(kernel.counts.left <= 1, `${kernel.counts.left} tokens need the slow path`);
    assert.equal(kernel.counts.generalHeads, 0);
  });
}

test('a function holds what its instruction needs, and the tables are not in it', async () => {
  const { model, prompt, program, input } = await specialized('examples/collatz.c');
  const expected = expectedTrace(program, input);
  const kernel = Kernel.create(model);
  kernel.append(prompt);
  assert.equal(kernel.generate(expected.length), expected.length);
  assert.deepEqual(kernel.read(prompt.length, kernel.length), expected);
  const { functions, codeBytes } = kernel.counts;
  assert.ok(codeBytes / functions < 1000, `${codeBytes / functions} bytes per function`);
});
