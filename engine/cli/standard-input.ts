/**
 * A program's standard input: a file, or what this command is given on its own. Only a program that can read waits for
 * ours; of a terminal it is taken as the program reads it, with `--stdin -` all of it before.
 */
import { readFile } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { PlacedError } from '../errors.ts';
import { LIMITS } from '../isa/limits.ts';

/** Milliseconds until it is said what is waited for. */
const PATIENCE = 1000;
const WAITING = 'stepformer: waiting for the end of standard input (to give none: < /dev/null)\n';

/**
 * The bytes of the file, or of our standard input: for `-`, or without a name where `reads` and it is no terminal.
 * @param reads whether the program can read its input
 * @throws PlacedError when it cannot be read
 */
export async function standardInput(file: string | undefined, reads: boolean): Promise<Uint8Array> {
  if (file === undefined && (!reads || isatty(0))) return new Uint8Array();
  try {
    return file === undefined || file === '-' ? await ourInput() : await readFile(file);
  } catch (error) {
    throw new PlacedError(`standard input cannot be read: ${(error as Error).message}`, { file: file ?? '-' });
  }
}

/** Whether the program's input is typed while it runs: nothing else is said, and ours is a terminal's. */
export function isTyped(file: string | undefined, reads: boolean): boolean {
  return file === undefined && reads && isatty(0);
}

/** What this command is given, to its end, or until there is more than any prompt can hold. */
export async function ourInput(): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const note = isatty(0) ? undefined : setTimeout(() => process.stderr.write(WAITING), PATIENCE);
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LIMITS.promptTokens) break;
    }
  } finally {
    clearTimeout(note);
  }
  return Buffer.concat(chunks);
}
