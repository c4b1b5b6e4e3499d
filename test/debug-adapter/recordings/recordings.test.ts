/** Recordings as files: what was saved goes on where it stood, and what is damaged is refused with what is wrong. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { openRecording } from '../../../debug-adapter/protocol/launch.ts';
import { TOKEN } from '../../../engine/isa/vocabulary.ts';
import { packing } from '../../../engine/recording/container.ts';
import { packRecording } from '../../../engine/recording/saved-recording.ts';
import { finish } from '../../../engine/steps.ts';
import { type Driver, drive, file, reopen } from '../driver.ts';
import { RecordedSource } from '../oracle-source.ts';
import { Wire } from '../wire.ts';

const TEXT = `#include <stdio.h>
int square(int n) {
  return n * n;
}
int main(void) {
  int last = getchar();
  for (int i = 1; i <= 5; i++) {
    last = square(i);
    printf("%d\\n", last);
  }
  return last;
}
`;
const SQUARES = file('squares.c', TEXT);

/** At the third call of `square`, having been at the fourth. */
async function inTheMiddle(): Promise<Driver> {
  const debug = await drive(SQUARES, { stdin: 'x' });
  debug.breakpoints(3);
  debug.move('configurationDone');
  for (let i = 0; i < 3; i++) debug.move('continue');
  debug.move('reverseContinue');
  return debug;
}

function save(debug: Driver, name: string): string {
  const path = file(name, '');
  const { bytes } = debug.ask('stepformer/saveRecording', { path });
  assert.equal(readFileSync(path).length, bytes);
  return path;
}

test('a recording opens at the saved position, with all that was shown there, and goes on both ways', async () => {
  const debug = await inTheMiddle();
  const opened = await reopen(save(debug, 'middle.stepformer'));
  assert.equal(opened.go('configurationDone'), debug.go('pause').replace('pause', 'entry'));
  assert.deepEqual(opened.state(), debug.state());
  assert.deepEqual(opened.ask('stepformer/position'), debug.ask('stepformer/position'));
  assert.equal(opened.output(), debug.output());
  assert.equal(opened.output(), '1\n4\n9\n');
  opened.breakpoints(3);
  for (const command of ['continue', 'continue', 'stepBack', 'reverseContinue', 'continue', 'continue'] as const) {
    assert.equal(opened.go(command), debug.go(command), command);
    assert.deepEqual(opened.state(), debug.state(), command);
  }
  assert.equal(opened.move('continue').reason, 'end');
  assert.equal(opened.output(), '1\n4\n9\n16\n25\n');
  assert.equal(opened.go('reverseContinue'), 'breakpoint square:3');
});

test('heads of a recording can be asked for, which lets the source say its tokens', async () => {
  const debug = await inTheMiddle();
  const opened = await reopen(save(debug, 'heads.stepformer'));
  opened.move('configurationDone');
  assert.deepEqual(opened.ask('stepformer/attention'), debug.ask('stepformer/attention'));
});

test('the first token that the model would not have said is reported', async () => {
  const debug = await inTheMiddle();
  const opened = await openRecording({ recording: save(debug, 'true.stepformer') });
  const tokens = opened.saved.branches[0].tokens.slice();
  const wrong = tokens.findIndex((token) => token === TOKEN.byte + 1);
  const said = tokens.slice();
  said[wrong] = TOKEN.byte + 2;
  const reopened = await reopen(save(debug, 'other.stepformer'), new RecordedSource(said));
  reopened.move('configurationDone');
  const stop = reopened.move('continue');
  assert.equal(stop.reason, 'exception');
  const { promptLength } = reopened.session.recording.history;
  assert.match(stop.text ?? '', /the recording has "01" here, and the model says "02"/);
  assert.match(stop.text ?? '', new RegExp(`token ${promptLength + wrong}\\b`));
});

test('bookmarks are kept, in the order of their moments', async () => {
  const debug = await inTheMiddle();
  const { traceLine, token } = debug.ask('stepformer/position');
  const here = debug.ask('stepformer/addBookmark', { note: 'here' });
  assert.deepEqual(here, { id: here.id, traceLine, token, note: 'here' });
  const start = debug.ask('stepformer/addBookmark', { traceLine: 0, note: 'the start' });
  debug.ask('stepformer/addBookmark', { traceLine: 1 });
  assert.throws(() => debug.ask('stepformer/addBookmark', { traceLine: 1e9 }), /not been reached/);
  const notes = (driver: Driver) =>
    driver.ask('stepformer/bookmarks').bookmarks.map(({ note }: { note: string }) => note);
  assert.deepEqual(notes(debug), ['the start', '', 'here']);
  debug.ask('stepformer/removeBookmark', { id: debug.ask('stepformer/bookmarks').bookmarks[1].id });
  assert.throws(() => debug.ask('stepformer/removeBookmark', { id: 77 }), /no bookmark 77/);
  const opened = await reopen(save(debug, 'marks.stepformer'));
  assert.deepEqual(notes(opened), ['the start', 'here']);
  assert.equal(opened.ask('stepformer/bookmarks').bookmarks[0].token, start.token);
});

