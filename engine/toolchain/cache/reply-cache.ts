/**
 * What the compiler answered before, on disk: the same files and commands, given to the same compiler, give the same
 * answer.
 *
 * An entry is a file named after a hash of all that the compiler is given. It begins with a checksum of what follows, so
 * a damaged one is known as such and made again. It is there only when it is whole (written under another name, then
 * renamed), so processes may share a folder. Beyond a limit of bytes those go that were used longest ago.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClangReply, FileTree } from '../clang/clang-worker.ts';
import { cacheFolder } from './cache-folder.ts';

/** The folder of entries in the form that this file describes. */
const FORM = 'compiled-1';
/** Bytes of all entries, at most. */
const LIMIT = 200e6;
/** Milliseconds after which a file that was never renamed is one of a process that ended meanwhile. */
const ABANDONED = 3_600_000;
const CHECKSUM_BYTES = 32;

/** An answer, as far as it depends on the question alone. */
type Answer = Pick<ClangReply, 'logs' | 'failed' | 'output'>;

export class ReplyCache {
  readonly folder: string;
  /** Why the last answer could not be kept; undefined while all is well. */
  problem: string | undefined;
  private readonly limit: number;
  private writes = 0;

  constructor(folder: string = join(cacheFolder(), FORM), limit: number = LIMIT) {
    this.folder = folder;
    this.limit = limit;
  }

  /** The name of what a compiler answers to these commands over these files. */
  keyOf(files: FileTree, commands: readonly (readonly string[])[], output: string): string {
    const hash = createHash('sha256').update(JSON.stringify([compilerVersion(), commands, output]));
    const add = (tree: FileTree) => {
      // What is read at the same time comes in any order.
      for (const [name, entry] of Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (typeof entry === 'string' || entry instanceof Uint8Array) {
          hash.update(
            `${JSON.stringify(name)}:${typeof entry === 'string' ? Buffer.byteLength(entry) : entry.length};`,
          );
          hash.update(entry);
        } else {
          hash.update(`${JSON.stringify(name)}{`);
          add(entry);
          hash.update('}');
        }
      }
    };
    add(files);
    return hash.digest('hex');
  }

  /** What was answered before; undefined where nothing was kept, or it is damaged. */
  async get(key: string): Promise<Answer | undefined> {
    const file = join(this.folder, key);
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch {
      return undefined;
    }
    const answer = unpack(bytes);
    // A time of use that cannot be set, or a damaged entry that cannot be taken away, changes no answer.
    const now = new Date();
    await (answer ? utimes(file, now, now) : rm(file, { force: true })).catch(() => {});
    return answer;
  }

  /** Keeps an answer; where that is not possible, `problem` says why. */
  async put(key: string, answer: Answer): Promise<void> {
    const { folder } = this;
    const temporary = join(folder, `${key}.${process.pid}-${this.writes++}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, pack(answer));
      await rename(temporary, join(folder, key));
      this.problem = undefined;
      await this.shrink();
    } catch (error) {
      this.problem = (error as Error).message;
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  /** Takes entries away until the rest is within the limit, and what processes left that ended while they wrote. */
  private async shrink(): Promise<void> {
    const { folder, limit } = this;
    const found = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        // Another process may have taken it away.
        const at = await stat(join(folder, name)).catch(() => undefined);
        return at?.isFile()
          ? [{ file: join(folder, name), size: at.size, used: at.mtimeMs, whole: !name.includes('.') }]
          : [];
      }),
    );
    const abandoned = Date.now() - ABANDONED;
    let kept = 0;
    for (const { file, size, used, whole } of found.flat().sort((a, b) => b.used - a.used)) {
      kept += size;
      if (kept > limit || (!whole && used < abandoned)) {
        kept -= size;
        await rm(file, { force: true });
      }
    }
  }
}

/** The cache of whoever runs this; undefined where the environment says that there is to be none. */
export function userCache(): ReplyCache | undefined {
  return process.env.STEPFORMER_NO_CACHE ? undefined : new ReplyCache();
}

let version: string | undefined;

/** Which compiler it is. */
function compilerVersion(): string {
  if (version === undefined) {
    const require = createRequire(import.meta.url);
    const folder = dirname(dirname(require.resolve('@yowasp/clang')));
    version = (require(join(folder, 'package.json')) as { version: string }).version;
  }
  return version;
}

/** Checksum; length of the JSON; the JSON; bytes of the output. */
function pack({ logs, failed, output }: Answer): Buffer {
  const json = Buffer.from(JSON.stringify({ logs, failed, hasOutput: output !== undefined }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([length, json, output ?? new Uint8Array()]);
  return Buffer.concat([createHash('sha256').update(content).digest(), content]);
}

function unpack(bytes: Buffer): Answer | undefined {
  const content = bytes.subarray(CHECKSUM_BYTES);
  if (!createHash('sha256').update(content).digest().equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined;
  const end = 4 + content.readUInt32LE();
  const { logs, failed, hasOutput } = JSON.parse(content.toString('utf8', 4, end)) as Answer & { hasOutput: boolean };
  return { logs, failed, output: hasOutput ? new Uint8Array(content.subarray(end)) : undefined };
}
