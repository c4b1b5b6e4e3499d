/** The notation that the documentation shows is the notation: its examples pass the checks that an editor makes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { traceProblems } from '../../extension/language-server/trace-language.ts';

const text = readFileSync(new URL('../../docs/trace.md', import.meta.url), 'utf8');

test('lines of the trace in docs/trace.md follow the notation', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const lines = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  const edits = text.split('\n').filter((line) => line.startsWith('edit('));
  assert.ok(lines.length >= 10 && edits.length >= 4);
  for (const line of lines) assert.deepEqual(traceProblems(line), [], line);
  // Behind an example stands what it means.
  for (const edit of edits) assert.deepEqual(traceProblems(edit.split(/ {3,}/)[0]), [], edit);
});
