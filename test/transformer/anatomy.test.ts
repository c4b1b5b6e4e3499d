/** A pass taken apart adds up to the pass: streams, logits, and the token that was said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { type Addition, anatomy } from '../../engine/transformer/anatomy.ts';
import { circuits } from '../../engine/transformer/circuits.ts';
import { Model } from '../../engine/transformer/model.ts';
import { erasures, slotName, tenants } from '../../engine/transformer/tenants.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';

const model = Model.load(modelFiles());

/** A sum, a load and a store, a division: many circuits at work. */
function started(): Transformer {
  const program = programOf(
    [
      ['i32.const', 3],
      ['i32.const', 5],
      ['i32.add'],
      ['global.set', 1],
      ['global.get', 1],
      ['i32.const', 3],
      ['i32.div_u'],
      ['global.set', 1],
      ['halt'],
    ],
    { globals: [0] },
  );
  const transformer = new Transformer(model, 'hull');
  transformer.append(encodePrompt(program, new Uint8Array()));
  return transformer;
}

/** Passes over every token that generates another. */
function* passes() {
  const transformer = started();
  for (;;) {
    const inspection = transformer.inspect(transformer.length - 1);
    const ended =
      transformer.generate(1) === 1 && model.config.eos.includes(transformer.tokenAt(transformer.length - 1));
    yield { inspection, said: transformer.tokenAt(transformer.length - 1) };
    if (ended) return;
  }
}

test('what is added adds up to the stream behind every layer, and to the logits; the best token is the one that is said', () => {
  let seen = 0;
  for (const { inspection, said } of passes()) {
    const taken = anatomy(model, inspection);
    assert.equal(taken.chosen, said);
    const stream = new Float64Array(model.config.dModel);
    const sum = { chosen: 0, rival: 0 };
    const add = ({ slots, chosen, rival }: Addition) => {
      for (const { slot, by } of slots) stream[slot] += by;
      sum.chosen += chosen;
      sum.rival += rival;
    };
    add(taken.embedding);
    for (const [l, { heads, circuits }] of taken.layers.entries()) {
      heads.forEach(add);
      assert.deepEqual(stream, inspection.residuals[2 * l + 1]);
      circuits.forEach(add);
      assert.deepEqual(stream, inspection.residuals[2 * l + 2]);
    }
    assert.deepEqual(sum, taken.logits);
    const terms = taken.terms.reduce((total, { value, chosenWeight }) => total + value * chosenWeight, 0);
    assert.equal(terms, inspection.logits[said]);
    assert.deepEqual(
      taken.best.map(({ logit }) => logit),
      [...inspection.logits].sort((a, b) => b - a).slice(0, taken.best.length),
    );
    seen++;
  }
  assert.ok(seen > 30);
});

test('changes of a layer are those of the stream, and the layer that decided is the first from which it says the token', () => {
  for (const { inspection } of passes()) {
    const { layers, decided, chosen } = anatomy(model, inspection);
    for (const [l, { changes }] of layers.entries()) {
      const [before, after] = [inspection.residuals[2 * l], inspection.residuals[2 * l + 2]];
      const differing = [...before.keys()].filter((slot) => before[slot] !== after[slot]);
      assert.deepEqual(
        changes.map(({ slot, before, after }) => ({ slot, before, after })),
        differing.map((slot) => ({ slot, before: before[slot], after: after[slot] })),
      );
    }
    assert.ok(layers.slice(Math.max(decided, 0)).every(({ says }) => says === chosen));
    if (decided > 0) assert.notEqual(layers[decided - 1].says, chosen);
  }
});

test('the first byte of 3 + 5: what tells 08 from 07 is the next byte, written where the bytes of the operands are', () => {
  const transformer = started();
  transformer.generate(10);
  const rival = VOCABULARY.indexOf('06');
  const { chosen, terms, logits, layers, decided } = anatomy(model, transformer.inspect(transformer.length - 1), rival);
  assert.equal(VOCABULARY[chosen], '08');
  // 2 · k · x - k², for the k that a token stands for.
  assert.deepEqual(logits, { chosen: 64, rival: 60 });
  const byName = new Map(terms.map((term) => [term.name, term]));
  assert.deepEqual(byName.get('next byte')?.value, 8);
  const bringing = layers.findIndex(({ heads }) => heads.some(({ role }) => role === 'byte below stack top'));
  assert.equal(decided, bringing);
  const change = layers[decided].changes.find(({ name }) => name === 'next byte');
  assert.deepEqual([change?.before, change?.after, change?.active], [0, 8, true]);
  const writers = layers[decided].circuits.filter(({ rival, chosen }) => rival !== chosen);
  assert.deepEqual(
    writers.map(({ names }) => names.includes('next byte')),
    [true],
  );
});

test('every slot has as many erasers as names that follow another, and every neuron that writes belongs to one circuit', () => {
  const erased = erasures(model);
  for (const [slot, name] of model.config.names.slots.entries()) {
    assert.equal(erased[slot].length + 1, name.split(', then ').length, name);
    assert.equal(
      tenants(model)
        [slot].map(({ name }) => name)
        .join(', then '),
      name,
    );
    assert.equal(slotName(model, slot, 0), name.split(', then ')[0]);
  }
  for (const [l, found] of circuits(model).entries()) {
    const neurons = found.flatMap(({ neurons }) => neurons).sort((a, b) => a - b);
    const { gate, down } = model.layers[l];
    const all = Array.from({ length: gate.rows }, (_, n) => n).filter((n) => !down.isZero(n));
    assert.deepEqual(neurons, all);
  }
});
