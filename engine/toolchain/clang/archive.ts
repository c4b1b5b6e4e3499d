/**
 * The archive of headers and libraries that clang's package brings (a tar file), and which of its entries programs
 * need: clang's own headers of standard C and of vectors, wasi-libc's headers, and libraries.
 */

/** Directory tree in memory. */
export interface FileTree {
  [name: string]: FileTree | Uint8Array | string;
}

/** What compiling and linking C needs. wasi-libc itself is not among it: the build makes ours from it. */
const NEEDED_BY_C = [
  /^(include|lib|lib\/wasm32-wasip1|lib\/wasm32-unknown-wasip1)$/,
  /^include\/(__)?(std|float|limits|inttypes|iso646|tgmath|varargs|wasm_simd128)\w*\.h$/,
  /^include\/wasm32-wasip1(\/|$)/,
  /^lib\/wasm32-wasip1\/lib(setjmp|wasi-emulated-[\w-]+)\.a$/,
  /^lib\/wasm32-unknown-wasip1\/libclang_rt\.builtins\.a$/,
];

/** What C++ needs besides. */
const NEEDED_BY_CXX = [
  /^(include|include\/c\+\+|lib|lib\/wasm32-wasip1)$/,
  /^include\/c\+\+\/v1(\/(?!__cxx03|experimental)|$)/,
  /^lib\/wasm32-wasip1\/libc\+\+(abi)?\.a$/,
];

/** wasi-libc in the archive, and its printf and scanf that know `long double`. */
export const WASI_LIBC = 'lib/wasm32-wasip1/libc.a';
export const WASI_LONG_DOUBLE = 'lib/wasm32-wasip1/libc-printscan-long-double.a';

/** Whether a program in C needs the entry of this name. */
export function neededByC(name: string): boolean {
  return NEEDED_BY_C.some((pattern) => pattern.test(name));
}

/** Whether a program in C++ needs the entry of this name, besides what C needs. */
export function neededByCxx(name: string): boolean {
  return NEEDED_BY_CXX.some((pattern) => pattern.test(name));
}

const BLOCK = 512;

/** The entries of a tar archive whose names pass, byte for byte as they were, as an archive again. */
export function filterTar(tar: Uint8Array, passes: (name: string) => boolean): Buffer {
  const kept: Uint8Array[] = [];
  for (const { name, start, end } of entries(tar)) if (passes(name)) kept.push(tar.subarray(start, end));
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)]);
}

/** The entries whose names pass as a tree; the archive has folders before what is in them. */
export function treeOfTar(tar: Uint8Array, passes: (name: string) => boolean): FileTree {
  const tree: FileTree = {};
  for (const { name, start, size, isFolder } of entries(tar)) {
    if (!passes(name)) continue;
    const parts = name.split('/');
    let folder = tree;
    for (const part of parts.slice(0, -1)) folder = folder[part] as FileTree;
    folder[parts.at(-1) as string] = isFolder ? {} : tar.subarray(start + BLOCK, start + BLOCK + size);
  }
  return tree;
}

/** The bytes of one file; undefined if the archive has none of this name. */
export function fileInTar(tar: Uint8Array, wanted: string): Uint8Array | undefined {
  for (const { name, start, size } of entries(tar)) {
    if (name === wanted) return tar.subarray(start + BLOCK, start + BLOCK + size);
  }
  return undefined;
}

function* entries(tar: Uint8Array) {
  for (let start = 0; start + BLOCK <= tar.length; ) {
    const header = Buffer.from(tar.buffer, tar.byteOffset + start, BLOCK);
    const name = text(header, 0, 100);
    if (name === '') return;
    const prefix = text(header, 345, 155);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const isFolder = text(header, 156, 1) === '5';
    const end = start + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    yield { name: prefix ? `${prefix}/${name}` : name, start, size, end, isFolder };
    start = end;
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end).trim();
}
