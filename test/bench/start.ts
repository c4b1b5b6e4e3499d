/** From nothing to the end of a run: the built command line, in a process of its own each time. */
import { spawnSync } from 'node:child_process';
import { quantile, timed } from './measure.ts';
import { exampleFile } from './programs.ts';

/** Milliseconds: from the start of the process to its end. */
export interface StartReport {
  readonly what: string;
  readonly time: number;
}

const RUNS = 3;
const cli = 'dist/cli.js';

/** The median of a few runs. @throws when one fails, for instance because nothing is built */
function measure(what: string, args: readonly string[]): StartReport {
  const times = Array.from({ length: RUNS }, () =>
    timed(() => {
      const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${what}: ${stderr}`);
    }),
  );
  return { what, time: quantile(times, 0.5) };
}

console.log(
  JSON.stringify([
    measure('`npm start`: Sudoku compiled, solved and verified', ['demo']),
    measure('`stepformer run examples/hello.c`', ['run', exampleFile('hello')]),
    measure('`stepformer run examples/hungarian.c`', ['run', exampleFile('hungarian')]),
    measure('`stepformer --version`', ['--version']),
  ] satisfies StartReport[]),
);
