/**
 * The language server as its client sees it: the real process, documents as an editor sends them. What a user would
 * notice: a mistake without a squiggle, a squiggle at the wrong place, a hover that says the wrong thing, an end.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver/node';
import { Client } from './client.ts';

let client: Client;
before(async () => {
  client = await Client.source();
});
after(async () => {
  assert.equal(await client.end(), 0);
  assert.deepEqual(client.logged, []);
});

let documents = 0;
/** Opens a text under a new name; resolves with its URI and diagnostics. */
async function open(languageId: string, text: string, suffix = languageId) {
  const uri = `file:///folder/a%20document-${documents++}.${suffix}`;
  return { uri, diagnostics: await client.open(uri, languageId, text) };
}

/** `line:from-to message`, lines and characters from 0. */
const short = ({ range, message }: Diagnostic) =>
  `${range.start.line}:${range.start.character}-${range.end.character} ${message}`;

const TRACE = `03 00 00 00 commit(+1,sts=1,bt=0)
05 00 00 00 commit(+1,sts=1,bt=0)
08 00' 00 00 commit(-1,sts=1,bt=0)   ;; 3 + 5
branch_taken c3 00 00 00 commit(-1,sts=0,bt=1)
branch_taken f0 ff ff ff call_commit
branch_taken 13 00 00 00 return_commit
48 00 00 00 read_commit
ff ff ff ff ff ff ff ff commit(+1,sts=1,bt=0,adv=2)
41 42 commit(-2,sts=0,bt=0)
commit(0,sts=0,bt=0)
out())
out(0a)
edit(memory) 00 04 00 00 07 edit_commit
edit(stack) 00 00 00 00 07 00 00 00 edit_commit(stack)

trap(integer divide by zero)
`;

test('a trace that follows the notation has no diagnostics', async () => {
  assert.deepEqual((await open('stepformer-trace', TRACE)).diagnostics.map(short), []);
});

test('each line of a trace that does not follow the notation has its diagnostic', async () => {
  const wrong: readonly [string, string][] = [
    ['03 00 00 0 commit(+1,sts=1,bt=0)', '9-10 `0` is no token.'],
    ['0A 00 00 00 commit(+1,sts=1,bt=0)', '0-2 `0A` is no token. Bytes are written in lower case.'],
    ['commit(-3,sts=0,bt=0)', '0-21 `commit(-3,sts=0,bt=0)` is no token. No instruction ends with such a commit.'],
    ['i32.add', '0-7 `i32.add` stands in programs, not in a trace.'],
    ['03 00 00 00', '9-11 The line does not end: its commit is missing.'],
    ['03 00 00 commit(+1,sts=1,bt=0)', '9-30 A result has 4, 5, 8, 9 or 14 bytes, not 3.'],
    ['01 02 03 commit(-2,sts=0,bt=0)', '9-30 A line stores one, two, four or eight bytes, not 3.'],
    ['01 00 00 00 commit(-1,sts=0,bt=1)', '12-33 A line that ends like this starts with `branch_taken`.'],
    ['01 read_commit', '3-14 What was read has four bytes, not 1.'],
    ['01 halt', '3-7 `halt` does not end a line that starts with bytes.'],
    [
      'branch_taken 01 00 00 00 commit(-1,sts=0,bt=0)',
      '25-46 A taken branch ends with a commit that says `bt=1`, `call_commit` or `return_commit`.',
    ],
    ['branch_taken 01 00 call_commit', '13-30 A jump has four bytes, not 2.'],
    ["01' commit(-2,sts=0,bt=0)", "0-3 Only the bytes of a result have a carry (`'`)."],
    ['commit(0,sts=0,bt=0) 00 01', '21-26 Nothing follows the end of a line: one line, one instruction.'],
    ['edit(local) 00 00 00 00 01 edit_commit', '0-38 An edit has four bytes that say where, and the bytes of a value.'],
    ['edit(stack) 00 00 00 00 01 00 00 00 edit_commit', '36-47 This edit ends with `edit_commit(stack)`.'],
  ];
  const { diagnostics } = await open('stepformer-trace', wrong.map(([line]) => line).join('\n'));
  assert.deepEqual(
    diagnostics.map(short),
    wrong.map(([, message], line) => `${line}:${message}`),
  );
  assert.ok(diagnostics.every(({ severity }) => severity === 1));
});

test('nothing follows the end of a trace', async () => {
  const { diagnostics } = await open('stepformer-trace', 'halt\n\ncommit(0,sts=0,bt=0)');
  assert.deepEqual(diagnostics.map(short), ['2:0-20 The trace ended in line 1.']);
});

