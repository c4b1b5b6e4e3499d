#!/usr/bin/env node
/**
 * `stepformer`: the command line. One command per file in cli/; here only which is meant, and how it ends.
 */
import { helpText, versionText } from './cli/help.ts';
import { ownArguments, UsageError } from './cli/options.ts';
import { PlacedError } from './errors.ts';
import { EXIT_STATUS } from './run/exit-status.ts';
import { startQuickly } from './toolchain/cache/quick-start.ts';

startQuickly();

/** It resolves with the exit status, or undefined while something it started goes on. */
type Command = (args: readonly string[]) => Promise<number | undefined>;

const rarer = () => import('./cli/rarer.ts');

/** Few parts, and of them no more than is asked for. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./cli/run.ts')).run,
  invoke: async () => (await rarer()).invoke,
  wast: async () => (await rarer()).wast,
  model: async () => (await rarer()).model,
  export: async () => (await rarer()).exportModel,
  specialize: async () => (await rarer()).specialize,
  dap: async () => (await rarer()).dap,
  demo: async () => (await import('./cli/demo.ts')).demo,
};

async function main(args: readonly string[]): Promise<number | undefined> {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(helpText(rest[0]));
    return command === undefined ? EXIT_STATUS.badInput : 0;
  }
  if (command === '--version' || command === '-v') {
    process.stdout.write(`${await versionText()}\n`);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    throw new UsageError(`there is no command "${command}"; there are ${Object.keys(COMMANDS).join(', ')}`);
  }
  const own = ownArguments(rest);
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(helpText(command));
    return 0;
  }
  return (await COMMANDS[command]())(rest);
}

// Whoever reads our output may stop reading: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : EXIT_STATUS.fault),
);

main(process.argv.slice(2)).then(
  (status) => {
    if (status !== undefined) process.exitCode = status;
  },
  (error: unknown) => {
    const isInput = error instanceof PlacedError;
    process.stderr.write(`stepformer: ${isInput ? error : error instanceof Error ? error.stack : error}\n`);
    if (error instanceof UsageError) process.stderr.write('See stepformer --help.\n');
    process.exitCode = isInput ? EXIT_STATUS.badInput : EXIT_STATUS.fault;
  },
);
