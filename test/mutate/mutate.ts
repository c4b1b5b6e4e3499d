/**
 * `npm run mutate [-- --sample N] [--seed S] [--part NAME]`: changes one weight of the model at a time (drop, negate,
 * add one) and sees whether the programs of the suite notice. Prints figures by class and every survivor.
 */
import { parseArgs } from 'node:util';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { describe, mutantsOf } from './mutants.ts';
import { mutate, sampleOf } from './run.ts';
import { SUITE } from './suite.ts';
import { CORNERS } from './suite-corners.ts';
import { TABLE_SUITE } from './suite-tables.ts';

const { values } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' }, part: { type: 'string' } },
});
const model = Model.load(modelFiles());
const all = mutantsOf(model).filter(({ place }) => !values.part || values.part.split(',').includes(place.part));
const seed = Number(values.seed);
const mutants = values.sample ? sampleOf(all, Number(values.sample), seed) : all;
console.log(`${mutants.length} mutants${values.sample ? ` of ${all.length} (seed ${seed})` : ''}`);
const outcome = mutate(model, mutants, [...SUITE, ...CORNERS, ...TABLE_SUITE], (text) => console.log(text));
const caught = [...outcome.caughtBy.values()].reduce((sum, count) => sum + count, 0);
let equivalents = 0;
for (const [name, count] of outcome.equivalent) {
  console.log(`equivalent, ${name}: ${count}`);
  equivalents += count;
}
for (const mutant of outcome.survivors) console.log(`survives: ${describe(model, mutant)}`);
const others = mutants.length - equivalents;
console.log(`${caught} of ${others} that are not equivalent are caught: ${((100 * caught) / others).toFixed(2)} %`);
process.exitCode = caught / others < 0.98 ? 1 : 0;
