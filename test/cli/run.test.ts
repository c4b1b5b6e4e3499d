/** `stepformer run`: arguments, input and output of a program, its exit status, and what is said beside them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { loadSaved, unpackRecording } from '../../engine/recording/saved-recording.ts';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { History } from '../../engine/trace/history.ts';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const folder = workspace({
  'echo.c': `#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
  for (int c; (c = getchar()) != EOF;) putchar(c);
  return argc;
}
`,
  'trap.c': `#include <stdio.h>
int main(void) {
  int zero = 0;
  puts("before");
  return 1 / zero;
}
`,
  'arguments.c': `#include <stdio.h>
int main(int argc, char **argv) {
  puts(argv[argc - 1]);
  return 0;
}
`,
  'errors.c': `#include <stdio.h>
int main(void) {
  fputs("one ", stdout);
  fprintf(stderr, "%d ", 2);
  printf("three\\n");
  fputc('4', stderr);
  return 0;
}
`,
  'element.wat': `(module (type $f (func)) (table 2 funcref) (func (export "main") (call_indirect (type $f) (i32.const 1))))`,
  'uncaught.wat': `(module (import "stepformer" "write_error" (func $error (param i32)))
  (tag $a) (tag (export "late") (param i32)) (func $f (throw 1 (i32.const 7)))
  (func (export "main")
    (call $error (i32.const 33))
    (try (do (call $f)) (catch $a))))`,
  'deep.c':
    'int deep(int n) { volatile char room[64]; room[0] = 1; return deep(n + 1) + room[0]; }\nint main(void) { return deep(0); }\n',
  'limit.c': '#include <stdlib.h>\nint main(void) { return malloc(1u << 30) != 0; }\n',
  'files.c': `#include <stdio.h>
int main(void) {
  FILE *in = fopen("in.txt", "r"), *out = fopen("out.txt", "w");
  if (!in) return 1;
  for (int c; (c = getc(in)) != EOF;) putc(c ^ 32, out);
  fclose(out);
  return 0;
}
`,
  'endless.c': 'int main(void) { for (;;); }\n',
});
after(() => folder.remove());
const run = (name: string, args: string[], input = '') => runCli(['run', folder.path(name), ...args], input);

test('arguments, with and behind dashes, and input reach the program; its status is the exit status', async () => {
  const words = await run('echo.c', ['--verify', '--stdin', '-', '--arg', 'a b', '--', '--json', ''], 'line\n');
  assert.equal(words.output, '[a b][--json][]line\n');
  assert.equal(words.status, 4);
  assert.match(words.complaint, /^verified/m);
});

test('standard input reaches the program without being asked for', async () => {
  assert.deepEqual(await run('echo.c', [], 'two\nlines'), { status: 1, output: 'two\nlines', complaint: '' });
  const file = folder.write('input', 'from the file');
  assert.equal((await run('echo.c', ['--stdin', file], 'not this')).output, 'from the file');
});

test('a program that reads waits for the end of its input, and says so; another one does not', async () => {
  const waiting = (complaint: string) => /waiting for the end of standard input/.test(complaint);
  const reads = await runCli(['run', folder.path('echo.c')], 'late', waiting);
  assert.equal(reads.output, 'late');
  assert.ok(waiting(reads.complaint));
  // Their input is never ended.
  for (const name of ['arguments.c', 'errors.c', 'trap.c']) {
    const { complaint } = await runCli(['run', folder.path(name)], 'unread', () => false);
    assert.doesNotMatch(complaint, /waiting/, name);
  }
});

test('what the program writes to standard error comes out there, and as a field of its own', async () => {
  const words = await run('errors.c', ['--verify']);
  assert.deepEqual([words.status, words.output], [0, 'one three\n']);
  assert.equal(words.complaint, '2 4verified: the native run agrees\n');
  const { output, errors, verified } = JSON.parse((await run('errors.c', ['--json', '--verify'])).output);
  assert.deepEqual({ output, errors, verified }, { output: 'one three\n', errors: '2 4', verified: true });
});

test('help is for the command, not for the program behind dashes', async () => {
  assert.equal((await run('arguments.c', ['--', '--help'])).output, '--help\n');
  const { status, output } = await run('arguments.c', ['--help', '--', 'x']);
  assert.equal(status, 0);
  for (const number of Object.values(EXIT_STATUS).filter((number) => number !== EXIT_STATUS.claimFailed)) {
    assert.match(output, new RegExp(`^ +${number}  \\w`, 'm'));
  }
});

test('a trap that V8 has another word for is verified', async () => {
  const { status, complaint } = await run('element.wat', ['--verify']);
  assert.equal(status, 134);
  assert.match(complaint, /undefined element\nverified/);
});

test('an exception that nothing catches is verified: what is written of it, V8 leaves to others', async () => {
  const { status, output, complaint } = await run('uncaught.wat', ['--verify']);
  assert.deepEqual([status, output], [134, '']);
  assert.match(complaint, /^!uncaught exception: tag late\n.*uncaught exception\nverified: the native run agrees\n$/);
  const report = JSON.parse((await run('uncaught.wat', ['--verify', '--json'])).output);
  assert.deepEqual(
    [report.exit.reason, report.exit.uncaught, report.verified],
    ['uncaught exception', 'uncaught exception: tag late', true],
  );
});

test('a trap and an exhausted budget have a status of their own, and keep what was printed', async () => {
  const trap = await run('trap.c', ['--verify']);
  assert.deepEqual([trap.status, trap.output], [134, 'before\n']);
  assert.match(trap.complaint, /trap\.c:5: trap: integer divide by zero/);
  const budget = await run('endless.c', ['--max-tokens', '1000']);
  assert.equal(budget.status, 124);
  assert.match(budget.complaint, /1,000/);
});

test('a run in many contexts prints, traces, records and reports what it does in one', async () => {
  const input = 'carried over\n'.repeat(150);
  const traces = [folder.path('one.trace'), folder.path('many.trace')];
  const profiles = [folder.path('one.cpuprofile'), folder.path('many.cpuprofile')];
  const records = [folder.path('one.stepformer'), folder.path('many.stepformer')];
  const report = async (i: number, ...args: string[]) => {
    const kept = ['--trace', traces[i], '--profile', profiles[i], '--record', records[i], '--json', '--verify'];
    const { status, output } = await run('echo.c', ['--arg', 'x', ...kept, ...args], input);
    assert.equal(status, 2);
    return JSON.parse(output);
  };
  const one = await report(0);
  const many = await report(1, '--context', '4096');
  assert.deepEqual(one.contexts, { count: 1, carried: 0 });
  assert.ok(many.contexts.count > 1 && many.contexts.carried > 0, JSON.stringify(many.contexts));
  for (const key of ['output', 'exit', 'tokens', 'lines', 'verified']) assert.deepEqual(many[key], one[key], key);
  assert.equal(many.output, `[x]${input}`);
  for (const [first, second] of [traces, profiles, records])
    assert.ok(readFileSync(first).equals(readFileSync(second)));
});

test('an overflow of the stack is called one, with function and depth', async () => {
  const calls = await run('deep.c', []);
  assert.equal(calls.status, 134);
  assert.match(calls.complaint, /deep\.c:\d: stack overflow in deep: 16,384 calls are open, and more cannot be\n/);
  const frames = await run('deep.c', ['--stack-size', '65536']);
  assert.equal(frames.status, 134);
  assert.match(frames.complaint, /stack overflow in deep: \d{3} calls are open, and the stack has 65,536 bytes/);
});

test('the native run has the limit of memory that the machine has', async () => {
  const { status, complaint } = await run('limit.c', ['--verify']);
  assert.deepEqual([status, complaint], [0, 'verified: the native run agrees\n']);
});

test('a program reads the files that are given to it, and what it writes is saved', async () => {
  const given = folder.write('given.txt', 'Hello');
  const missing = await run('files.c', []);
  assert.equal(missing.status, 1);
  const { status } = await run('files.c', ['--file', `in.txt=${given}`, '--out', folder.path('saved'), '--verify']);
  assert.equal(status, 0);
  assert.equal(readFileSync(folder.path('saved/out.txt'), 'utf8'), 'hELLO');
  const refused = await run('element.wat', ['--file', `in.txt=${given}`]);
  assert.deepEqual([refused.status, /imports nothing of WASI/.test(refused.complaint)], [65, true]);
});

test('JSON says what a person is told, and the trace file has a line per instruction', async () => {
  const traceFile = folder.path('echo.stepformer-trace');
  const { status, output } = await run('echo.c', ['--json', '--verify', '--trace', traceFile, '--arg', 'x']);
  const report = JSON.parse(output);
  assert.equal(status, 2);
  assert.deepEqual([report.output, report.verified], ['[x]', true]);
  const lines = readFileSync(traceFile, 'utf8').split('\n');
  assert.equal(lines.filter((line) => line !== '' && !line.startsWith(';;')).length, report.lines);
});

test('a run is kept as a recording, which holds what was run and what was said', async () => {
  const file = folder.path('run.stepformer');
  const { status, output } = await run('echo.c', ['--record', file, '--arg', 'word'], 'text');
  assert.deepEqual([status, output], [2, '[word]text']);
  const saved = unpackRecording(readFileSync(file), file);
  const { program } = await loadSaved(saved);
  const [branch] = saved.branches;
  const history = new History(program, encodePrompt(program, saved.input));
  history.append(branch.tokens);
  assert.equal(history.end?.line, branch.position);
  assert.equal(history.end?.code, status);
  assert.equal(saved.sources.get(folder.path('echo.c')), readFileSync(folder.path('echo.c'), 'utf8'));
  const refused = await run('echo.c', ['--record', '/nowhere/at/all.stepformer']);
  assert.equal(refused.status, EXIT_STATUS.badInput);
  assert.match(refused.complaint, /recording cannot be written/);
});

test('--profile keeps where the tokens went, in the format that the name of the file says', async () => {
  const v8 = folder.path('out.cpuprofile');
  assert.equal((await run('echo.c', ['--profile', v8], 'some text')).status, 1);
  const { nodes, endTime } = JSON.parse(readFileSync(v8, 'utf8'));
  const names = nodes.map(({ callFrame }: { callFrame: { functionName: string } }) => callFrame.functionName);
  assert.ok(names.includes('main') && names.includes('getchar'), names.join());
  const speedscope = folder.path('out.json');
  await run('echo.c', ['--profile', speedscope], 'some text');
  const { profiles } = JSON.parse(readFileSync(speedscope, 'utf8'));
  assert.equal(profiles[0].endValue, endTime);
  const refused = await run('echo.c', ['--profile', folder.path('no/folder.json')], '');
  assert.equal(refused.status, EXIT_STATUS.badInput);
  assert.match(refused.complaint, /the profile cannot be written/);
});
