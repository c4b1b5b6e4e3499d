/** The command line run from source, as a process of its own with a small heap. */
import { spawn } from 'node:child_process';
import { PATIENCE } from '../patience.ts';

export interface CliRun {
  readonly status: number | null;
  /** Standard output, and error. */
  readonly output: string;
  readonly complaint: string;
}

/**
 * @param input what it is given on standard input, which then ends
 * @param ended tells from what it has said so far on standard error whether its input may end
 */
export function runCli(
  args: readonly string[],
  input = '',
  ended: (complaint: string) => boolean = () => true,
): Promise<CliRun> {
  const command = ['--max-old-space-size=400', '--import', 'tsx', 'engine/cli.ts', ...args];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'pipe'], timeout: PATIENCE });
  const output: Buffer[] = [];
  const complaint: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
  child.stderr.on('data', (chunk: Buffer) => {
    complaint.push(chunk);
    if (ended(text(complaint))) child.stdin.end();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(input);
  if (ended('')) child.stdin.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: text(output), complaint: text(complaint) }));
  });
}
