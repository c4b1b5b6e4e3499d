/** `stepformer demo`: what the project does, in one command: the hardest Sudoku, solved by the transformer. */
import { fileURLToPath } from 'node:url';
import { UsageError } from './options.ts';
import { run } from './run.ts';

const sudoku = fileURLToPath(
  new URL(`${import.meta.url.endsWith('.ts') ? '../../' : '../'}examples/sudoku.c`, import.meta.url),
);

const BEFORE = `Stepformer: compiles examples/sudoku.c and runs it inside a transformer, token by token.
The puzzle is Arto Inkala's, with 21 clues; what follows is the program's own log.

`;

const AFTER = `
To debug it there: "npm run code" opens VS Code in a browser with this extension (or install the .vsix that
"npm run package" makes); open examples/sudoku.c and press F5.
`;

/** Runs the demonstration; resolves with the exit status. */
export async function demo(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new UsageError(`unexpected "${args[0]}"`);
  process.stdout.write(BEFORE);
  const status = await run([sudoku, '--verify', '--summary', '--no-cache']);
  process.stdout.write(AFTER);
  return status;
}
