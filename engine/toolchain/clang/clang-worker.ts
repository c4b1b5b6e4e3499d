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
import { SECTION, scanSections } from '../decode/sections.ts';
import { type FileTree, filterTar, neededByC, neededByCxx, treeOfTar } from './archive.ts';
import { CHOOSE, CXX_FOLDER } from './commands.ts';
import { KEEP_CODE, keepCode, MAKE_CODE, makeCode, moduleWithCode, NO_CODE, readCode } from './compiled-code.ts';
import { importPackage } from './package.ts';

export type { FileTree } from './archive.ts';

export interface ClangJob {
  id: number;
  files: FileTree;
  /** Command lines for LLVM's combined binary: `['clang', '-cc1', …]`, `['wasm-ld', …]`, `['ar', …]`; `[KEEP_CODE, file]`, or a choice. */
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

/* TypeScript's library for Node's types does not declare WebAssembly outside browsers. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  compileStreaming(response: Promise<PackageFile>): Promise<object>;
};

setFlagsFromString('--wasm-lazy-validation');
setFlagsFromString('--wasm-tiering-budget=2000000000');
const told = process.argv[2];
if (told === MAKE_CODE) makeCode();
/** Code that was kept, read while the package is. */
let kept = told === MAKE_CODE || told === NO_CODE ? undefined : readCode();

/** The package's modules are LLVM, of 75 MB, and three small ones that bind it. */
const LEAST_BYTES = 1 << 20;
let llvm: object | undefined;

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
    const { bytes } = await file;
    if (bytes.length < LEAST_BYTES) return WebAssembly.compile(bytes);
    const code = await kept;
    kept = undefined;
    llvm = (code && moduleWithCode(bytes, code)) ?? (await WebAssembly.compile(bytes));
    return llvm;
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

async function runJob({ id, files, commands, output }: ClangJob): Promise<ClangReply> {
  const clang = await loaded();
  if (commands[0]?.[0] === KEEP_CODE && llvm) {
    keepCode(llvm, commands[0][1]);
    return { id, logs: [], failed: -1 };
  }
  const logs: string[] = [];
  const isCxx = commands.some((command) => command.some((argument) => argument.startsWith(CXX_FOLDER)));
  let tree = isCxx ? { ...files, cxx: filesOfCxx() } : files;
  const choices = commands.filter(([name]) => name === CHOOSE);
  for (let i = 0; i < commands.length; i++) {
    if (choices.includes(commands[i])) {
      logs.push('');
      continue;
    }
    const isLast = i === commands.length - 1;
    const command = isLast ? chosen(commands[i], choices, tree) : commands[i];
    let ran = await execute(clang, command, tree);
    const rest = isLast ? unsaid(command, choices, fileAt(ran.tree, output)) : command;
    if (rest.length < command.length) ran = await execute(clang, rest, tree);
    logs.push(ran.log);
    if (ran.failed) return { id, logs, failed: i, crash: ran.crash };
    tree = ran.tree;
  }
  return { id, logs, failed: -1, output: fileAt(tree, output) };
}

/**
 * Runs one command; `tree` is what the files are behind it.
 *
 * What clang makes comes through its standard output: into a file it writes byte by byte, each a call out of WebAssembly.
 */
async function execute(clang: ClangModule, given: string[], files: FileTree) {
  const decoder = new TextDecoder();
  let log = '';
  const collect = (bytes: Uint8Array | null) => {
    if (bytes) log += decoder.decode(bytes, { stream: true });
  };
  const at = given[0] === 'clang' ? given.indexOf('-o') + 1 : 0;
  const command = at > 0 ? given.with(at, '-') : given;
  const pieces: Uint8Array[] = [];
  const keep = (bytes: Uint8Array | null) => {
    if (bytes) pieces.push(bytes);
  };
  let tree = files;
  let crash: string | undefined;
  let failed = false;
  try {
    const options = { decodeASCII: false, stdout: at > 0 ? keep : collect, stderr: collect };
    tree = (await clang.runLLVM(command, files, options)) ?? files;
    if (at > 0) tree = withFile(tree, given[at], Buffer.concat(pieces));
  } catch (error) {
    failed = true;
    if (!(error instanceof clang.Exit)) crash = error instanceof Error ? error.message : String(error);
  }
  return { tree, log, failed, crash };
}

/** The tree with a file at an absolute path, whose folder is there. */
function withFile(tree: FileTree, path: string, bytes: Uint8Array): FileTree {
  const [first, ...rest] = path.split('/').filter((part) => part !== '');
  const inner = rest.length > 0 ? withFile(tree[first] as FileTree, rest.join('/'), bytes) : bytes;
  return { ...tree, [first]: inner };
}

/** The file of this path; undefined for none. */
function fileAt(tree: FileTree, path: string): Uint8Array | undefined {
  let found: FileTree | Uint8Array | string | undefined = tree;
  for (const part of path.split('/')) {
    found = typeof found === 'object' && !(found instanceof Uint8Array) ? found[part] : undefined;
  }
  return found instanceof Uint8Array ? found : undefined;
}

/** The command without the arguments that what was compiled rules out. */
function chosen(command: string[], choices: readonly string[][], { out }: FileTree): string[] {
  const asked = choices.filter(([, , wanted]) => wanted !== 'unsaid');
  if (asked.length === 0) return command;
  const compiled = Object.values(out).map((file) => mentioned(file as Uint8Array));
  const ruledOut = asked
    .filter(([, , wanted, pattern]) => compiled.some((text) => new RegExp(pattern).test(text)) !== (wanted === 'with'))
    .map(([, argument]) => argument);
  return command.filter((argument) => !ruledOut.includes(argument));
}

/** The command without the arguments that the data of what it linked rules out. */
function unsaid(command: string[], choices: readonly string[][], linked: Uint8Array | undefined): string[] {
  const asked = choices.filter(([, , wanted]) => wanted === 'unsaid');
  if (asked.length === 0 || !linked) return command;
  const data = scanSections(linked).filter(({ id }) => id === SECTION.data);
  const text = data.map(({ start, end }) => Buffer.from(linked.subarray(start, end)).toString('latin1')).join('');
  const ruledOut = asked.filter(([, , , pattern]) => new RegExp(pattern).test(text)).map(([, argument]) => argument);
  return command.filter((argument) => !ruledOut.includes(argument));
}

/**
 * What a compiled file needs and says. Of an object its code is left out, in which anything may stand by chance, and its
 * debug information, which names all that headers declare; in bitcode, which optimised code is linked from, they cannot be
 * told apart.
 */
function mentioned(object: Uint8Array): string {
  if (object[0] !== 0) return Buffer.from(object).toString('latin1');
  return scanSections(object)
    .filter(({ id, name }) => id !== SECTION.code && !/^(?:\.debug_|reloc\.)/.test(name))
    .map(({ start, end }) => Buffer.from(object.subarray(start, end)).toString('latin1'))
    .join('\0');
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
