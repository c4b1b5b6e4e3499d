/**
 * The archive of headers and libraries that clang's package brings (a tar file), and which of its entries programs
 * need: clang's own headers of standard C, wasi-libc's headers, and libraries.
 */

/** What compiling and linking C needs. wasi-libc itself is not among it: the build makes ours from it. */
const NEEDED_BY_C = [
  /^(include|lib|lib\/wasm32-wasip1|lib\/wasm32-unknown-wasip1)$/,
  /^include\/(__)?(std|float|limits|inttypes|iso646|tgmath|varargs)\w*\.h$/,
  /^include\/wasm32-wasip1(\/|$)/,
  /^lib\/wasm32-wasip1\/lib(c-printscan-long-double|wasi-emulated-[\w-]+)\.a$/,
  /^lib\/wasm32-unknown-wasip1\/libclang_rt\.builtins\.a$/,
];

/** wasi-libc in the archive. */
export const WASI_LIBC = 'lib/wasm32-wasip1/libc.a';

/** Whether a program in C needs the entry of this name. */
export function neededByC(name: string): boolean {
  return NEEDED_BY_C.some((pattern) => pattern.test(name));
}

const BLOCK = 512;

/** The entries of a tar archive whose names pass, byte for byte as they were, as an archive again. */
export function filterTar(tar: Uint8Array, passes: (name: string) => boolean): Buffer {
  const kept: Uint8Array[] = [];
  for (const { name, start, end } of entries(tar)) if (passes(name)) kept.push(tar.subarray(start, end));
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)]);
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
    const end = start + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    yield { name: prefix ? `${prefix}/${name}` : name, start, size, end };
    start = end;
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end).trim();
}
