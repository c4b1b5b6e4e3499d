/** The end of a program that throws what nothing catches: which exception, and where it was thrown. */
import { opcodeIndex } from '../isa/opcodes.ts';
import type { End, History } from './history.ts';

/** What such an end is called, where it does not matter which tag was thrown. */
export const UNCAUGHT = 'uncaught exception';

/** What the program wrote of the exception that it ended by, such as "uncaught exception: tag 0"; undefined for another end. */
export function uncaughtText({ kind, line }: End, history: History): string | undefined {
  return kind === 'trap' ? history.program.uncaught?.texts.get(history.cursorOf(line)) : undefined;
}

/** The line that threw what the program ended by: the last one to set its tag before the end began; −1 if the history begins later. */
export function thrownAt({ line }: End, history: History): number {
  const { ops, imms, uncaught } = history.program;
  if (!uncaught) return -1;
  const set = opcodeIndex('global.set');
  const marks = Uint8Array.from(ops, (op, cursor) =>
    Number(op === set && imms[cursor] === uncaught.cell && (cursor < uncaught.start || cursor >= uncaught.end)),
  );
  return history.lastMarked(marks, 0, line);
}
