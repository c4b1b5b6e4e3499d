/** What the command line keeps of a compilation, what it says about it, and that nothing of a run stays behind. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-cli-cache-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'a.c');
writeFileSync(file, '#include <stdio.h>\nint main(void) { putchar(65); return 3; }\n');
/** A variable that all processes of a run inherit. */
const MARK = `${process.pid}-${Date.now()}`;

function run(caches: string, args: readonly string[] = [], program = file) {
  // XDG's variable counts on Linux, the others elsewhere.
  const env = {
    ...process.env,
    STEPFORMER_NO_CACHE: '',
    STEPFORMER_TEST_MARK: MARK,
    XDG_CACHE_HOME: caches,
    LOCALAPPDATA: caches,
    HOME: caches,
  };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['dist/cli.js', 'run', '--summary', ...args, program],
    { encoding: 'utf8', env },
  );
  return { stdout, stderr, status };
}

test('a program that was compiled before is not compiled again, and the summary says so', () => {
  const caches = path.join(folder, 'caches');
  const first = run(caches);
  assert.deepEqual([first.stdout, first.status], ['A', 3]);
  assert.match(first.stderr, /^compiled, and kept in .*compiled-1$/m);
  const again = run(caches);
  assert.deepEqual([again.stdout, again.status], ['A', 3]);
  assert.match(again.stderr, /^compiled before: taken from .*compiled-1$/m);
  writeFileSync(file, readFileSync(file, 'utf8').replace('65', '66'));
  const edited = run(caches);
  assert.equal(edited.stdout, 'B');
  assert.match(edited.stderr, /^compiled, and kept in /m);
  const without = run(caches, ['--no-cache']);
  assert.equal(without.stdout, 'B');
  assert.doesNotMatch(without.stderr, /compiled/);
});

test('where nothing can be kept a program runs all the same, and the summary says why', () => {
  const { stdout, stderr } = run(file);
  assert.equal(stdout, 'B');
  assert.match(stderr, /^what was compiled could not be kept: E/m);
});

test('errors that were found before are found again, with their places', () => {
  const bad = path.join(folder, 'bad.c');
  writeFileSync(bad, 'int main(void) {\n  return x;\n}\n');
  const caches = path.join(folder, 'bad-caches');
  const [first, again] = [run(caches, [], bad), run(caches, [], bad)];
  assert.match(first.stderr, /bad\.c:2:10: /);
  assert.deepEqual(again, first);
});

test('no process of a run outlives it', { skip: process.platform !== 'linux' }, () => {
  run(folder, ['--no-cache']);
  const left = readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      return readFileSync(`/proc/${id}/environ`, 'latin1').includes(`STEPFORMER_TEST_MARK=${MARK}`);
    } catch {
      return false;
    }
  });
  assert.deepEqual(left, []);
});
