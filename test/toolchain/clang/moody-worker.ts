/** Stands for the compiler's process: a job's first command says what becomes of it. */
import { existsSync, writeFileSync } from 'node:fs';
import type { ClangJob } from '../../../engine/toolchain/clang/clang-worker.ts';

process.on('message', ({ id, commands: [[mood, file]] }: ClangJob) => {
  const first = !existsSync(file);
  if (first) writeFileSync(file, `${process.pid}`);
  const withCode = mood.startsWith('code') && process.argv[2] !== 'no-code';
  const bad = withCode || mood.startsWith('always') || (mood.startsWith('once') && first);
  if (bad && mood.endsWith('dies')) process.exit(3);
  if (bad) for (;;);
  process.send?.({ id, logs: [`${process.pid}`], failed: -1 });
});
process.on('disconnect', () => process.exit());
