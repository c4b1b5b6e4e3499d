/**
 * wabt's WebAssembly as one file beside the programs that use it. The package carries it as text inside of its
 * JavaScript: each program would have its own copy, and parse and decode it at every start.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Plugin } from 'esbuild';

const NAME = 'wabt.wasm';

/** Where the package decodes its text: a call with one long literal in quotes. */
const EMBEDDED = /\bbinaryDecode\(('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")\)/;

/** The code with the file read where the text was decoded, and the file's bytes. @throws when it is another package than it was */
export function takeOut(code: string): { readonly code: string; readonly wasm: Buffer } {
  const found = EMBEDDED.exec(code);
  const wasm = found && Buffer.from(runInNewContext(found[1]) as string, 'latin1');
  if (!found || wasm?.readUInt32BE() !== 0x0061736d) {
    throw new Error('wabt has its WebAssembly in another form than before: scripts/shared-wabt.ts has to learn it');
  }
  const read = `require("node:fs").readFileSync(require("node:path").join(__dirname,${JSON.stringify(NAME)}))`;
  const rest = code.slice(found.index + found[0].length);
  return { code: code.slice(0, found.index) + read + rest, wasm };
}

/** Writes the file into the folder `out`, where the bundled programs find it beside themselves. */
export function sharedWabt(out: string): Plugin {
  return {
    name: 'shared-wabt',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]wabt[\\/]index\.js$/ }, async ({ path: file }) => {
        const { code, wasm } = takeOut(await readFile(file, 'utf8'));
        await writeFile(path.join(out, NAME), wasm);
        return { contents: code, loader: 'js' };
      });
    },
  };
}
