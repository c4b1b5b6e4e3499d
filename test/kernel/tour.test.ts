/** The tour through the kernel shows what the command prints. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tour } from './tour.ts';

test('what docs/kernel.md shows is what is printed', async () => {
  const { written, printed, blocks } = await tour();
  assert.ok(blocks >= 6, `the page has ${blocks} printed blocks`);
  assert.equal(
    written,
    printed,
    'docs/kernel.md is not up to date: write its blocks anew with npx tsx test/kernel/tour.ts',
  );
});
