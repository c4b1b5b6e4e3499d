/** Random sequences of requests; `npm run fuzz:debug` runs more. */
import { test } from 'node:test';
import { runSequence, subjectOf } from './sequence.ts';

const PROGRAMS = 10;
const SEQUENCES = 50;

for (let program = 1; program <= PROGRAMS; program++) {
  test(`program ${program}: what is shown, and the stops of both directions`, async () => {
    const subject = await subjectOf(program);
    for (let i = 0; i < SEQUENCES; i++) runSequence(subject, 1000 * program + i);
  });
}
