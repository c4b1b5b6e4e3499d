/** Modules that another toolchain makes of C: clang's driver, which calls the compiler proper and the linker, with the package's own library. */
import * as yowasp from '@yowasp/clang';

type Driver = (args: string[], files: object, options: object) => Promise<Record<string, Uint8Array>>;
const { runClang } = yowasp as unknown as { runClang: Driver };

/** A module of WASI's preview 1. */
export async function build(source: string): Promise<Uint8Array> {
  const quiet = { stdout: () => undefined, stderr: () => undefined, fetchProgress: () => undefined };
  const command = ['clang', '--target=wasm32-wasip1', '-O1', 'a.c', '-o', 'a.wasm'];
  return (await runClang(command, { 'a.c': source }, quiet))['a.wasm'];
}
