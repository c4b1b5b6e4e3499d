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

test('the same in contexts of a few thousand tokens', async () => {
  const subject = await subjectOf(100, true);
  for (let i = 0; i < 5; i++) runSequence(subject, 100 + i);
});
