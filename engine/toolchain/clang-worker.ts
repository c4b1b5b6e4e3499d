/**
 * The thread in which clang and lld run: WebAssembly modules of 75 MB in all, loaded once and kept.
 *
 * Takes one job at a time: a tree of files, a list of commands, the file to return. Loaded unbundled, because the
 * package finds its own files through `import.meta.url`. The package prints on stdout now and then; whoever starts
 * the thread keeps its stdout apart (`startThread`).
 */
import { parentPort } from 'node:worker_threads';

/** Directory tree in memory. */
export interface FileTree {
  [name: string]: FileTree | Uint8Array | string;
}

export interface ClangJob {
  id: number;
  files: FileTree;
  /** Command lines for LLVM's combined binary: `['clang', '-cc1', …]`, `['wasm-ld', …]`, `['ar', …]`. */
  commands: string[][];
  /** Path of the file to return, below the root: `out/program.wasm`. Empty: only load the compiler. */
  output: string;
}

export interface ClangReply {
  id: number;
  /** What each command printed (stdout and stderr), as far as they ran. */
  logs: string[];
  /** Index of the command that failed, or -1. */
  failed: number;
  output?: Uint8Array;
  /** The compiler itself broke (out of memory, internal error). */
  crash?: string;
}

interface ClangModule {
  runLLVM(args: string[] | null, files: FileTree, options: object): Promise<FileTree | undefined>;
  Exit: new (code: number) => Error & { code: number; files: FileTree };
}

let loading: Promise<ClangModule> | undefined;

async function load(): Promise<ClangModule> {
  const clang = (await import('@yowasp/clang')) as unknown as ClangModule;
  await clang.runLLVM(null, {}, { fetchProgress() {} });
  return clang;
}

async function runJob({ id, files, commands, output }: ClangJob): Promise<ClangReply> {
  loading ??= load();
  const clang = await loading;
  const logs: string[] = [];
  let tree = files;
  for (let i = 0; i < commands.length; i++) {
    const decoder = new TextDecoder();
    let log = '';
    const collect = (bytes: Uint8Array | null) => {
      if (bytes) log += decoder.decode(bytes, { stream: true });
    };
    let crash: string | undefined;
    let failed = false;
    try {
      tree = (await clang.runLLVM(commands[i], tree, { decodeASCII: false, stdout: collect, stderr: collect })) ?? tree;
    } catch (error) {
      failed = true;
      if (!(error instanceof clang.Exit)) crash = error instanceof Error ? error.message : String(error);
    }
    logs.push(log);
    if (failed) return { id, logs, failed: i, crash };
  }
  let found: FileTree | Uint8Array | string | undefined = tree;
  if (output) {
    for (const part of output.split('/')) {
      found = typeof found === 'object' && !(found instanceof Uint8Array) ? found[part] : undefined;
    }
  }
  return { id, logs, failed: -1, output: found instanceof Uint8Array ? found : undefined };
}

parentPort?.on('message', (job: ClangJob) => {
  runJob(job).then(
    (reply) => parentPort?.postMessage(reply),
    (error: unknown) => {
      loading = undefined;
      const crash = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ id: job.id, logs: [], failed: 0, crash } satisfies ClangReply);
    },
  );
});
