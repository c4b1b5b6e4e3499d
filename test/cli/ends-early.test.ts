/** Runs that end before their programs: interrupted, or with nowhere to write. What there is is kept, and nothing is left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { endingOf } from '../../engine/cli/report.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { loadSaved, unpackRecording } from '../../engine/recording/saved-recording.ts';
import { ContextRun } from '../../engine/run/contexts.ts';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import { History } from '../../engine/trace/history.ts';
import { PATIENCE } from '../patience.ts';
import { source } from '../run/long.ts';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const folder = workspace({
  'endless.c': `#include <stdio.h>
int main(void) {
  puts("on");
  for (volatile int i = 0;; i++);
}
`,
  'hello.c': '#include <stdio.h>\nint main(void) { puts("hello"); return 3; }\n',
});
const compiler = new Compiler();
after(() => {
  compiler.dispose();
  folder.remove();
});

/** Runs it, and interrupts it as soon as it has written something. */
function interrupted(args: readonly string[]): Promise<{ status: number | null; output: string; complaint: string }> {
  const command = ['--import', 'tsx', 'engine/cli.ts', 'run', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE });
  let output = '';
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  child.stdout.on('data', (chunk) => {
    output += chunk;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output, complaint })));
}

test('a run that is interrupted says so, and what there is of it is kept', async () => {
  const [trace, record] = [folder.path('t.stepformer-trace'), folder.path('r.stepformer')];
  const end = await interrupted([folder.path('endless.c'), '--context', '4096', '--trace', trace, '--record', record]);
  assert.equal(end.status, EXIT_STATUS.interrupted);
  assert.equal(end.output, 'on\n');
  assert.match(end.complaint, /endless\.c:4: interrupted after [\d,]+ tokens\n$/);
  const saved = unpackRecording(readFileSync(record), record);
  const { program } = await loadSaved(saved);
  const [{ tokens, position }] = saved.branches;
  const history = new History(program, encodePrompt(program, saved.input));
  history.append(tokens);
  assert.equal(history.lines, position);
  assert.match(end.complaint, new RegExp(`after ${tokens.length.toLocaleString('en')} tokens`));
  assert.equal(readFileSync(trace, 'utf8').match(/^[^;\n].*$/gm)?.length, position);
  assert.deepEqual(readdirSync(folder.path('.')).sort(), [
    'endless.c',
    'hello.c',
    'r.stepformer',
    't.stepformer-trace',
  ]);
});

test('wherever a run is interrupted, it was in a line of C: between contexts, too', async () => {
  const loaded = await load([folder.path('endless.c')], { compiler });
  const run = new ContextRun(loaded.program, { input: new Uint8Array(), more: false }, source(), {
    budget: Number.POSITIVE_INFINITY,
    prompt: encodePrompt,
    length: (state) => state + 300,
  });
  while (run.generated < 20_000) run.advance(1000);
  const [count, lines] = [run.count, new Set<number | undefined>()];
  while (run.count < count + 3) {
    run.advance(1);
    lines.add(endingOf({ kind: 'interrupted' }, run, loaded).line);
  }
  assert.deepEqual([...lines], [4]);
});

test('a disk that is full, or a folder that is not there, ends a run with its reason', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const run = (...args: string[]) => runCli(['run', folder.path('hello.c'), ...args]);
  const full = await run('--record', '/dev/full');
  assert.deepEqual([full.status, full.output], [EXIT_STATUS.badInput, 'hello\n']);
  assert.match(full.complaint, /\/dev\/full: the recording cannot be written: ENOSPC/);
  const trace = await run('--trace', '/dev/full');
  assert.equal(trace.status, EXIT_STATUS.badInput);
  assert.match(trace.complaint, /\/dev\/full: the trace cannot be written: ENOSPC/);
  const nowhere = await run('--record', '/nowhere/at/all.stepformer');
  assert.deepEqual([nowhere.status, nowhere.output], [EXIT_STATUS.badInput, ''], 'it is said before anything runs');
  assert.match(nowhere.complaint, /recording cannot be written: ENOENT/);
});

test('a recording takes the place of an older one as a whole', async () => {
  const record = folder.path('again.stepformer');
  writeFileSync(record, 'old');
  assert.equal((await runCli(['run', folder.path('hello.c'), '--record', record])).status, 3);
  assert.equal(unpackRecording(readFileSync(record), record).branches.length, 1);
  assert.deepEqual(
    readdirSync(folder.path('.')).filter((name) => name.endsWith('.part')),
    [],
  );
});
