/**
 * Everything shown is what the model said: with a weight changed, what is said, and so what is shown, changes, or the
 * session reports that the run cannot go on. Nothing else in the debugger knows the right answer.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { transformerSources } from '../../debug-adapter/recording/transformer-source.ts';
import { readSafetensors, writeSafetensors } from '../../engine/transformer/safetensors.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { randomNumbers } from '../trace/random-program.ts';
import { Driver, file, launched } from './driver.ts';

const PROGRAM = file(
  'work.wat',
  `(module
  (import "stepformer" "write_byte" (func $put (param i32)))
  (memory 1)
  (data (i32.const 64) "\\07\\01\\02")
  (global $sum (mut i32) (i32.const 100))
  (func $square (param $n i32) (result i32)
    local.get $n
    local.get $n
    i32.mul)
  (func (export "main") (result i32)
    (local $i i32)
    loop $again
      local.get $i
      call $square
      i32.const 64
      i32.load8_u
      i32.add
      global.get $sum
      i32.xor
      global.set $sum
      i32.const 128
      global.get $sum
      i32.store
      i32.const 65
      local.get $i
      i32.add
      call $put
      local.get $i
      i32.const 1
      i32.add
      local.tee $i
      i32.const 4
      i32.lt_s
      br_if $again
    end
    i32.const 128
    i32.load
    i32.const 3
    i32.div_s))
`,
);

/** Weights changed, one at a time. */
const SAMPLES = 30;

const folder = mkdtempSync(join(tmpdir(), 'stepformer-model-'));
after(() => rmSync(folder, { recursive: true }));

/** What a person sees who steps a little, runs to the end and steps back. */
async function seen(): Promise<{ shown: string; failed: boolean; tokens: number[] }> {
  const program = await launched(PROGRAM);
  const settings = { maxTokens: 2000, engine: 'reference' };
  const debug = new Driver(
    PROGRAM,
    program,
    settings,
    await transformerSources(folder).source({
      program: program.loaded.program,
      input: program.input,
      attention: 'hull',
      engine: 'reference',
    }),
  );
  const states: unknown[] = [debug.move('configurationDone').reason, debug.state()];
  for (let i = 0; i < 8; i++) states.push(debug.move('stepIn').reason, debug.state());
  const end = debug.move('continue');
  states.push(end.reason, end.text, debug.output(), debug.state());
  for (let i = 0; i < 8; i++) states.push(debug.move('stepBack').reason, debug.state());
  const { recording } = debug.session;
  const first = recording.history.promptLength;
  const tokens = Array.from({ length: recording.tokens - first }, (_, i) => recording.tokenAt(first + i));
  // Attention is not compared: it shows the weights themselves.
  const shown = JSON.stringify(states, (_, value) => (Array.isArray(value) && value[0] === 'Attention' ? null : value));
  return { shown, failed: recording.failure !== undefined, tokens };
}

test('with a weight changed, what is shown changes whenever what the model says does', async (t) => {
  const { safetensors, vocab, config } = modelFiles();
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify(vocab));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const tensors = [...readSafetensors(safetensors).values()];
  const write = () => writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors));
  write();
  const right = await seen();
  const { loaded, input } = await launched(PROGRAM);
  const oracle = new Interpreter(loaded.program, input);
  oracle.run();
  assert.deepEqual(right.tokens, [...oracle.trace], 'unchanged, the model is right');
  // Most weights of the embeddings are of table tokens that no small program looks at.
  const weights = tensors.flatMap(({ name, data }, tensor) =>
    [...(name.startsWith('layers.') ? data : []).entries()].flatMap(([index, weight]) =>
      weight === 0 ? [] : [{ tensor, index, weight }],
    ),
  );
  const random = randomNumbers(2026);
  const rates = { same: 0, shown: 0, failed: 0 };
  for (let i = 0; i < SAMPLES; i++) {
    const { tensor, index, weight } = weights[random(weights.length)];
    const where = `${tensors[tensor].name}[${index}] = ${weight}`;
    tensors[tensor].data[index] = random(2) ? -weight : weight + 1;
    write();
    const changed = await seen();
    tensors[tensor].data[index] = weight;
    const isSame = JSON.stringify(changed.tokens) === JSON.stringify(right.tokens);
    if (isSame) assert.equal(changed.shown, right.shown, where);
    else assert.ok(changed.failed || changed.shown !== right.shown, `${where}: what is shown is not what was said`);
    rates[changed.failed ? 'failed' : isSame ? 'same' : 'shown']++;
  }
  t.diagnostic(`of ${SAMPLES} weights: ${JSON.stringify(rates)}`);
  assert.ok(rates.failed + rates.shown > 0, JSON.stringify(rates));
});