test('a source that has moved or changed is shown from the recording', async () => {
  const path = file('moving.c', TEXT);
  const debug = await drive(path, { stdin: 'x' });
  debug.move('configurationDone');
  const recording = save(debug, 'moved.stepformer');
  const stays = await reopen(recording);
  stays.move('configurationDone');
  assert.equal(stays.frames()[0].source?.path, path);
  writeFileSync(path, '// another text\n');
  for (const step of [() => {}, () => renameSync(path, `${path}.gone`)]) {
    step();
    const opened = await reopen(recording);
    opened.move('configurationDone');
    const { source } = opened.frames()[0];
    assert.equal(source?.path, `stepformer-source:${path}`);
    assert.equal(opened.ask('source', { source }).content, TEXT);
    const [bound] = opened.ask('setBreakpoints', { source, breakpoints: [{ line: 3 }] }).breakpoints;
    assert.equal(bound.verified, true);
    assert.equal(opened.go('continue'), 'breakpoint square:3');
    const again = await reopen(save(opened, 'again.stepformer'));
    again.move('configurationDone');
    assert.equal(again.ask('source', { source }).content, TEXT, 'kept when it is saved again');
  }
});

test('what is no recording, cut, altered, or of another version is refused with what is wrong', async () => {
  const whole = readFileSync(save(await inTheMiddle(), 'whole.stepformer'));
  const refused = (bytes: Uint8Array, says: RegExp) =>
    assert.rejects(openRecording({ recording: file('damaged.stepformer', bytes) }), says);
  await refused(new Uint8Array(), /not a recording/);
  await refused(Buffer.from('{"version": 1}'), /not a recording/);
  for (const length of [23, 30, 60, 63, whole.length >> 1, whole.length - 1]) {
    await refused(whole.subarray(0, length), /cut short/);
  }
  for (const at of [31, 62, 63, 80, whole.length >> 1, whole.length - 1]) {
    const altered = Buffer.from(whole);
    altered[at] ^= 255;
    await refused(altered, at === 31 ? /altered|cut short/ : /altered/);
  }
  await refused(Buffer.concat([whole, Buffer.of(0)]), /altered/);
  const text = finish(packing([]));
  await refused(Buffer.concat([Buffer.from('stepformer recording 7\n'), text]), /version 7.*reads versions 2 and 3/);
  await assert.rejects(openRecording({ recording: `${SQUARES}.none` }), /cannot be read.*ENOENT/);
  await assert.rejects(openRecording({}), /recording.*missing/);
});

test('a file that cannot be written leaves what was there', async () => {
  const debug = await inTheMiddle();
  assert.throws(
    () => debug.ask('stepformer/saveRecording', { path: '/nowhere/at/all.stepformer' }),
    /cannot be written.*ENOENT/,
  );
});

test('over the wire: attach, restart, another model, a damaged file', async () => {
  const debug = await inTheMiddle();
  const recording = save(debug, 'wire.stepformer');
  const wire = new Wire();
  await wire.ok('initialize', { adapterID: 'stepformer', pathFormat: 'path' });
  const other = await openRecording({ recording });
  const foreign = file('foreign.stepformer', packRecording({ ...other.saved, model: 'another' }));
  assert.match((await wire.request('attach', { recording: foreign })).message, /another model \(another; .*oracle/);
  const changed = file('changed.stepformer', packRecording({ ...other.saved, prompt: '' }));
  assert.match((await wire.request('attach', { recording: changed })).message, /another version of the toolchain/);
  const cut = file('cut.stepformer', readFileSync(recording).subarray(0, 500));
  assert.match((await wire.request('attach', { recording: cut })).message, /cut short/);
  await wire.ok('attach', { recording });
  await wire.ok('configurationDone');
  assert.equal((await wire.event('stopped')).reason, 'entry');
  assert.equal(await wire.where(), 'square:3');
  await wire.move('stepOut');
  assert.equal(await wire.where(), 'main:8');
  const seen = wire.messages.length;
  await wire.ok('restart', {});
  assert.equal((await wire.event('stopped', seen)).reason, 'entry');
  assert.equal(await wire.where(), 'square:3');
  assert.equal(await wire.end(), 0);
});
