/**
 * The extension host's program: `extension.cjs` with what activation needs, and a file of its own beside it for each `import()`,
 * read when that is first called. esbuild splits no CommonJS, which is what VS Code loads.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** Builds the program that begins with `entry` into the folder `out`. @throws where two of its files would have a module twice */
export async function buildHostProgram(entry: string, out: string): Promise<void> {
  const files = new Map([['extension', entry]]);
  const built: Metafile[] = [];
  // Grows while it is gone through.
  for (const [name, file] of files) {
    const later = filesForLater((module) => {
      const its = `extension-${path.basename(module, '.ts')}`;
      files.set(its, module);
      return its;
    });
    const { metafile } = await build({
      entryPoints: [{ out: name, in: file }],
      outdir: out,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      minifyWhitespace: true,
      minifySyntax: true,
      platform: 'node',
      target: 'node20',
      // What is loaded later is required: VS Code gives its API to nothing else.
      supported: { 'dynamic-import': false },
      format: 'cjs',
      external: ['vscode'],
      plugins: [vscodeOnce, later],
      sourcemap: true,
      metafile: true,
      logLevel: 'info',
    });
    built.push(metafile);
  }
  const twice = modulesTwice(built);
  if (twice.length > 0)
    throw new Error(`${twice.join(', ')}: in several files of the host, each with a state of its own`);
}

/** Modules of ours that several files have. */
export function modulesTwice(built: readonly Metafile[]): string[] {
  const seen = new Set<string>();
  const own = built.flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => !/node_modules|^vscode-once:/.test(file)),
  );
  return own.filter((file) => seen.size === seen.add(file).size);
}

/** Leaves each `import()` of a module of ours to a file, whose name it asks for. */
function filesForLater(nameOf: (module: string) => string): Plugin {
  return {
    name: 'files-for-later',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, resolveDir, path: to }) =>
        kind === 'dynamic-import' ? { path: `./${nameOf(path.join(resolveDir, to))}.cjs`, external: true } : undefined,
      );
    },
  };
}

/**
 * One object for VS Code's API in all modules. esbuild makes a copy of it, of some four hundred names, for each module that has
 * `import * as vscode`: more work than all the rest of loading.
 */
const vscodeOnce: Plugin = {
  name: 'vscode-once',
  setup({ onLoad, onResolve }) {
    const STAR = "import * as vscode from 'vscode';";
    onLoad({ filter: /[\\/]extension[\\/]host[\\/].*\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(STAR, "import { vscode } from 'vscode-once';"),
      loader: 'ts',
    }));
    onResolve({ filter: /^vscode-once$/ }, () => ({ path: 'api', namespace: 'vscode-once' }));
    onLoad({ filter: /.*/, namespace: 'vscode-once' }, () => ({
      contents: "export const vscode = require('vscode');",
    }));
  },
};
