/**
 * Runs test files below `test/` with node's test runner: all of them, those whose path contains every given word, or
 * with `--fast` all but those that take their time. A run that finds no test file is a failure.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from './patience.ts';
import { SLOW } from './slow.ts';

const root = import.meta.dirname;
const args = process.argv.slice(2);
const isFast = args.includes('--fast');
const words = args.filter((arg) => arg !== '--fast');
const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts') && words.every((word) => file.includes(word)))
  .sort();
const files = isFast ? found.filter((file) => !SLOW.has(file)) : found;
if (isFast) {
  const left = found.filter((file) => SLOW.has(file));
  console.log(
    `${files.length} of ${found.length} test files; left out, because they are slow:\n  ${left.join('\n  ')}`,
  );
}
if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ')}`);
  process.exit(1);
}
// It holds for a file with all of its tests.
const timeout = `--test-timeout=${3 * PATIENCE}`;
const options = ['--import', 'tsx', '--test', '--test-concurrency=2', timeout];
const result = spawnSync(process.execPath, [...options, ...files.map((file) => path.join(root, file))], {
  stdio: 'inherit',
  // Tests see what happens, not what happened before; and they leave nothing in the user's folders.
  env: { ...process.env, STEPFORMER_NO_CACHE: '1' },
});
process.exit(result.status ?? 1);
