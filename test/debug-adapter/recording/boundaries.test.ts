/** What comes in between where a context ends: a pause, a question that is taken back, the end of memory, another session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWork } from '../../../debug-adapter/protocol/protocol.ts';
import { finish, type Work } from '../../../debug-adapter/recording/pace.ts';
import { type Driver, file } from '../driver.ts';
import { encoder, open, pace, recordingOf, small } from './in-contexts.ts';

const contextNow = ({ session: { recording } }: Driver) => recording.contextOf(recording.tokens - 1);

/** What is printed by a run that nothing came in between of. */
const undisturbed = await open();
undisturbed.move('continue');

test('paused at the end of each context, a run is as one that was not', async () => {
  const debug = await open(small(700));
  const reason = () => debug.events.findLast(({ event }) => event === 'stopped')?.body.reason;
  let pauses = 0;
  for (let context = contextNow(debug); ; context = contextNow(debug)) {
    debug.ask('continue');
    while (debug.session.busy && contextNow(debug) === context) debug.session.work(0);
    if (!debug.session.busy) break;
    debug.ask('pause');
    while (debug.session.busy) debug.session.work(0);
    pauses++;
    assert.equal(reason(), 'pause');
    assert.ok(debug.frames().length > 0);
  }
  assert.equal(reason(), 'end');
  assert.ok(pauses > 3, `${pauses} pauses`);
  assert.equal(debug.output(), undisturbed.output());
  assert.deepEqual(debug.session.recording.everything, undisturbed.session.recording.everything);
});

test('a question about a past context that is taken back leaves everything as it was', async () => {
  const debug = await open(small(700));
  debug.move('continue');
  const { recording } = debug.session;
  const token = recording.history.promptLength + 900;
  const before = debug.state();
  for (let slices = 1; slices < 4; slices++) {
    const work = debug.session.request('stepformer/attention', { token });
    if (!isWork(work)) break;
    for (let i = 0; i < slices; i++) work.next();
    const started = debug.events.findLast(({ event }) => event === 'progressStart')?.body.progressId;
    if (started === undefined) continue;
    debug.session.cancel(started);
    assert.throws(() => finish(work as Work<unknown>), /cancelled/);
  }
  assert.deepEqual(debug.state(), before);
  assert.equal(debug.ask('stepformer/attention', { token }).token, token);
  assert.equal(debug.move('reverseContinue').reason, 'entry');
});

test('where memory is used up in a later context, all contexts can be looked at, and the run goes on', async () => {
  // Memory is looked at every 65,536 tokens.
  const path = file(
    'counts-on.c',
    'int main(void) {\n  int i = 0;\n  while (i < 6000)\n    i++;\n  return i & 7;\n}\n',
  );
  const debug = await open(small(20_000), { path, maxMemory: 1 });
  const { recording } = debug.session;
  const { promptLength } = recording.history;
  let later = 0;
  let stop = debug.move('continue');
  for (; stop.description === 'Out of memory'; stop = debug.move('stepformer/goOn', { asks: false })) {
    if (contextNow(debug) === 0) continue;
    later++;
    for (const share of [0.1, 0.5, 0.99]) {
      const token = Math.floor(promptLength + share * (recording.now - promptLength));
      assert.ok(debug.ask('stepformer/attention', { token }).heads.length > 0);
    }
    assert.equal(debug.move('reverseContinue').reason, 'entry');
    debug.move('continue');
  }
  assert.ok(later > 0, `${recording.tokens} tokens`);
  assert.equal(stop.reason, 'end');
  assert.equal(debug.scope('Locals').i, '6000');
});

test('two runs at once, by turns and in contexts of different lengths, know nothing of each other', async () => {
  const texts = ['hel', 'peh'];
  const alone = await Promise.all(texts.map((text) => recordingOf({ input: encoder.encode(text) })));
  const together = await Promise.all(
    texts.map((text, i) => recordingOf({ input: encoder.encode(text), contextLength: small(500 + 333 * i) })),
  );
  for (const recording of alone) finish(recording.complete(Number.POSITIVE_INFINITY, pace));
  const works = together.map((recording) => recording.complete(Number.POSITIVE_INFINITY, pace));
  for (let left = works; left.length > 0; ) {
    left = left.filter((work) => {
      pace.begin(0);
      return !work.next().done;
    });
  }
  for (const [i, recording] of together.entries()) {
    assert.deepEqual(recording.everything, alone[i].everything);
    assert.ok(recording.contextOf(recording.tokens - 1) > 2);
    recording.release();
    assert.ok(alone[i].lines > 0);
  }
});
