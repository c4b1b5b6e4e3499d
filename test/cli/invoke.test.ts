/** `stepformer invoke` and `stepformer wast` as they are typed: what they print, and their exit status. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const folder = workspace({
  'module.wat': `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "stepformer" "write_byte" (func $put (param i32)))
    (memory (export "memory") 1)
    (global $n (mut i32) (i32.const 0))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "all") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
      (local.get 3) (local.get 2) (local.get 1) (local.get 0))
    (func (export "div") (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
    (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "say") (param i32) (call $put (local.get 0)))
    (func (export "exit") (param i32) (call $exit (local.get 0)))
    (func (export "loop") (loop (br 0))))`,
});
after(() => folder.remove());
const wat = folder.path('module.wat');
const invoke = (...args: string[]) => runCli(['invoke', wat, ...args]);

test('results are printed so that they can be read again', async () => {
  const cases: (readonly [args: string[], output: string])[] = [
    [['add', '3', '-5'], '-2\n'],
    [['add', '0xffffffff', '0'], '-1\n'],
    [['all', '-1', '0x8000000000000000', '0.1', '-0'], '-0 0.1 -9223372036854775808 -1\n'],
    [['all', '1', '2', 'nan:0x200000', '-nan'], '-nan:0x8000000000000 nan:0x200000 2 1\n'],
    [['all', '1', '2', '-inf', '1e300'], '1e+300 -inf 2 1\n'],
    [['say', '65'], 'A\n'],
  ];
  for (const [args, output] of cases) {
    assert.deepEqual(await invoke(...args), { status: 0, output, complaint: '' });
  }
});

test('traps, exits and budgets are exit statuses', async () => {
  const trap = await invoke('div', '1', '0');
  assert.deepEqual([trap.status, trap.output], [134, '']);
  assert.match(trap.complaint, /integer divide by zero/);
  assert.equal((await invoke('exit', '7')).status, 7);
  const budget = await invoke('loop', '--max-tokens', '3000');
  assert.equal(budget.status, 124);
  assert.match(budget.complaint, /3,000 tokens/);
});

test('a batch keeps its state, behind traps and exits too', async () => {
  const lines = [
    { func: 'count' },
    { func: 'div', args: [1, '0'] },
    { func: 'count', args: [] },
    { func: 'exit', args: [3] },
    { func: 'count' },
  ];
  const batch = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n{"func":"div","args":[9223372036854775807,-1]}\n`;
  const words = await runCli(['invoke', wat, '--batch', '-'], batch);
  assert.deepEqual(words.output.trimEnd().split('\n'), [
    '1',
    'trap: integer divide by zero',
    '2',
    'exit with code 3',
    '3',
    '-9223372036854775807',
  ]);
  assert.equal(words.status, 134);
  const json = await runCli(['invoke', wat, '--batch', '-', '--json'], batch);
  const objects = json.output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(objects[0].results, [{ type: 'i32', value: '1' }]);
  assert.deepEqual(objects[1].exit, { kind: 'trap', reason: 'integer divide by zero' });
  assert.ok(objects.every(({ tokens }) => (tokens as number) > 0));
});

test('scripts: JSON as documented, and status 1 when a claim fails', async () => {
  const good = folder.write('good.wast', '(module (func (export "f")))\n(assert_return (invoke "f"))');
  const bad = folder.write('bad.wast', '(module (func (export "f")))\n(assert_return (invoke "f") (i32.const 1))');
  const { status, output } = await runCli(['wast', good, bad, '--json']);
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(output), {
    files: [
      { file: good, passed: 1, failed: 0, skipped: [], failures: [] },
      { file: bad, passed: 0, failed: 1, skipped: [], failures: [{ line: 2, expected: 'i32 1', got: 'no results' }] },
    ],
  });
  assert.equal((await runCli(['wast', good])).status, 0);
  const brief = await runCli(['wast', '--brief', good, bad]);
  assert.match(
    brief.output,
    /good\.wast: 1 passed, 0 failed, 0 skipped\n.*bad\.wast: 0 passed, 1 failed.*\n2 scripts: 1 passed, 1 failed, 0 skipped\n$/,
  );
  const broken = folder.write('broken.wast', '(module');
  const beside = await runCli(['wast', broken, good]);
  assert.equal(beside.status, 1);
  assert.match(beside.output, /broken\.wast: 0 passed, 1 failed.*line 1: expected a script.*2 scripts: 1 passed/s);
});
