/** The command line run from source, as a process of its own with a small heap. */
import { spawn } from 'node:child_process';
import { PATIENCE } from '../patience.ts';

export interface CliRun {
  readonly status: number | null;
  /** Standard output, and error. */
  readonly output: string;
  readonly complaint: string;
}

export function runCli(args: readonly string[], input = ''): Promise<CliRun> {
  const command = ['--max-old-space-size=400', '--import', 'tsx', 'engine/cli.ts', ...args];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'pipe'], timeout: PATIENCE });
  const output: Buffer[] = [];
  const complaint: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: text(output), complaint: text(complaint) }));
  });
}
