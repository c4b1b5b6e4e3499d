/** Heads that are shown as having had a part are those that brought what the next token was made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { influence } from '../../engine/transformer/influence.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';

const model = Model.load(modelFiles());

test('the first byte of 3 + 5 comes from the bytes of both operands, and from no other circuit', () => {
  const program = programOf(
    [['i32.const', 3], ['i32.const', 5], ['i32.add'], ['global.set', 1], ['global.get', 1], ['halt']],
    { globals: [0] },
  );
  const transformer = new Transformer(model, 'hull');
  transformer.append(encodePrompt(program, new Uint8Array()));
  const fetched = (): Map<string, string> => {
    const inspection = transformer.inspect(transformer.length - 1);
    const active = influence(model, inspection);
    const found = inspection.heads.filter((_, i) => active[i]);
    const text = (target: number) => (target < 0 ? 'all' : VOCABULARY[transformer.tokenAt(target)]);
    return new Map(found.map(({ layer, head, target }) => [model.config.names.heads[layer][head], text(target)]));
  };
  transformer.generate(10);
  const add = fetched();
  assert.equal(add.get('fetch opcode'), 'i32.add');
  assert.equal(add.get('byte of stack top'), '05');
  assert.equal(add.get('byte below stack top'), '03');
  for (const role of ['memory load', 'byte of immediate', 'quotient digit 0', 'carry of product', 'shift amount']) {
    assert.ok(!add.has(role), role);
  }
  // The high bytes are zeros, fetched all the same.
  transformer.generate(7);
  const get = fetched();
  assert.equal(get.get('byte of local or global'), '00');
});
