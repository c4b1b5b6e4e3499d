/** Breakpoints on lines of the trace have conditions, hit counts and messages as those on lines of the source have. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { drive, file } from '../driver.ts';

const path = file(
  'trace-lines.c',
  `int main(void) {
  int s = 0;
  for (int i = 0; i < 5; i++) {
    s += i;
  }
  return s;
}
`,
);
const source = { path: 'stepformer-trace:/trace-0.stepformer-trace' };

/** The trace lines at which the loop's body begins. */
async function bodies(): Promise<number[]> {
  const debug = await drive(path);
  debug.breakpoints(4);
  debug.move('configurationDone');
  const lines = [debug.ask('stepformer/position').traceLine];
  while (debug.move('continue').reason === 'breakpoint') lines.push(debug.ask('stepformer/position').traceLine);
  return lines;
}

test('a condition decides whether a trace line stops, in both directions, and a message is written once', async () => {
  const lines = await bodies();
  const debug = await drive(path, { stopOnEntry: true });
  debug.move('configurationDone');
  const at = () => debug.ask('stepformer/position').traceLine;
  const set = (...breakpoints: object[]): DebugProtocol.Breakpoint[] =>
    debug.ask('setBreakpoints', { source, breakpoints }).breakpoints;
  const told = set(
    { line: lines[0] + 1, condition: 'i == 9' },
    { line: lines[1] + 1, logMessage: 'i is {i}' },
    { line: lines[2] + 1, condition: 'i == 2 && s == 1' },
    { line: lines[3] + 1, hitCondition: '2' },
    { line: lines[4] + 1, condition: '1 / (i - 4)' },
  );
  assert.ok(told.every(({ verified }) => verified));
  assert.deepEqual([debug.move('continue').reason, at()], ['breakpoint', lines[2]]);
  const messages = () => debug.events.filter(({ event, body }) => event === 'output' && body.category === 'console');
  assert.deepEqual(
    messages().map(({ body }) => body.output),
    ['i is 1\n'],
  );
  assert.deepEqual([debug.move('continue').reason, at()], ['breakpoint', lines[4]]);
  assert.match(messages().at(-1)?.body.output, /division by zero/);
  assert.deepEqual([debug.move('reverseContinue').reason, at()], ['breakpoint', lines[2]]);
  assert.equal(debug.move('reverseContinue').reason, 'entry');
  assert.equal(messages().filter(({ body }) => /i is/.test(body.output)).length, 1);
  const [wrong] = set({ line: lines[1] + 1, condition: 'nobody' });
  assert.deepEqual([wrong.verified, wrong.message], [false, "'nobody' is not in scope here"]);
});
