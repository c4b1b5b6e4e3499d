/** Writes the conversations anew, as they are today. */
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { CONVERSATIONS } from './conversations.ts';

for (const [name, hold] of Object.entries(CONVERSATIONS)) {
  test(name, async () => writeFileSync(new URL(`${name}.txt`, import.meta.url), await hold()));
}
after(() => console.log('read what has changed before you keep it: git diff test/debug-adapter/transcripts'));
