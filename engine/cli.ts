#!/usr/bin/env node
/**
 * `stepformer`: the command line. One command per file in cli/; here only which is meant, and how it ends.
 */
import { dap } from './cli/dap.ts';
import { demo } from './cli/demo.ts';
import { exportModel } from './cli/export.ts';
import { helpText, versionText } from './cli/help.ts';
import { invoke } from './cli/invoke.ts';
import { model } from './cli/model.ts';
import { ownArguments, UsageError } from './cli/options.ts';
import { run } from './cli/run.ts';
import { specialize } from './cli/specialize.ts';
import { wast } from './cli/wast.ts';
import { PlacedError } from './errors.ts';
import { EXIT_STATUS } from './run/exit-status.ts';

/** Commands: they resolve with the exit status, or undefined while something they started goes on. */
const COMMANDS: Record<string, (args: readonly string[]) => Promise<number | undefined>> = {
  run,
  invoke,
  wast,
  model,
  export: exportModel,
  specialize,
  dap,
  demo,
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
  return COMMANDS[command](rest);
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
