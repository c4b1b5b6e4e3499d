/** What slots are called in a layer is what the compiler put there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine } from '../../engine/machine/machine.ts';
import { Model } from '../../engine/transformer/model.ts';
import { broughtBy, headForms, slotNames } from '../../engine/transformer/slot-names.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { schedule } from '../../engine/weights/schedule.ts';

const model = Model.load(modelFiles());
const plan = schedule(machine());

test('heads read and write the variables that they were made of, by name', () => {
  const names = slotNames(model);
  let compared = 0;
  plan.heads.forEach((heads, layer) => {
    heads.forEach(({ head, slots, components }, h) => {
      for (const linear of [...head.query, ...head.key, ...components.map((component) => head.values[component])]) {
        for (const variable of linear.keys()) {
          assert.equal(names[layer][plan.slotOf.get(variable) as number], variable.name, `layer ${layer}`);
          compared++;
        }
      }
      const brought = broughtBy(model, layer, h);
      slots.forEach((slot, i) => {
        const expected = names[layer][slot];
        assert.ok(expected === brought[i] || expected === `${head.role}: ${brought[i]}`, `${expected}, ${brought[i]}`);
      });
      assert.equal(brought.filter(Boolean).length, slots.length);
    });
  });
  assert.ok(compared > 200);
});

test('a query is the sum of its terms', () => {
  const x = Float64Array.from({ length: model.config.dModel }, (_, slot) => slot % 7);
  const { query, key } = headForms(model, 4, 0, x);
  for (const { sum, terms } of [...query, ...key]) {
    assert.equal(
      terms.reduce((total, { weight, value }) => total + weight * value, 0),
      sum,
    );
  }
  assert.ok(query[0].terms.some(({ slot }) => slot === 'stack top: position'));
  assert.deepEqual(
    query[1].terms.map(({ slot }) => slot),
    ['one'],
  );
});
