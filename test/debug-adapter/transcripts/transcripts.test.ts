/**
 * Whole conversations are as they were. What has changed on purpose is written anew by `npm run transcripts`, and read
 * before it is kept.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CONVERSATIONS } from './conversations.ts';

for (const [name, hold] of Object.entries(CONVERSATIONS)) {
  test(`the conversation ${name}.txt`, async () => {
    const kept = readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8');
    assert.equal(await hold(), kept, 'npm run transcripts writes it anew');
  });
}
