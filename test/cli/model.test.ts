/** `stepformer model`: what is printed of the model, and of how the kernel computes a token. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const folder = workspace({
  'add.wat': '(module (func (export "main") (result i32) (i32.add (i32.const 3) (i32.const 5))))',
});
after(() => folder.remove());
const kernel = (...args: string[]) => runCli(['model', '--kernel', ...args]);

test('the model: sizes, heads, slots', async () => {
  const { status, output } = await runCli(['model']);
  assert.equal(status, 0);
  assert.match(output, /^\d+ layers, residual stream of \d+/);
  assert.match(output, /^ {2}head {2}\d+ {2}fetch opcode$/m);
});

test('a token: its class, look-ups, functions, and their instructions', async () => {
  const { status, output, complaint } = await kernel('2112', folder.path('add.wat'));
  assert.equal(status, 0, complaint);
  assert.match(output, /^Token 2,112 behind a prompt of [\d,]+: /);
  assert.match(output, /^ {2}position +\d+ .*fetch opcode/m);
  assert.match(output, /^Class of the token\n {2}class \d+ of \d+/m);
  assert.match(output, /^Function 1: branches on \[/m);
  assert.match(output, /^ {4}call_indirect 1 \(type 0\)$/m);
  const [, nodes] = /gives the next token\n {2}(\d+) \(/.exec(output) ?? [];
  assert.ok(Number(nodes) < 100, `${nodes} nodes are left`);
});

test('as JSON', async () => {
  const { status, output } = await kernel('20', folder.path('add.wat'), '--json');
  assert.equal(status, 0);
  const report = JSON.parse(output) as { position: number; token: string; functions: { body: string[] }[] };
  assert.deepEqual([report.position, report.token], [20, 'T20']);
  assert.ok(report.functions.every(({ body }) => body.length > 0));
});

test('a token that does not exist, no program, a program without a token: each says what is missing', async () => {
  const far = await kernel('99999', folder.path('add.wat'));
  assert.equal(far.status, 65);
  assert.match(far.complaint, /the run has [\d,]+ tokens, [\d,]+ of them its prompt: name one from 0 to \d+/);
  const none = await kernel('5');
  assert.equal(none.status, 65);
  assert.match(none.complaint, /no program given: --kernel TOKEN wants the files that run/);
  const stray = await runCli(['model', folder.path('add.wat')]);
  assert.equal(stray.status, 65);
  assert.match(stray.complaint, /belongs to --kernel TOKEN/);
});
