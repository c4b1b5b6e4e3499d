/** The drawings in docs/images show what the model does today, and each is shown on a page. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { filesBelow, textOf } from '../house/sources.ts';
import { drawings, IMAGES } from './drawings/drawings.ts';

test('drawings are those that `npx tsx test/docs/drawings/renew.ts` makes', async () => {
  const made = await drawings();
  const kept = readdirSync(IMAGES).filter((name) => name.endsWith('.svg'));
  assert.deepEqual(kept.sort(), [...made.keys()].sort());
  for (const [name, content] of made) {
    assert.equal(readFileSync(path.join(IMAGES, name), 'utf8'), content, `docs/images/${name} is out of date`);
  }
});

test('every picture is shown somewhere', () => {
  const pages = ['README.md', ...[...filesBelow('docs'), ...filesBelow('extension/walkthrough')]]
    .filter((file) => file.endsWith('.md'))
    .map(textOf);
  for (const picture of [...filesBelow('docs/images'), ...filesBelow('extension/walkthrough')]) {
    if (picture.endsWith('.md')) continue;
    const name = path.posix.basename(picture);
    assert.ok(
      pages.some((page) => page.includes(`${name})`)),
      `${picture} is shown on no page`,
    );
  }
});
