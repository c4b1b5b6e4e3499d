/**
 * Loads clang's package. Its files in memory are copied whole for each 4 KiB that are written to them, so that an object
 * of 50 MB (an array of zeros) would take minutes: here they grow by doubling. The package has no door for that, so its
 * text is changed where it is loaded; a version that is written otherwise is loaded as it is.
 */
import { readFile } from 'node:fs/promises';

const COPIES = `    const newData = new Uint8Array(Math.max(this.file.data.length, offset + contents.length));
    newData.set(this.file.data);
    newData.subarray(offset).set(contents);
    this.file.data = newData;`;

const GROWS = `    const end = Math.max(this.file.data.length, offset + contents.length);
    if (this.file.room !== this.file.data.buffer || end > this.file.room.byteLength) {
      const more = new Uint8Array(2 * end);
      more.set(this.file.data);
      this.file.room = more.buffer;
    }
    this.file.data = new Uint8Array(this.file.room, 0, end);
    this.file.data.set(contents, offset);`;

/** What it asks the environment several times for each system call, which takes longer than the call. */
const ASKS = 'globalThis?.process?.env?.JCO_DEBUG';

/** The package's module. */
export async function importPackage(): Promise<unknown> {
  const url = import.meta.resolve('@yowasp/clang');
  const source = await readFile(new URL(url), 'utf8');
  if (!source.includes(COPIES)) return import('@yowasp/clang');
  // It looks for its files beside itself.
  const changed = source
    .replace(COPIES, GROWS)
    .replaceAll(ASKS, 'false')
    .replaceAll('import.meta.url', JSON.stringify(url));
  return import(`data:text/javascript;base64,${Buffer.from(changed).toString('base64')}`);
}
