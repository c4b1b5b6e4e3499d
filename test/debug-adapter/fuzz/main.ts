/**
 * `npm run fuzz:debug -- [--seed S] [--sequences N]`: random sequences of a debugger client's requests on random programs,
 * 10,000 unless said otherwise. Prints where the seeds begin, how far it is, and each that fails; exit status 1 then.
 * A program is of the seed of its first sequence: with that as S, its sequences come again.
 */
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import { runSequence, subjectOf } from './sequence.ts';

/** Sequences on the same program. */
const EACH = 100;

const { values } = parseArgs({ options: { seed: { type: 'string' }, sequences: { type: 'string' } } });
const first = Number(values.seed ?? Math.floor(Date.now() / 1000));
const most = Number(values.sequences ?? 10_000);

// The driver puts its files away behind the last test.
test(`${most} sequences, seeds from ${first} on`, async () => {
  let failures = 0;
  let subject = await subjectOf(first);
  for (let i = 0; i < most; i++) {
    const seed = first + i;
    if (i > 0 && i % EACH === 0) subject = await subjectOf(seed);
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
