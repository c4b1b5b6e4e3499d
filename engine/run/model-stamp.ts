/**
 * The checksum of a model whose files nobody has touched since the build, without reading them: 24 MB take as long as all
 * else that a small program waits for. The build notes what the file system says of the files; whatever writes to them,
 * moves or copies them changes that, and then the checksum is computed.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the build notes it: beside the built programs. A package, whose files are copies, has none. */
const stampFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/model-stamp.json' : './model-stamp.json', import.meta.url),
);

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
export async function stampModel(folder: string, checksum: string, file: string = stampFile): Promise<void> {
  const stamp: Stamp = { checksum, files: await stateOf(folder) };
  await writeFile(file, `${JSON.stringify(stamp)}\n`);
}

/** The checksum of the files in `folder`; undefined where they have to be read to know it. */
export async function stampedChecksum(folder: string, file: string = stampFile): Promise<string | undefined> {
  try {
    const [stamp, state] = await Promise.all([readFile(file, 'utf8'), stateOf(folder)]);
    const { checksum, files } = JSON.parse(stamp) as Stamp;
    return files.join() === state.join() ? checksum : undefined;
  } catch {
    return undefined;
  }
}
