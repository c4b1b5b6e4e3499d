/** Style sheets of the views, as far as a mistake in them is seen in some themes only. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const VIEWS = 'extension/views';

test('who gives code a colour gives it a ground: a theme has both, and they belong together', () => {
  const sheets = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'));
  assert.ok(sheets.length > 5);
  for (const name of sheets) {
    const text = readFileSync(path.join(VIEWS, name), 'utf8');
    for (const [, selector, body] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (!/(?:^|[\s>,])code(?![-\w])/.test(selector) || !/^\s*color:/m.test(body)) continue;
      assert.match(body, /^\s*background(?:-color)?:/m, `${name}: ${selector.trim()}`);
    }
  }
});
