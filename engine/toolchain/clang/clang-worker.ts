/**
 * The process in which clang and lld run: WebAssembly modules of 75 MB in all, loaded once and kept.
 *
 * Takes one job at a time: a tree of files, a list of commands, the file to return. Loaded unbundled, because the
 * package finds its own files through `import.meta.url`.
 *
 * Most of a first compilation would go into preparing what is not needed. So V8 neither validates functions before they
 * are called nor optimises those that are called often (a compilation is over before that pays), and the package's
 * files reach it as bytes, not as streams, without the headers and libraries that we do not use.
 */
import { setFlagsFromString } from 'node:v8';
import { type FileTree, filterTar, neededByC, neededByCxx, treeOfTar } from './archive.ts';
import { importPackage } from './package.ts';

/** An argument that stays where a compiled file mentions something, or where none does. */
export interface Choice {
  argument: string;
  mentions: RegExp;
  stays: boolean;
}

export interface ClangJob {
  id: number;
  files: FileTree;
  /** Command lines for LLVM's combined binary: `['clang', '-cc1', …]`, `['wasm-ld', …]`, `['ar', …]`. */
  commands: string[][];
  /** Arguments of the last command that depend on what is in `out/`. */
  choices?: readonly Choice[];
  /** Whether the headers and libraries of C++ are to be there, as `/cxx`. */
  cxx?: boolean;
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

/* TypeScript's library for Node's types does not declare WebAssembly outside browsers. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  compileStreaming(response: Promise<PackageFile>): Promise<object>;
};

setFlagsFromString('--wasm-lazy-validation');
setFlagsFromString('--wasm-tiering-budget=2000000000');

/** Stands for `Response` in what the package does with one: hand a file through a stream, then compile or unpack it. */
class PackageFile {
  readonly headers: Record<string, string>;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, { headers }: { headers: Record<string, string> }) {
    this.bytes = bytes;
    this.headers = headers;
  }

  get body() {
    return { pipeThrough: () => this.bytes };
  }

  /** Bytes of the package's one archive, of headers and libraries: those that are used. */
  arrayBuffer(): ArrayBuffer {
    archive = this.bytes;
    return new Uint8Array(filterTar(this.bytes, neededByC)).buffer;
  }

  static async compile(file: Promise<PackageFile>): Promise<object> {
    return WebAssembly.compile((await file).bytes);
  }
}

Object.assign(globalThis, { Response: PackageFile });
WebAssembly.compileStreaming = PackageFile.compile;

let archive: Uint8Array | undefined;
let cxxTree: FileTree | undefined;

/** Headers and libraries of C++. */
function filesOfCxx(): FileTree {
  cxxTree ??= treeOfTar(archive ?? new Uint8Array(), neededByCxx);
  return cxxTree;
}

let loading: Promise<ClangModule> | undefined;

async function load(): Promise<ClangModule> {
  const clang = (await importPackage()) as ClangModule;
  await clang.runLLVM(null, {}, { fetchProgress() {} });
  return clang;
}

async function runJob({ id, files, commands, choices = [], cxx = false, output }: ClangJob): Promise<ClangReply> {
  const clang = await loaded();
  const logs: string[] = [];
  let tree = cxx ? { ...files, cxx: filesOfCxx() } : files;
  for (let i = 0; i < commands.length; i++) {
    const isLast = i === commands.length - 1;
    const command = isLast ? chosen(commands[i], choices, tree) : commands[i];
    const decoder = new TextDecoder();
    let log = '';
    const collect = (bytes: Uint8Array | null) => {
      if (bytes) log += decoder.decode(bytes, { stream: true });
    };
    let crash: string | undefined;
    let failed = false;
    try {
      tree = (await clang.runLLVM(command, tree, { decodeASCII: false, stdout: collect, stderr: collect })) ?? tree;
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

/** The command without the arguments that what was compiled rules out. */
function chosen(command: string[], choices: readonly Choice[], { out }: FileTree): string[] {
  if (choices.length === 0) return command;
  const mentioned = Object.values(out).map((file) => Buffer.from(file as Uint8Array).toString('latin1'));
  const ruledOut = choices.filter(({ mentions, stays }) => mentioned.some((text) => mentions.test(text)) !== stays);
  return command.filter((argument) => !ruledOut.some((choice) => choice.argument === argument));
}

/** Loads clang; after a failure the next job tries again. */
function loaded(): Promise<ClangModule> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

process.on('message', (job: ClangJob) => {
  runJob(job).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      const crash = error instanceof Error ? error.message : String(error);
      process.send?.({ id: job.id, logs: [], failed: 0, crash } satisfies ClangReply);
    },
  );
});
process.on('disconnect', () => process.exit());
loaded().catch(() => {});
