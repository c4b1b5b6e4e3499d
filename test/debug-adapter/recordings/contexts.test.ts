/** Recordings over several contexts: saved, opened, altered. Which contexts there are, the file does not say. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { TOKEN } from '../../../engine/isa/vocabulary.ts';
import { packRecording, type SavedRecording, unpackRecording } from '../../../engine/recording/saved-recording.ts';
import { KIND, KINDS } from '../../../engine/trace/notation.ts';
import { type Driver, file } from '../driver.ts';
import { open, small } from '../recording/in-contexts.ts';

function save(debug: Driver): { path: string; saved: SavedRecording } {
  const path = file('contexts.stepformer', '');
  debug.ask('stepformer/saveRecording', { path });
  return { path, saved: unpackRecording(readFileSync(path), path) };
}

/** In the third context of a run that has four, on a branch that began in the second. */
async function edited(): Promise<Driver> {
  const debug = await open(small(1500));
  debug.breakpoints(14);
  debug.move('continue');
  debug.move('continue');
  const { recording } = debug.session;
  assert.ok(recording.contextOf(recording.now) >= 1);
  debug.move('stepBack');
  debug.ask('setExpression', { expression: 'total', value: '1234' });
  debug.move('continue');
  return debug;
}

const contextNow = ({ session: { recording } }: Driver) => recording.contextOf(recording.now);

test('a branch over contexts opens where it stood, in contexts of any size, and goes on both ways', async () => {
  const debug = await edited();
  const { path } = save(debug);
  for (const room of [700, 1500, 1e6]) {
    const opened = await open(small(room), { recording: path });
    const withoutHeads = (driver: Driver) => JSON.stringify(driver.state()).replace(/\["Attention.*?\]\]/g, '');
    assert.equal(withoutHeads(opened), withoutHeads(debug));
    assert.equal(opened.ask('stepformer/branches').branches.length, 2);
    const token = opened.ask('stepformer/position').now;
    const targets = (driver: Driver) => {
      const { heads }: TokenAttention = driver.ask('stepformer/attention', { token });
      return heads.filter(({ active, role }) => active && role !== 'input read').map(({ target }) => target?.token);
    };
    assert.deepEqual(targets(opened), targets(debug), `heads with a room of ${room}`);
    opened.breakpoints(14);
    for (const command of ['reverseContinue', 'reverseContinue', 'continue'] as const) {
      assert.equal(opened.go(command), debug.go(command), `${command} with a room of ${room}`);
    }
    debug.move('continue');
    opened.breakpoints();
    assert.equal(opened.move('continue').reason, 'end');
    assert.ok(room === 1e6 || contextNow(opened) > 1);
  }
});

test('a token of a later context that the model would not say is found when that context is looked at', async () => {
  const debug = await open(small(1500));
  debug.move('continue');
  const { recording } = debug.session;
  const { saved } = save(debug);
  let wrong = recording.tokens - 400;
  while (KINDS[recording.tokenAt(wrong)] !== KIND.byte || recording.tokenAt(wrong) === TOKEN.byte + 9) wrong--;
  assert.ok(recording.contextOf(wrong) > 1);
  const [branch] = saved.branches;
  const tokens = branch.tokens.slice();
  tokens[wrong - recording.history.promptLength] = TOKEN.byte + 9;
  const path = file('altered.stepformer', packRecording({ ...saved, branches: [{ ...branch, tokens }] }));
  const opened = await open(small(1500), { recording: path });
  const asked = () => opened.ask('stepformer/attention', { token: wrong + 1 });
  assert.throws(asked, (error: Error) => {
    assert.match(String(error), /the recording has "09" here, and the model says/);
    assert.match(String(error), new RegExp(`token ${wrong}\\b`));
    return true;
  });
  const first = recording.history.promptLength + 100;
  assert.equal(opened.ask('stepformer/attention', { token: first }).token, first, 'the first context is as it was');
  assert.equal(opened.move('reverseContinue').reason, 'entry');
});

test('a file over contexts that was cut or altered is refused with what is wrong', async () => {
  const debug = await open(small(1500));
  debug.move('continue');
  const { path } = save(debug);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 40));
  await assert.rejects(open(small(1500), { recording: path }), /cut short|altered/);
  const altered = Buffer.from(bytes);
  altered[bytes.length >> 1] ^= 1;
  writeFileSync(path, altered);
  await assert.rejects(open(small(1500), { recording: path }), /checksum is wrong|damaged/);
});
