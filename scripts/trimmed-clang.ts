/**
 * A copy of the npm package that holds clang, without what compiling C for the transformer does not need: its C++
 * library, headers of other targets and WASI's libraries are nine tenths of its resource archive.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What stays in the archive: clang's own headers of standard C, and its run-time functions. */
const KEPT = [
  /^(include|lib|lib\/wasm32-unknown-wasip1)$/,
  /^include\/(__)?(std|float|limits|inttypes|iso646|tgmath|varargs)\w*\.h$/,
  /^lib\/wasm32-unknown-wasip1\/libclang_rt\.builtins\.a$/,
];

/** Copies the package from `from` to `to`, trimmed. */
export function copyClang(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
  rmSync(path.join(to, 'README.md'), { force: true });
  const archive = path.join(to, 'gen/llvm-resources.tar');
  writeFileSync(
    archive,
    filterTar(readFileSync(archive), (name) => KEPT.some((pattern) => pattern.test(name))),
  );
}

const BLOCK = 512;

/** The entries of a tar archive whose names pass, byte for byte as they were. */
export function filterTar(tar: Buffer, passes: (name: string) => boolean): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    const name = text(header, 0, 100);
    if (name === '') break;
    const prefix = text(header, 345, 155);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (passes(prefix ? `${prefix}/${name}` : name)) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)]);
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end).trim();
}
