/** All branches in a recording's file: each is there again as it was, wherever it comes from, and goes on. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openRecording } from '../../../debug-adapter/protocol/launch.ts';
import { packing, unpackSections, VERSION } from '../../../engine/recording/container.ts';
import { wholeTokens } from '../../../engine/recording/saved-branches.ts';
import { packRecording, type SavedRecording, unpackRecording } from '../../../engine/recording/saved-recording.ts';
import { finish } from '../../../engine/steps.ts';
import { EXAMPLE } from '../branches/programs.ts';
import { Driver, drive, file, launched, reopen } from '../driver.ts';
import { Wire } from '../wire.ts';

/** Three branches, the second of the first and the third of the second, which is shown; each with a bookmark. */
async function threeBranches(): Promise<Driver> {
  const debug = await drive(EXAMPLE);
  debug.move('configurationDone');
  debug.move('continue');
  debug.ask('stepformer/addBookmark', { note: 'the end' });
  for (const [n, name] of ['9', '6'].entries()) {
    debug.ask('stepformer/travel', { traceLine: 0 });
    debug.breakpoints({ line: 12, hitCondition: String(n + 2) });
    assert.equal(debug.go('continue'), 'breakpoint main:12');
    debug.breakpoints();
    debug.ask('setExpression', { expression: 'n', value: name });
    debug.move('continue');
    debug.ask('stepformer/renameBranch', { id: n + 1, name });
    debug.ask('stepformer/addBookmark', { note: name });
  }
  debug.move('stepBack');
  return debug;
}

/** All that can be seen of each branch. */
function seen(debug: Driver): unknown {
  const { branches } = debug.ask('stepformer/branches');
  const shown = branches.map(({ id }: { id: number }) => {
    debug.move('stepformer/switchBranch', { id });
    const notes = debug.ask('stepformer/bookmarks').bookmarks.map(({ note }: { note: string }) => note);
    return [debug.ask('stepformer/position'), debug.state(), debug.ask('stepformer/output').chunks, notes];
  });
  return [branches, shown];
}

function save(debug: Driver, name: string): string {
  const path = file(name, '');
  debug.ask('stepformer/saveRecording', { path });
  return path;
}

test('all branches are saved, and are what they were when the file is opened', async () => {
  const debug = await threeBranches();
  const path = save(debug, 'three.stepformer');
  const opened = await reopen(path);
  assert.equal(opened.go('configurationDone'), debug.go('pause').replace('pause', 'entry'));
  assert.deepEqual(opened.state(), debug.state());
  assert.deepEqual(seen(opened), seen(debug));
  opened.move('stepformer/switchBranch', { id: 1 });
  debug.move('stepformer/switchBranch', { id: 1 });
  assert.equal(opened.move('continue').reason, 'end');
  assert.deepEqual(opened.ask('stepformer/output'), debug.ask('stepformer/output'));
});

test('branches that nobody has looked at are compared, and saved again, without the one they come from', async () => {
  const debug = await threeBranches();
  const opened = await reopen(save(debug, 'unseen.stepformer'));
  opened.move('configurationDone');
  const compared = opened.ask('stepformer/compareBranches', { with: 0 });
  assert.deepEqual(compared, debug.ask('stepformer/compareBranches', { with: 0 }));
  debug.move('stepformer/switchBranch', { id: 0 });
  const fresh = await reopen(save(debug, 'shown.stepformer'));
  fresh.move('configurationDone');
  for (const driver of [fresh, debug]) driver.ask('stepformer/dropBranch', { id: 1 });
  const again = await reopen(save(fresh, 'again.stepformer'));
  again.move('configurationDone');
  assert.deepEqual(seen(again), seen(debug));
});

test('a file has the tokens that branches share once', async () => {
  const debug = await threeBranches();
  const { saved } = await openRecording({ recording: save(debug, 'shared.stepformer') });
  const [main, second, third] = saved.branches;
  assert.deepEqual([main.shared, main.tokens.length > 0, second.shared > 0], [0, true, true]);
  assert.ok(third.shared > second.shared);
  const { tokens } = debug.session.recording.everything;
  assert.deepEqual(wholeTokens(saved.branches, third.id), tokens);
  assert.equal(third.tokens.length, tokens.length - third.shared);
});

