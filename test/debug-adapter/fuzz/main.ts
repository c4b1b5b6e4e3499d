/**
 * `npm run fuzz:debug -- [--seed S] [--sequences N] [--contexts]`: random sequences of a debugger client's requests on random programs,
 * 10,000 unless said otherwise. Prints where the seeds begin, how far it is, and each that fails; exit status 1 then.
 * A program is of the seed of its first sequence: with that as S, its sequences come again. `--contexts`: on the model, in
 * contexts of a few thousand tokens; it takes a second a sequence.
 */
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import { runSequence, subjectOf } from './sequence.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, sequences: { type: 'string' }, contexts: { type: 'boolean', default: false } },
});
const { contexts } = values;
/** Sequences on the same program. */
const EACH = contexts ? 10 : 100;
const first = Number(values.seed ?? Math.floor(Date.now() / 1000));
const most = Number(values.sequences ?? (contexts ? 100 : 10_000));

// The driver puts its files away behind the last test.
test(`${most} sequences, seeds from ${first} on`, async () => {
  let failures = 0;
  let subject = await subjectOf(first, contexts);
  for (let i = 0; i < most; i++) {
    const seed = first + i;
    if (i > 0 && i % EACH === 0) subject = await subjectOf(seed, contexts);
    try {
      runSequence(subject, seed);
    } catch (error) {
      failures++;
      console.log(error);
    }
    if ((i + 1) % 1000 === 0) console.log(`${i + 1} sequences, ${failures} failed`);
  }
  if (failures > 0) throw new Error(`${failures} of ${most} sequences failed`);
});
