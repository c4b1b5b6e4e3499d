/** The kernel as a generator: slices, edits, looking back in between, limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { assertSamePass, assertSameTokens } from './agree.ts';

const model = Model.load(modelFiles());

/** Counts down from n in a local of a called function, and writes a byte each time. */
const countdown = (n: number): Line[] => [
  ['call', 1],
  ['halt'],
  ['i32.const', n],
  ['local.set', 0],
  ['local.get', 0],
  ['write_byte'],
  ['local.get', 0],
  ['i32.const', 1],
  ['i32.sub'],
  ['local.tee', 0],
  ['br_if', -7],
  ['return'],
];

test('a long run is the trace, at few bytes a token', () => {
  const program = programOf(countdown(20_000));
  const expected = expectedTrace(program);
  const kernel = Kernel.create(model);
  const prompt = encodePrompt(program, new Uint8Array());
  kernel.append(prompt);
  assert.equal(kernel.generate(expected.length + 10), expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (kernel.tokenAt(prompt.length + i) !== expected[i]) assert.fail(`token ${i} differs`);
  }
  assert.equal(kernel.counts.left, 0, 'no token of an ordinary program needs the slow path');
  assert.ok(kernel.bytes / kernel.length <= 64, `${kernel.bytes / kernel.length} bytes per token`);
});

test('a function holds what its instruction needs, not the circuits of others', () => {
  const kernel = Kernel.create(model);
  kernel.append(encodePrompt(programOf(countdown(100)), new Uint8Array()));
  kernel.generate(5000);
  const { functions, codeBytes, generalHeads } = kernel.counts;
  assert.equal(generalHeads, 0, 'every head is of a class that is found at once');
  // A gate that is no longer known to be closed drags whole circuits, and their look-ups, into every function.
  assert.ok(codeBytes / functions < 600, `${codeBytes / functions} bytes per function`);
});

test('slices, and looks at the past between them, change nothing', () => {
  const prompt = encodePrompt(programOf(countdown(30)), new Uint8Array());
  const [whole, sliced] = [Kernel.create(model), Kernel.create(model)];
  whole.append(prompt);
  sliced.append(prompt.subarray(0, 2000));
  sliced.append(prompt.subarray(2000));
  whole.generate(600);
  for (let made = 0, i = 1; made < 600; i = (i * 7) % 31) {
    made += sliced.generate(Math.min(i, 600 - made));
    sliced.inspect(sliced.length - 1);
    sliced.inspect((i * 97) % sliced.length);
  }
  assertSameTokens(sliced, whole, 'slices');
});

test('any token of the past is seen as it was', () => {
  const prompt = encodePrompt(programOf(countdown(12)), new Uint8Array());
  const [kernel, plain] = [Kernel.create(model), new Transformer(model, 'hull')];
  for (const pass of [kernel, plain]) {
    pass.append(prompt);
    pass.generate(420);
  }
  assertSameTokens(kernel, plain, 'countdown');
  for (let t = prompt.length - 40; t < plain.length; t += 9) assertSamePass(kernel, plain, t, 'countdown');
  for (let t = 0; t < prompt.length; t += 311) assertSamePass(kernel, plain, t, 'countdown');
});

test('what cannot be done is refused', () => {
  const kernel = Kernel.create(model);
  assert.throws(() => kernel.generate(1), /no token to go on from/);
  assert.throws(() => kernel.append([model.config.vocabulary]), /vocabulary has no token/);
  assert.throws(() => kernel.inspect(0), RangeError);
  assert.throws(() => kernel.tokenAt(-1), RangeError);
  kernel.append([]);
  assert.equal(kernel.length, 0);
});