test('input that was asked for is in the file, and more is asked for behind it', async () => {
  const path = file(
    'asks.c',
    '#include <stdio.h>\nint main(void) {\n  for (int c; (c = getchar()) != EOF;) putchar(c);\n}\n',
  );
  const debug = new Driver(path, await launched(path), { stdin: { ask: true }, stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  debug.move('stepformer/input', { text: 'one\n' });
  debug.ask('pause', { threadId: 1 });
  debug.session.work(8);
  const recording = save(debug, 'asks.stepformer');
  const opened = await reopen(recording);
  opened.move('configurationDone');
  assert.equal(opened.output(), 'one\n');
  opened.move('continue');
  opened.move('stepformer/input', { text: 'two\n', end: true });
  assert.equal(opened.output(), 'one\ntwo\n');
  const wire = new Wire();
  await wire.ok('initialize', { adapterID: 'stepformer', pathFormat: 'path' });
  await wire.ok('attach', { recording });
  await wire.ok('configurationDone');
  await wire.event('stopped');
  const seen = wire.messages.length;
  await wire.ok('continue', { threadId: 1 });
  assert.match(
    (await wire.event('stopped', seen)).text,
    /Ended: exit code 0/,
    'a client that cannot be asked gives none',
  );
  assert.equal(await wire.end(), 0);
});

test('a file whose branches do not fit together is refused with what is wrong', async () => {
  const whole = unpackRecording(readFileSync(save(await threeBranches(), 'fit.stepformer')), 'fit.stepformer');
  const [main, second, third] = whole.branches;
  const refused = (damage: Partial<SavedRecording>, says: RegExp) =>
    assert.throws(() => unpackRecording(packRecording({ ...whole, ...damage }), 'damaged.stepformer'), says);
  const withThird = (damage: object): Partial<SavedRecording> => ({
    branches: [main, second, { ...third, ...damage }],
  });
  refused({ branches: [main, third] }, /branch 2 comes from a branch 1 that is not there/);
  refused({ branches: [main, third, second] }, /comes from a branch 1 that is not there/);
  refused({ branches: [main, second, second] }, /is there twice/);
  refused({ current: 5 }, /branch 5, which is shown, is not there/);
  refused({ branches: [] }, /which is shown, is not there/);
  refused({ bookmarks: [{ branch: 7, traceLine: 1, note: '' }] }, /a bookmark lies nowhere/);
  refused(withThird({ shared: 1e9 }), /shares 1000000000 tokens of/);
  refused(withThird({ from: undefined }), /begins nowhere/);
  refused(withThird({ tokens: Uint16Array.of(60_000) }), /does not know/);
  refused(withThird({ given: [{ from: 5, to: 1e9 }] }), /given tokens 5 to 1000000000/);
  refused(withThird({ given: [...third.given, ...third.given] }), /given tokens/);
  refused(withThird({ position: -1 }), /stands at trace line -1/);
  refused(withThird({ edits: [{ text: 'x' }] }), /edits that lie nowhere/);
  assert.throws(() => unpackRecording(finish(packing([Buffer.from('{}')])), 'x'), /The recording is damaged: /);
  assert.throws(() => unpackRecording(finish(packing([Buffer.from('no JSON')])), 'x'), /The recording is damaged: /);
  assert.throws(() => unpackRecording(garbage(), 'x'), /a part of it cannot be unpacked/);
  const opening = (damage: object) => reopen(file('far.stepformer', packRecording({ ...whole, ...withThird(damage) })));
  await assert.rejects(opening({ reached: 1e8 }), /branch 2 stands at trace line 100000000, and has/);
  await assert.rejects(opening({ given: [] }), /no trace/);
});

test('what is long is compressed a piece at a time, and is one section all the same', () => {
  const long = new Uint8Array(3_500_000);
  for (let i = 0; i < long.length; i++) long[i] = (i * i) >> 7;
  const sections = [Buffer.from('{}'), new Uint8Array(0), long, long.subarray(0, 2 << 20)];
  const steps = packing(sections);
  let pieces = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) pieces++;
  assert.equal(pieces, 1 + 1 + 4 + 2);
  const unpacked = [...unpackSections(step.value, 'long.stepformer')];
  assert.deepEqual(
    unpacked.map((bytes) => Buffer.from(bytes)),
    sections.map((bytes) => Buffer.from(bytes)),
  );
});

test('tokens are many sections where they are many, and one where another version wrote them', async () => {
  const saved = unpackRecording(readFileSync(save(await threeBranches(), 'old.stepformer')), 'old.stepformer');
  const tokens = Uint16Array.from({ length: 2 ** 22 + 3 }, (_, i) => (i * i) % 300);
  const { made, sources, input, branches, ...rest } = saved;
  const [main] = branches;
  const long = { ...saved, branches: [{ ...main, tokens, given: [] }], current: 0, bookmarks: [] };
  assert.deepEqual(unpackRecording(packRecording(long), 'long'), long);
  const { wasm, ...program } = made;
  const head = { ...rest, made: program, sources: [...sources], branches: branches.map(({ tokens: _, ...b }) => b) };
  const planes = branches.map((branch) =>
    Uint8Array.from([
      ...Array.from(branch.tokens, (token) => token & 255),
      ...Array.from(branch.tokens, (t) => t >> 8),
    ]),
  );
  const bytes = finish(packing([Buffer.from(JSON.stringify(head)), wasm, input, ...planes]));
  const old = Buffer.concat([Buffer.from('stepformer recording 2'), bytes.subarray('stepformer recording 2'.length)]);
  assert.deepEqual(unpackRecording(old, 'old'), saved);
  const missing = finish(packing([Buffer.from(JSON.stringify(head)), wasm, input, ...planes.slice(1)]));
  assert.throws(() => unpackRecording(missing, 'x'), /damaged: it ends before all of its parts/);
});

/** A file with a right checksum of what cannot be unpacked. */
function garbage(): Uint8Array {
  const body = Buffer.from([4, 0, 0, 0, 255, 255, 255, 255]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(body.length));
  const checksum = createHash('sha256').update(body).digest();
  return Buffer.concat([Buffer.from(`stepformer recording ${VERSION}\n`), length, checksum, body]);
}
