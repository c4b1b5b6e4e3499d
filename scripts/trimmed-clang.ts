/**
 * A copy of the npm package that holds clang, without what compiling for the transformer does not need: headers of
 * other targets, and libraries of which the build has made its own.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filterTar, neededByC, neededByCxx } from '../engine/toolchain/clang/archive.ts';

/** Copies the package from `from` to `to`, trimmed. */
export function copyClang(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
  rmSync(path.join(to, 'README.md'), { force: true });
  const archive = path.join(to, 'gen/llvm-resources.tar');
  writeFileSync(
    archive,
    filterTar(readFileSync(archive), (name) => neededByC(name) || neededByCxx(name)),
  );
}
