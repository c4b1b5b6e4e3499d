/** A sample of the mutation run: what a changed weight does is seen by the small programs of the suite. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { sequenceOf } from './assemble.ts';
import { ChangedColumns } from './changed-columns.ts';
import { Deviations } from './deviation.ts';
import { changed, describe, mutantsOf, withMutant } from './mutants.ts';
import { outcomeOf, run, sampleOf } from './run.ts';
import { SUITE } from './suites/suite.ts';
import { BEHIND } from './suites/suite-behind.ts';
import { CORNERS } from './suites/suite-corners.ts';
import { FLOATS } from './suites/suite-floats.ts';
import { TABLE_SUITE } from './suites/suite-tables.ts';

const SEED = Number(process.env.SEED ?? 1);
const model = Model.load(modelFiles());
const innerMutants = mutantsOf(model).filter(({ place }) => place.part !== 'embed' && place.part !== 'unembed');
const deviations = new Deviations(model);

test('the sequences are what the oracle expects', () => {
  for (const script of [...SUITE, ...CORNERS, ...BEHIND, ...FLOATS, ...TABLE_SUITE]) {
    const sequence = sequenceOf(model, script);
    if (sequence.ends > 0) continue;
    const trace = expectedTrace(sequence.program, sequence.input);
    assert.deepEqual(sequence.tokens.subarray(sequence.tokens.length - trace.length), trace, script.name);
  }
});

/** The first token that the plain forward pass generates otherwise, or -1. */
function firstDifference(expected: Int16Array, tokens: Uint16Array): number {
  const pass = new Transformer(model, 'hull');
  const start = expected.findIndex((token) => token >= 0);
  pass.append(tokens.subarray(0, start + 1));
  for (let i = start; i < tokens.length - 1; i++) {
    if (expected[i] >= 0) {
      pass.generate(1);
      if (pass.tokenAt(i + 1) !== expected[i]) return i;
    } else pass.append([tokens[i + 1]]);
  }
  return -1;
}

test('a mutant is caught by columns if the plain forward pass generates something else', () => {
  const script = SUITE[0];
  const sequence = sequenceOf(model, script);
  const columns = new ChangedColumns(model, sequence);
  for (const mutant of sampleOf(innerMutants, 12, SEED)) {
    const caught = withMutant(mutant, () => columns.differs(mutant.place));
    const first = withMutant(mutant, () => firstDifference(sequence.expected, sequence.tokens));
    assert.equal(caught, first >= 0, `${describe(model, mutant)} (seed ${SEED})`);
  }
});

test('changed weights are put back', () => {
  const [mutant] = sampleOf(mutantsOf(model), 1, SEED);
  const before = mutant.matrix.weights[mutant.index];
  assert.throws(() =>
    withMutant(mutant, () => {
      assert.equal(mutant.matrix.weights[mutant.index], changed(before, mutant.change));
      throw new RangeError('stop');
    }),
  );
  assert.equal(mutant.matrix.weights[mutant.index], before);
});

test('a sample of the mutants of heads and neurons', (t) => {
  const sample = sampleOf(innerMutants, 300, SEED);
  const progress = run(model, sample, [...SUITE, ...CORNERS, ...BEHIND, ...FLOATS]);
  const { survivors, figures } = outcomeOf(model, sample, progress, [], deviations);
  const [{ all, equivalent }] = Object.values(figures);
  const share = 1 - survivors.length / (all - equivalent);
  t.diagnostic(`seed ${SEED}: ${(100 * share).toFixed(1)} % of ${all - equivalent} caught, ${equivalent} equivalent`);
  for (const mutant of survivors) t.diagnostic(`survives: ${describe(model, mutant)}`);
  assert.ok(share > 0.96);
});

test('no mutant is proved to be equivalent that a sequence shows', () => {
  const columns = SUITE.slice(0, 3).map((script) => new ChangedColumns(model, sequenceOf(model, script)));
  for (const mutant of sampleOf(innerMutants, 30, SEED + 1)) {
    if (!columns.some((each) => withMutant(mutant, () => each.differs(mutant.place)))) continue;
    assert.notEqual(deviations.whyNot(mutant), undefined, `${describe(model, mutant)} (seed ${SEED + 1})`);
  }
});
