/** A file that is there as a whole or, where it cannot be written, as it was before. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Writes a file beside, which then takes its place. What is no file but takes bytes (a pipe) is written to. @throws Error */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile()) {
    writeFileSync(path, bytes);
    return;
  }
  const file = there ? realpathSync(path) : path;
  const beside = `${file}.${process.pid}.part`;
  try {
    writeFileSync(beside, bytes);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
