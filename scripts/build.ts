/**
 * The build: bundles the programs into dist/ and writes what they read at run time (C library, model, helpers). Bundles
 * are always made anew; the rest where something that it is made from has changed (stamped.ts).
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { buildHostProgram } from './host-program.ts';
import { sharedWabt } from './shared-wabt.ts';
import { type Step, stamped } from './stamped.ts';

const out = 'dist';
const stamps = `${out}/.stamps`;

const toolchain = 'engine/toolchain';
/** clang runs in a process of its own, whose code nothing imports. */
const clang = `${toolchain}/clang/clang-worker.ts`;

/** Programs that call of clang what most programs call: code of more takes longer to load than it saves. */
const usual = ['examples/hello.c', 'examples/sudoku.c'];

/** What is made by our own code, which is loaded only where it is needed. */
const steps: readonly Step[] = [
  {
    name: 'libc',
    modules: [`${toolchain}/libc/build-libc.ts`, clang],
    reads: [`${toolchain}/libc/src`, `${toolchain}/libc/include`],
    output: `${out}/libc`,
    make: async (output) => (await import('../engine/toolchain/libc/build-libc.ts')).buildLibc(output),
  },
  {
    name: 'model',
    modules: ['engine/weights/build.ts'],
    reads: [],
    output: `${out}/model`,
    make: async (output) => (await import('../engine/weights/build.ts')).buildModel(output),
  },
  {
    name: 'helpers',
    modules: [`${toolchain}/helpers/build-helpers.ts`, clang],
    reads: [`${toolchain}/helpers`, `${toolchain}/libc/src`],
    output: `${out}/helpers`,
    make: async (output) => (await import('../engine/toolchain/helpers/build-helpers.ts')).buildHelpers(output),
  },
  {
    name: 'clang-code',
    modules: ['scripts/clang-code.ts', clang],
    reads: usual,
    output: `${out}/clang-code`,
    make: async () => {
      const { buildCode } = await import('./clang-code.ts');
      if (!(await buildCode(usual)))
        console.log('  this Node keeps no code of clang: it is compiled when it is called');
    },
  },
  {
    name: 'prepared',
    modules: ['scripts/prepare-model.ts'],
    reads: [`${out}/model`],
    output: `${out}/prepared`,
    make: async (output) => (await import('./prepare-model.ts')).prepareModel(`${out}/model`, output),
  },
];

/** Programs for Node, a bundle each; clang stays unbundled because it finds its files by its own location. */
const programs = {
  cli: 'engine/cli.ts',
  adapter: 'debug-adapter/main.ts',
  'session-worker': 'debug-adapter/wire/session-worker.ts',
  'language-server': 'extension/language-server/main.ts',
  'clang-worker': 'engine/toolchain/clang/clang-worker.ts',
  'native-worker': 'engine/toolchain/native/native-worker.ts',
  'events-worker': 'engine/toolchain/native/events-worker.ts',
};

/** What bundled CommonJS packages expect of Node: require() for its own modules, and their own place. */
const bannerOfCommonJs = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  'const __filename = process.getBuiltinModule("node:url").fileURLToPath(import.meta.url);',
  'const __dirname = process.getBuiltinModule("node:path").dirname(__filename);',
].join(' ');

await mkdir(stamps, { recursive: true });
const kept = new Set([stamps, ...steps.map(({ output }) => output)]);
for (const name of await readdir(out)) {
  if (!kept.has(`${out}/${name}`)) await rm(path.join(out, name), { recursive: true });
}
for (const [name, file] of Object.entries(programs)) {
  if (!existsSync(file)) continue;
  await build({
    entryPoints: [{ out: name, in: file }],
    outdir: out,
    bundle: true,
    // What a program loads only when it needs it lies in files of its own beside it.
    splitting: true,
    chunkNames: `${name}-[hash]`,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@yowasp/clang'],
    banner: { js: bannerOfCommonJs },
    plugins: [sharedWabt(out)],
    sourcemap: true,
    logLevel: 'warning',
  });
}
await buildHostProgram('extension/host/extension.ts', out);
await build({
  entryPoints: [
    { out: 'panel', in: 'extension/views/panel/main.tsx' },
    { out: 'panel', in: 'extension/views/panel/panel.css' },
  ],
  outdir: `${out}/webview`,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'info',
});
for (const step of steps) await stamped(step, stamps);
await (await import('./prepare-model.ts')).noteModel(`${out}/model`);
