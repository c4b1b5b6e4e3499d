/**
 * The exported ONNX model in onnxruntime: one forward pass over prompt and trace must predict, at every position of the
 * trace, the token that the oracle says comes there, and the attention's two forms must agree with the plain pass.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ort from 'onnxruntime-web';
import { type OnnxAttention, onnxModel } from '../../engine/export/onnx.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

// One thread: the workers of more would keep the process alive.
ort.env.wasm.numThreads = 1;

const files = modelFiles();

/** Fills memory in a loop, reads a word back, and passes it to a function. */
const LOOP_MEMORY_CALL = `(module (memory 1)
  (func $twice (param i32) (result i32) local.get 0 i32.const 2 i32.mul)
  (func (export "main") (result i32) (local $i i32)
    (loop $l
      local.get $i local.get $i i32.store offset=300
      local.get $i i32.const 4 i32.add local.tee $i i32.const 12 i32.lt_u br_if $l)
    i32.const 8 i32.load offset=300 call $twice))`;

/** Recursion with locals, 64-bit arithmetic, division and memory at the far end of a page. */
const WIDER = `(module (memory 2)
  (func $sum (param i32) (result i64) (local i64)
    local.get 0 i32.eqz if (result i64) i64.const 0x123456789a else
      local.get 0 i64.extend_i32_u i64.const -77777777777 i64.mul local.set 1
      local.get 0 i32.const 1 i32.sub call $sum local.get 1 i64.xor end)
  (func (export "main") (result i32)
    i32.const 131000 i32.const 5 call $sum i64.store
    i32.const 131000 i64.load i64.const 13 i64.shr_s i32.wrap_i64 i32.const -7 i32.div_s
    i32.const 131004 i32.load8_s i32.add))`;

/** What comes next at each position of `tokens`, as onnxruntime computes it. */
async function predictions(session: ort.InferenceSession, tokens: readonly number[]): Promise<number[]> {
  const input = new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [tokens.length]);
  const { next_tokens } = await session.run({ tokens: input }, ['next_tokens']);
  return Array.from(next_tokens.data as BigInt64Array, Number);
}

async function assertSame(session: ort.InferenceSession, program: TokenProgram): Promise<void> {
  const prompt = encodePrompt(program, new Uint8Array());
  const trace = expectedTrace(program);
  const plain = new Transformer(Model.load(files), 'hull');
  plain.append(prompt);
  plain.generate(trace.length);
  const generated = Array.from(trace, (_, i) => plain.tokenAt(prompt.length + i));
  const tokens = [...prompt, ...trace];
  const next = (await predictions(session, tokens.slice(0, -1))).slice(prompt.length - 1);
  const text = (ids: Iterable<number>) => Array.from(ids, (id) => VOCABULARY[id]);
  assert.deepEqual(text(next), text(trace), 'the trace of the oracle');
  assert.deepEqual(text(next), text(generated), 'what the plain pass generates');
}

const CASES: readonly { attention: OnnxAttention; name: string; wat: string }[] = [
  {
    attention: 'softmax',
    name: '3 + 5',
    wat: '(module (func (export "main") (result i32) i32.const 3 i32.const 5 i32.add))',
  },
  { attention: 'softmax', name: 'a loop, memory and a call', wat: LOOP_MEMORY_CALL },
  { attention: 'hard', name: 'recursion, 64 bits, division, far memory', wat: WIDER },
];

for (const attention of ['softmax', 'hard'] as const) {
  test(`${attention} attention in onnxruntime`, async (t) => {
    const session = await ort.InferenceSession.create(onnxModel(files, attention));
    try {
      for (const { name, wat } of CASES.filter((c) => c.attention === attention)) {
        await t.test(name, async () => assertSame(session, await programOf(await wasmOf(wat))));
      }
    } finally {
      await session.release();
    }
  });
}
