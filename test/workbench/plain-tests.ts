/** Runs the tests of views in a plain web page, with Node's test runner: they are served by the adapter's driver, without VS Code. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/vscode-cache.ts';
import type { Tally } from './run.ts';

const FOLDER = 'test/views/plain';

export async function runPlainTests(grep?: string): Promise<Tally> {
  const files = readdirSync(path.join(root, FOLDER)).filter((name) => name.endsWith('.plain.ts'));
  const pattern = grep ? ['--test-name-pattern', grep] : [];
  const args = ['--import', 'tsx', '--test', ...pattern, '--test-concurrency=1', ...files.map((f) => `${FOLDER}/${f}`)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    process.stdout.write(text);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const count = (what: string) => Number(new RegExp(`^[#ℹ] ${what} (\\d+)`, 'm').exec(told)?.[1] ?? 0);
  const failed = count('fail');
  if (code !== 0 && failed === 0) throw new Error(`the tests of ${FOLDER} ended with ${code}`);
  return { passed: count('pass'), failed };
}
