/** The build: bundles the programs into dist/ and writes what they read at run time (C library, model). */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const out = 'dist';

/** Programs for Node, one bundle each; clang stays unbundled because it finds its files by its own location. */
const programs = {
  cli: 'engine/cli.ts',
  adapter: 'debug-adapter/main.ts',
  'session-worker': 'debug-adapter/wire/session-worker.ts',
  'language-server': 'extension/language-server/main.ts',
  'clang-worker': 'engine/toolchain/clang/clang-worker.ts',
  'native-worker': 'engine/toolchain/native/native-worker.ts',
};

/** What bundled CommonJS packages expect of Node: require() for its own modules, and their own place. */
const bannerOfCommonJs = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
  'const __filename = process.getBuiltinModule("node:url").fileURLToPath(import.meta.url);',
  'const __dirname = process.getBuiltinModule("node:path").dirname(__filename);',
].join(' ');

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: Object.entries(programs)
    .filter(([, file]) => existsSync(file))
    .map(([name, file]) => ({ out: name, in: file })),
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['@yowasp/clang'],
  banner: { js: bannerOfCommonJs },
  sourcemap: true,
  logLevel: 'info',
});
await build({
  entryPoints: [{ out: 'extension', in: 'extension/host/extension.ts' }],
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  sourcemap: true,
  logLevel: 'info',
});
await build({
  entryPoints: [
    { out: 'attention', in: 'extension/views/attention/page.ts' },
    { out: 'attention', in: 'extension/views/attention/attention.css' },
  ],
  outdir: `${out}/webview`,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  logLevel: 'info',
});
const { buildLibc } = await import('../engine/toolchain/libc/build-libc.ts');
await buildLibc(`${out}/libc`);
const { buildModel } = await import('../engine/weights/build.ts');
await buildModel(`${out}/model`);
const { buildHelpers } = await import('../engine/toolchain/helpers/build-helpers.ts');
await buildHelpers(`${out}/helpers.wasm`);
