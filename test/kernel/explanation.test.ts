/** What is told about a token is what the kernel does with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';

const model = Model.load(modelFiles());
const prompt = encodePrompt(
  programOf([['i32.const', 300], ['i32.const', 7], ['i32.mul'], ['write_byte'], ['halt']]),
  new Uint8Array(),
);
/** Heads are called by their place here, which is unique. */
const names = { slot: (slot: number) => `slot ${slot}`, head: (layer: number, head: number) => `${layer}.${head}` };

function promptRead(): Kernel {
  const kernel = Kernel.create(model);
  kernel.append(prompt);
  return kernel;
}

test('the functions are those that are generated for the token', () => {
  const kernel = promptRead();
  const { functions } = kernel.explain(kernel.length - 1, names);
  const before = { ...kernel.counts };
  kernel.generate(1);
  assert.ok(functions.length >= 2);
  assert.equal(kernel.counts.functions - before.functions, functions.length);
  const bytes = functions.reduce((sum, { module }) => sum + module.length, 0);
  assert.equal(kernel.counts.codeBytes - before.codeBytes, bytes);
});

test('explaining changes nothing, and look-ups find what heads attend to', () => {
  const [kernel, other] = [promptRead(), promptRead()];
  let searched = 0;
  for (let i = 0; i < 20; i++) {
    const t = kernel.length - 1;
    const { functions, id, generates } = kernel.explain(t, names);
    const { heads } = kernel.inspect(t);
    assert.equal(id, kernel.tokenAt(t));
    assert.ok(generates);
    for (const { name, found, kind } of functions.flatMap(({ lookups }) => lookups)) {
      for (const head of name.split(' / ')) {
        const inspected = heads.find((candidate) => `${candidate.layer}.${candidate.head}` === head);
        assert.equal(found?.position ?? -1, inspected?.target, `token ${t}, ${kind} head ${head}`);
        searched++;
      }
    }
    kernel.generate(1);
    other.generate(1);
  }
  assert.ok(searched > 20);
  assert.deepEqual(kernel.read(0, kernel.length), other.read(0, other.length));
});

test('the way through the tree: the opcode is what the program says, each function knows more than the one before', () => {
  const kernel = promptRead();
  const opcodes: (string | undefined)[] = [];
  for (let i = 0; i < 14; i++) {
    const { functions } = kernel.explain(kernel.length - 1, names);
    const last = functions[functions.length - 1];
    assert.equal(last.branch, undefined);
    assert.ok(last.next);
    for (const { branch } of functions.slice(0, -1)) {
      assert.ok(branch && branch.class.number < branch.class.classes);
      if (typeof branch.brought !== 'number') opcodes.push(model.vocab[branch.brought.id]);
    }
    kernel.generate(1);
  }
  assert.ok(opcodes.includes('i32.const') && opcodes.includes('i32.mul'), opcodes.join());
});

test('tokens within a prompt end a pass without a next token', () => {
  const kernel = promptRead();
  const { generates, functions } = kernel.explain(40, names);
  assert.equal(generates, false);
  assert.equal(functions[functions.length - 1].next, undefined);
  assert.throws(() => kernel.explain(prompt.length, names), /there is no token/);
});
