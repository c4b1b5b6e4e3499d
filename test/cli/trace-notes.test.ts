/** A trace that is kept as text names its own lines: instruction, line of C, values, whoever opens the file alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { instructionText } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { loadSaved, unpackRecording } from '../../engine/recording/saved-recording.ts';
import { History } from '../../engine/trace/history.ts';
import { traceProblems } from '../../extension/language-server/trace-language.ts';
import { besideLine, callsIn, linesTold } from '../../extension/language-server/trace-structure.ts';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const PROGRAM = `#include <stdio.h>
static int twice(int n) { return 2 * n; }
static int (*chosen)(int) = twice;
static long long wide = 5000000000LL;
static double half = 0.5;
int main(void) {
  int a = 3;
  int b = 5;
  int sum = a + b;
  for (int i = 0; i < 3; i++) sum = chosen(sum);
  wide *= sum;
  half /= sum;
  int c = getchar();
  printf("%d %lld %g %c\\n", sum, wide, half, c);
  return 2;
}
`;
const folder = workspace({ 'notes.c': PROGRAM });
after(() => folder.remove());

test('the notes behind a trace name every line, by the text alone', async () => {
  const [trace, record] = [folder.path('t.stepformer-trace'), folder.path('r.stepformer')];
  const args = [folder.path('notes.c'), '--trace', trace, '--record', record, '--context', '4096'];
  assert.equal((await runCli(['run', ...args], 'x')).status, 2);
  const text = readFileSync(trace, 'utf8');
  assert.deepEqual(traceProblems(text), []);
  const told = linesTold(text);
  const saved = unpackRecording(readFileSync(record), record);
  const { program } = await loadSaved(saved);
  const history = new History(program, encodePrompt(program, saved.input));
  history.append(saved.branches[0].tokens);
  for (let line = 0; line < history.lines; line++) {
    const wanted = history.executes(line) ? instructionText(program, history.cursorOf(line)) : undefined;
    assert.equal(told[line].note?.instruction, wanted, `line ${line + 1}`);
  }
  const beside = told.map((line, i) => besideLine(line, told[i - 1], 40)).slice(0, history.lines);
  const at = beside.findIndex((line) => line.includes('notes.c:9  int sum = a + b;'));
  const found = beside.slice(at, at + 8).map((line) =>
    line
      .replace(/0x[0-9a-f]+/g, '0x…')
      .replace(/=\d+/, '=…')
      .replace(/ {2,}/g, '  '),
  );
  assert.deepEqual(found.slice(2, 7), [
    'i32.load offset=…  [0x…] → 3  9',
    found[3],
    'i32.load offset=…  [0x…] → 5  9',
    'i32.add  3, 5 → 8  9',
    'i32.store offset=…  [0x…] ← 8  9',
  ]);
  // Notes are no part of a call that is still open.
  assert.ok(callsIn(text).every(({ end }) => end < history.lines));
});

test('a trace without notes has values alone', () => {
  const told = linesTold('03 00 00 00 commit(+1,sts=1,bt=0)\n05 00 00 00 commit(+1,sts=1,bt=0)\n');
  assert.deepEqual(
    told.map((line, i) => besideLine(line, told[i - 1], 33)),
    ['3', '5', ''],
  );
});
