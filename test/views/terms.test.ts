/** Words that views explain: each is used, and the page that says more is there and speaks of it; every token has its words. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { tokenWords } from '../../extension/language-server/words.ts';
import { TERMS } from '../../extension/views/parts/terms.ts';

const VIEWS = 'extension/views';
const sources = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => readFileSync(path.join(VIEWS, name), 'utf8'))
  .join('\n');

/** What a page calls it, where that is another word than the term's. */
const WORDS: Readonly<Record<string, RegExp>> = {
  role: /built for|job|looks up|head/i,
  target: /greatest|wins|winner/i,
  brought: /brings|value/i,
  margin: /margin|apart|lead|round/i,
  runnerUp: /next|second|runner-up|others/i,
  tie: /equal|latest/i,
  average: /mean|average|sum/i,
  residual: /residual stream/i,
  logit: /logit|score/i,
  tangent: /furthest|right angles/i,
  pushDown: /2\^52|down/i,
  now: /now|back/i,
};

for (const [name, { text, page }] of Object.entries(TERMS)) {
  test(`${name} is explained, used, and there is more to read`, () => {
    assert.match(text, /^[A-Z].*\.$/);
    assert.match(sources, new RegExp(`['"]${name}['"]`));
    const document = readFileSync(`docs/${page}.md`, 'utf8');
    assert.match(document, WORDS[name] ?? new RegExp(name, 'i'));
  });
}

test('every token of the vocabulary says what it is', () => {
  const silent = VOCABULARY.filter((text) => !tokenWords(text));
  assert.deepEqual(silent, []);
  assert.match(tokenWords('T25') ?? '', /25/);
  assert.match(tokenWords('commit(-1,sts=1,bt=0)') ?? '', /stack depth changes by -1/);
});
