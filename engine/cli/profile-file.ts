/** The profile of a run as a file that other tools open. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { PlacedError } from '../errors.ts';
import { profileText } from '../profile/formats.ts';
import { profile } from '../profile/profile.ts';
import type { Loaded } from '../toolchain/load.ts';
import type { History } from '../trace/history.ts';

/** @throws PlacedError when the file cannot be written */
export function writeProfile(file: string, loaded: Loaded, history: History): void {
  const steps = profile(loaded, history, history.lines);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const text = profileText(step.value, file, basename(loaded.files[0]));
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new PlacedError(`the profile cannot be written: ${(error as Error).message}`, { file });
  }
}