test('hovers of a trace: bytes as a number, tokens in words', async () => {
  const { uri } = await open('stepformer-trace', TRACE);
  const commit = await client.hover(uri, 2, 15);
  assert.deepEqual([commit?.from, commit?.to], [13, 34]);
  assert.equal(
    commit?.text,
    'Commit: the step ends; the stack depth changes by -1; the bytes go on the stack; no branch.',
  );
  const says = async (line: number, character: number, ...words: string[]) => {
    const found = await client.hover(uri, line, character);
    for (const word of words) assert.ok(found?.text.includes(word), `${word} in: ${found?.text}`);
  };
  await says(2, 3, 'Byte 2 of 4', '**8**', '0x00000008', 'carry');
  await says(4, 14, '**-16** (unsigned 4294967280)', 'The jump');
  await says(7, 0, '**-1** (unsigned 18446744073709551615)', '0xffffffffffffffff', 'Byte 1 of 8');
  await says(8, 0, 'What is stored: **16961**');
  await says(3, 2, 'A jump');
  await says(10, 0, 'Output', '41 (`)`)');
  await says(12, 14, 'Where: **1024**');
  await says(12, 25, 'New value: **7**');
  await says(15, 8, 'Trap', 'integer divide by zero');
  assert.equal(await client.hover(uri, 2, 45), undefined, 'comments say nothing');
  assert.equal(await client.hover(uri, 500, 0), undefined);
});

const PROGRAM = `{ ;; three plus five
frame 02 00 00 00
i32.const ff ff ff ff
local.get 01 00 00 00
i32.add 00 00 00 00
br_if fc ff ff ff
global 00 00 00 00 02 00 00 00 edit_commit
data 00 04 00 00 48 69 edit_commit
}
`;

test('diagnostics and hovers of a token program', async () => {
  const { uri, diagnostics } = await open('stepformer-program', PROGRAM, 'tokens');
  assert.deepEqual(diagnostics, []);
  const says = async (line: number, character: number, ...words: string[]) => {
    const found = await client.hover(uri, line, character);
    for (const word of words) assert.ok(found?.text.includes(word), `${word} in: ${found?.text}`);
    return found;
  };
  await says(4, 3, 'Adds modulo 2^32.', 'Takes 2 values', 'Circuit: add', '5 tokens', '0x6a', 'Instruction 3');
  const bytes = await says(2, 14, '**-1** (unsigned 4294967295), 0xffffffff');
  assert.deepEqual([bytes?.from, bytes?.to], [10, 21]);
  await says(3, 11, 'Local variable **1**');
  await says(5, 7, 'Jump by **-4**', 'to instruction 1');
  await says(1, 0, 'Never executed', '**2** cells');
  await says(6, 20, 'Initial value **2**');
  await says(7, 6, 'Address **1024**');
  await says(7, 21, '105', '`i`', 'address 1025');
  await client.change(uri, 5, 6, 8, '09');
  assert.deepEqual((await client.diagnostics(uri)).map(short), [
    '5:6-17 The jump leads to instruction -242, outside the program (1 to 4).',
  ]);
});

test('diagnostics are those of the newest version, however fast one types', async () => {
  const { uri } = await open('stepformer-program', PROGRAM, 'tokens');
  for (let i = 0; i < 40; i++) await client.change(uri, 4, 0, i === 0 ? 7 : 3, i % 2 ? 'nop' : 'not');
  assert.deepEqual((await client.diagnostics(uri)).map(short), []);
  await client.change(uri, 4, 0, 3, 'not');
  assert.deepEqual((await client.diagnostics(uri)).map(short), ['4:0-3 There is no instruction `not`.']);
  await client.close(uri);
  assert.equal(await client.hover(uri, 4, 0), undefined);
});

test('a page of 10,000 lines: all of it is looked at', async () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, i) => `${(i % 256).toString(16).padStart(2, '0')} 00 00 00 commit(+1,sts=1,bt=0)`,
  );
  lines[9_999] = 'what';
  const { uri, diagnostics } = await open('stepformer-trace', lines.join('\n'));
  assert.deepEqual(diagnostics.map(short), ['9999:0-4 `what` is no token.']);
  assert.ok((await client.hover(uri, 9_998, 0))?.text.includes('**14**'));
});

test('at most a hundred diagnostics', async () => {
  assert.equal((await open('stepformer-trace', 'what\n'.repeat(5000))).diagnostics.length, 100);
});

test('the built server answers over the channel that VS Code uses', async () => {
  const built = await Client.built();
  const uri = 'stepformer-trace:/1/trace-0.stepformer-trace';
  assert.deepEqual((await built.open(uri, 'stepformer-trace', 'halt\nhalt')).map(short), [
    '1:0-4 The trace ended in line 1.',
  ]);
  assert.ok((await built.hover(uri, 0, 0))?.text.includes('ended'));
  const wat = await built.open('file:///a.wat', 'wat', '(module (func (export "main") i32.ad))');
  assert.equal(wat.length, 1);
  assert.equal(await built.end(), 0);
});
