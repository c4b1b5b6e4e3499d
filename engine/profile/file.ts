/** Profiles as files that other tools open; see formats.ts. */
import { writeFileSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import { profileText } from './formats.ts';
import type { Profile } from './profile.ts';

/** `name`: of the program. Returns the bytes written. @throws PlacedError when the file cannot be written */
export function writeProfile(file: string, profile: Profile, name: string): number {
  const text = profileText(profile, file, name);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new PlacedError(`the profile cannot be written: ${(error as Error).message}`, { file });
  }
  return Buffer.byteLength(text);
}
