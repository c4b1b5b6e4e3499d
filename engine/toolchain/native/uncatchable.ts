/**
 * Imports that do not come back. Left by an error of JavaScript, a program's `catch_all` would catch it; so they are left by a
 * trap, which nothing catches, and the error is kept.
 */

/* TypeScript's library for Node's types does not declare WebAssembly outside browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { f: (...values: number[]) => never } };
};

type Call = (...values: never[]) => unknown;

/** What one run was left by. */
export class Leaving {
  /** The error; undefined as long as the program runs. */
  error: unknown;

  /** The function that calls `call`, which throws, with so many numbers. */
  by(params: number, call: Call): (...values: number[]) => never {
    const f = (...values: number[]) => {
      try {
        (call as (...values: number[]) => unknown)(...values);
      } catch (error) {
        this.error = error;
      }
    };
    return new WebAssembly.Instance(new WebAssembly.Module(leaving(params)), { f: { f } }).exports.f;
  }
}

/** A module that imports a function and exports one that calls it and traps. */
function leaving(params: number): Uint8Array {
  const all = <T>(value: (i: number) => T[]) => Array.from({ length: params }, (_, i) => value(i)).flat();
  const section = (id: number, bytes: readonly number[]) => [id, bytes.length, ...bytes];
  const name = [1, 'f'.charCodeAt(0)];
  const body = [0, ...all((i) => [0x20, i]), 0x10, 0, 0x00, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, params, ...all(() => [0x7f]), 0]),
    ...section(2, [1, ...name, ...name, 0, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name, 0, 1]),
    ...section(10, [1, body.length, ...body]),
  ]);
}
