/**
 * `npm run mutate`: changes one weight of the model at a time (drop, negate, add one) and sees whether the programs of the
 * suite notice. Prints figures by class and every survivor.
 *
 * `-- --part NAMES`: of some matrices; `--sample N --seed S`: some of them; `--keep FILE`: notes how far it has come after
 * each sequence, and goes on from there; `--write`: writes the survivors into docs/mutation-survivors.md.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { Deviations } from './deviation.ts';
import { LONG } from './long.ts';
import { describe, mutantsOf } from './mutants.ts';
import { survivorsPage } from './report.ts';
import { outcomeOf, type Progress, run, sampleOf } from './run.ts';
import { SUITE } from './suites/suite.ts';
import { BEHIND } from './suites/suite-behind.ts';
import { CORNERS } from './suites/suite-corners.ts';
import { FLOATS } from './suites/suite-floats.ts';
import { TABLE_SUITE } from './suites/suite-tables.ts';

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const files = modelFiles();
const model = Model.load(files);
const all = mutantsOf(model).filter(({ place }) => !values.part || values.part.split(',').includes(place.part));
const seed = Number(values.seed);
const mutants = values.sample ? sampleOf(all, Number(values.sample), seed) : all;
console.log(`${mutants.length} mutants${values.sample ? ` of ${all.length} (seed ${seed})` : ''}`);

/** What a file of progress must agree in: the model, and which mutants. */
const key = `${createHash('sha256').update(files.safetensors).digest('hex')} ${values.part} ${values.sample} ${seed}`;
const read = (file: string): Progress => {
  const kept: { key: string; progress: Progress } = JSON.parse(readFileSync(file, 'utf8'));
  if (kept.key !== key) throw new RangeError(`${file} is of another model or of other mutants`);
  return kept.progress;
};
const before = values.keep && existsSync(values.keep) ? read(values.keep) : undefined;
const progress = run(
  model,
  mutants,
  [...SUITE, ...CORNERS, ...BEHIND, ...FLOATS, ...TABLE_SUITE],
  before,
  (now, text) => {
    console.log(text);
    if (values.keep) writeFileSync(values.keep, JSON.stringify({ key, progress: now }));
  },
);
const deviations = new Deviations(model);
const outcome = outcomeOf(model, mutants, progress, LONG, deviations, (text) => console.log(text));
for (const [name, count] of outcome.equivalent) console.log(`equivalent, ${name}: ${count}`);
for (const [name, count] of outcome.shown) console.log(`shown all the same, ${name}: ${count}`);
for (const mutant of outcome.survivors) console.log(`survives: ${describe(model, mutant)}`);
let least = 1;
for (const [group, { all, equivalent, survivors }] of Object.entries(outcome.figures)) {
  const others = all - equivalent;
  const share = (others - survivors) / others;
  least = Math.min(least, share);
  console.log(
    `${group}: ${all} mutants, ${equivalent} equivalent; ${others - survivors} of the other ${others} caught (${(100 * share).toFixed(2)} %)`,
  );
}
if (values.write) {
  writeFileSync('docs/mutation-survivors.md', survivorsPage(model, deviations, outcome.survivors));
}
process.exitCode = least < 0.98 ? 1 : 0;
