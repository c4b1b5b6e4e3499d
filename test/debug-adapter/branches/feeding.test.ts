/** A branch, or a recording that was opened, gives its tokens to the model when it is first needed: in slices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWork } from '../../../debug-adapter/protocol/protocol.ts';
import { finish, type Work } from '../../../debug-adapter/recording/pace.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { encodePrompt } from '../../../engine/isa/prompt.ts';
import { type Driver, drive, launched } from '../driver.ts';
import { EXAMPLE } from './programs.ts';

/** On a branch that was begun by a change in the last turn of the loop. */
async function branched(): Promise<Driver> {
  const debug = await drive(EXAMPLE);
  debug.breakpoints(12);
  debug.move('configurationDone');
  debug.breakpoints();
  debug.move('continue');
  debug.breakpoints(12);
  debug.move('reverseContinue');
  debug.breakpoints();
  debug.ask('setExpression', { expression: 'n', value: '9' });
  return debug;
}

function attention(debug: Driver): Work<{ token: number }> {
  const answering = debug.session.request('stepformer/attention', { token: undefined });
  assert.ok(isWork(answering), 'the model has to be asked first');
  return answering as Work<{ token: number }>;
}

test('an edit asks the model nothing; the first step lets it say everything again, and a pause leaves that', async () => {
  const debug = await branched();
  const { recording } = debug.session;
  const at = debug.ask('stepformer/position');
  const fed = () => Number(/(\d[\d,]*) of/.exec(recording.feeding ?? '')?.[1].replaceAll(',', '') ?? 0);
  debug.ask('next', { threadId: 1 });
  for (let slice = 0; slice < 3; slice++) debug.session.work(0);
  assert.ok(fed() > 0 && fed() < recording.tokens, recording.feeding);
  debug.session.pause();
  while (debug.session.busy) debug.session.work(0);
  assert.equal(recording.isFed, false);
  assert.equal(debug.events.findLast(({ event }) => event === 'stopped')?.body.reason, 'pause');
  assert.deepEqual(debug.ask('stepformer/position'), at);
  assert.equal(debug.evaluate('n'), '9');
  debug.move('next');
  assert.equal(recording.isFed, true);
  assert.equal(recording.feeding, undefined);
  debug.move('continue');
  assert.match(debug.output(), /8\n$/);
});

test('the Attention view waits for the model while other questions are answered', async () => {
  const debug = await branched();
  const work = attention(debug);
  let slices = 0;
  let answer: { token: number } | undefined;
  for (; !answer; slices++) {
    const step = work.next();
    if (step.done) answer = step.value;
    else assert.equal(debug.evaluate('n'), '9');
  }
  assert.ok(slices > 3);
  assert.equal(answer.token, debug.ask('stepformer/position').now, 'the last that there is');
  assert.ok(!isWork(debug.session.request('stepformer/attention', { token: undefined })), 'it knows now');
});

test('nobody waits for a branch that is not shown any more', async () => {
  const debug = await branched();
  const work = attention(debug);
  work.next();
  debug.ask('stepformer/switchBranch', { id: 0 });
  assert.throws(() => finish(work), /another branch is shown now/);
});

test('while an edit is made the position may move on: nothing is changed then', async () => {
  const debug = await drive(EXAMPLE);
  debug.breakpoints(11);
  debug.move('configurationDone');
  const format = { hex: false };
  const edit = { expression: 'n', value: '7', frameId: undefined, format };
  const work = debug.session.request('setExpression', edit);
  assert.ok(isWork(work));
  work.next();
  debug.move('next');
  assert.throws(() => finish(work as Work<unknown>), /has moved on meanwhile/);
  assert.equal(debug.evaluate('n'), '3');
  const running = debug.session.request('setExpression', edit);
  (running as Work<unknown>).next();
  debug.ask('continue', { threadId: 1 });
  assert.throws(() => finish(running as Work<unknown>), /pause it first/);
  assert.equal(debug.ask('stepformer/branches').branches[0].edits.length, 0);
});

test('generators that have no room begin again when they are needed, but for the last two', async () => {
  const { loaded, input } = await launched(EXAMPLE);
  const { program } = loaded;
  const first = await transformerSources(undefined, 0).source({ program, input, attention: 'hull', engine: undefined });
  const prompt = encodePrompt(program, input).subarray(0, 100);
  const [second, third] = [first.another(), first.another()];
  const lengths = () => [first, second, third].map(({ length }) => length);
  first.append(prompt);
  second.append(prompt);
  assert.deepEqual(lengths(), [100, 100, 0]);
  assert.ok(first.bytes > 0);
  third.append(prompt);
  assert.deepEqual(lengths(), [0, 100, 100]);
  assert.equal(first.bytes, 0);
  second.append(prompt);
  first.append(prompt);
  assert.deepEqual(lengths(), [100, 200, 0], 'the one that was not used for longest goes');
  second.release();
  third.append(prompt);
  assert.deepEqual(lengths(), [100, 0, 100]);
});

test('of generators that were used before, those that are said again soonest go first', async () => {
  const { loaded, input } = await launched(EXAMPLE);
  const { program } = loaded;
  const options = { program, input, attention: 'hull', engine: undefined } as const;
  const prompt = encodePrompt(program, input);
  const alone = await transformerSources().source(options);
  alone.append(prompt);
  const first = await transformerSources(undefined, 2.5 * alone.bytes).source(options);
  const others = [first.another(), first.another(), first.another()];
  first.append(prompt);
  for (const each of others) each.append(prompt.subarray(0, 100));
  assert.deepEqual(
    [first, ...others].map(({ length }) => length),
    [prompt.length, 0, 100, 100],
  );
});
