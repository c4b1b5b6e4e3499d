/** What a trace shows without its program: calls fold, and beside each line stands what it takes and gives. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.ts';

let client: Client;
before(async () => {
  client = await Client.source();
});
after(() => client.end());

/** Each line with what is to stand beside it. */
const LINES: readonly [string, string][] = [
  ['branch_taken 12 05 00 00 call_commit', 'calls +1298'],
  ['00 04 00 00 commit(+1,sts=1,bt=0)', '1024'],
  ['fe ff ff ff commit(+1,sts=1,bt=0)  ;; a comment', '-2'],
  ['branch_taken f0 ff ff ff call_commit', 'calls -16'],
  ['05 00 00 00 commit(+1,sts=1,bt=0)', '5'],
  ["03' 00' 00' 00' commit(-1,sts=1,bt=0)", '-2, 5 → 3'],
  ['branch_taken 13 00 00 00 return_commit', 'returns'],
  ['edit(stack) 01 00 00 00 09 00 00 00 edit_commit(stack)', 'stack 1 ← 9'],
  ['09 00 00 00 commit(-2,sts=0,bt=0)', '[0x400] ← 9'],
  ['', ''],
  ['41 00 00 00 read_commit', 'reads 65'],
  ['ff ff ff ff ff ff ff ff commit(0,sts=1,bt=0)', '65 → -1'],
  ['commit(-1,sts=0,bt=0)', '-1'],
  ['branch_taken c3 00 00 00 commit(-1,sts=0,bt=1)', '?: jumps +195'],
  ['halt', ''],
];
const TEXT = LINES.map(([line]) => line).join('\n');

test('hints of a file say what each line takes and gives', async () => {
  const uri = 'file:///folder/a.stepformer-trace';
  await client.open(uri, 'stepformer-trace', TEXT);
  const hints = await client.hints(uri, 0, LINES.length);
  const beside = LINES.map((_, line) => hints.find(({ position }) => position.line === line)?.label ?? '');
  assert.deepEqual(
    beside,
    LINES.map(([, wanted]) => wanted),
  );
  const [first] = hints;
  assert.equal(first.position.character, LINES[0][0].length);
  const some = await client.hints(uri, 4, 5);
  assert.deepEqual(
    some.map(({ position }) => position.line),
    [4, 5],
  );
});

test('calls fold, one in another; one that does not end goes to the end, and one that began before begins at the top', async () => {
  const uri = 'file:///folder/b.stepformer-trace';
  await client.open(uri, 'stepformer-trace', TEXT);
  const folds = async (of: string) =>
    (await client.folds(of)).map(({ startLine, endLine }) => `${startLine}-${endLine}`).sort();
  assert.deepEqual(await folds(uri), ['0-14', '3-6']);
  const rest = 'file:///folder/c.stepformer-trace';
  await client.open(
    rest,
    'stepformer-trace',
    LINES.slice(4)
      .map(([line]) => line)
      .join('\n'),
  );
  assert.deepEqual(await folds(rest), ['0-2']);
});

test('beside pages of a session the server says nothing: the session knows more', async () => {
  const uri = 'stepformer-trace:/trace-0.stepformer-trace';
  await client.open(uri, 'stepformer-trace', TEXT);
  assert.deepEqual(await client.hints(uri, 0, LINES.length), []);
  assert.equal((await client.folds(uri)).length, 2);
});
