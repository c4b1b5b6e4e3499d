/**
 * The checksum of a model whose files nobody has touched since the build, without reading them: 24 MB take as long as all
 * else that a small program waits for. The build notes what the file system says of the files; whatever writes to them,
 * moves or copies them changes that, and then the checksum is computed.
 */
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ModelFiles } from '../transformer/model.ts';

/** Where the build notes it: beside the model's folder. A package, whose files are copies, has none. */
const stampOf = (folder: string) => join(dirname(resolve(folder)), 'model-stamp.json');

interface Stamp {
  readonly checksum: string;
  readonly files: readonly string[];
}

/** The time of the last change of a file's data or place cannot be set by a program, as that of its data can. */
async function stateOf(folder: string): Promise<string[]> {
  const files = ['model.safetensors', 'vocab.json', 'config.json'].map((name) => join(folder, name));
  const stats = await Promise.all(files.map((file) => stat(file, { bigint: true })));
  return stats.map(({ ino, size, mtimeNs, ctimeNs }) => [ino, size, mtimeNs, ctimeNs].join(' '));
}

/** Notes that the files in `folder` have this checksum. */
export async function stampModel(folder: string, checksum: string, file: string = stampOf(folder)): Promise<void> {
  const stamp: Stamp = { checksum, files: await stateOf(folder) };
  await writeFile(file, `${JSON.stringify(stamp)}\n`);
}

/** The checksum of the files in `folder`; undefined where they have to be read to know it. */
export async function stampedChecksum(folder: string, file: string = stampOf(folder)): Promise<string | undefined> {
  try {
    const [stamp, state] = await Promise.all([readFile(file, 'utf8'), stateOf(folder)]);
    const { checksum, files } = JSON.parse(stamp) as Stamp;
    return files.join() === state.join() ? checksum : undefined;
  } catch {
    return undefined;
  }
}

/** Checksum of a model: by it what was made of the model is found. */
export async function modelChecksum({ safetensors, vocab, config }: ModelFiles): Promise<string> {
  const rest = JSON.stringify([vocab, config]);
  // In a thread of its own, while this one does other things.
  const weights = Buffer.from(await crypto.subtle.digest('SHA-256', safetensors as Uint8Array<ArrayBuffer>));
  return createHash('sha256').update(weights).update(rest).digest('hex');
}
