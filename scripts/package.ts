/**
 * `npm run package`: builds stepformer.vsix, which runs without the repository: the programs in dist/, the model, the
 * C library, and clang, trimmed. vsce needs a newer Node than the project: both are fetched once, see
 * scripts/vscode-cache.ts.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageReadme } from './package-readme.ts';
import { copyClang } from './trimmed-clang.ts';
import { Missing, newerNode, root, run, vsce } from './vscode-cache.ts';

const LIMIT = 30e6;
const output = path.join(root, 'stepformer.vsix');
/** Where the programs in dist/ find it before the one of the repository, and where the package has it. */
const modules = path.join(root, 'dist/node_modules');
const readme = path.join(root, 'dist/README.md');

try {
  if (!process.env.STEPFORMER_NO_BUILD) run('npm', ['run', 'build', '--silent'], { cwd: root });
  rmSync(output, { force: true });
  copyClang(path.join(root, 'node_modules/@yowasp/clang'), path.join(modules, '@yowasp/clang'));
  writeFileSync(readme, packageReadme(readFileSync(path.join(root, 'README.md'), 'utf8')));
  const options = [
    '--readme-path',
    path.relative(root, readme),
    '--no-dependencies',
    '--no-rewrite-relative-links',
    '--allow-missing-repository',
  ];
  run(newerNode(), [vsce(), 'package', ...options, '--out', output], { cwd: root });
  const { size } = statSync(output);
  console.log(
    `${path.basename(output)}: ${(size / 1e6).toFixed(1)} MB. Install it with: code --install-extension ${path.basename(output)}`,
  );
  if (size > LIMIT) throw new Error(`the package is larger than ${LIMIT / 1e6} MB`);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(modules, { recursive: true, force: true });
  rmSync(readme, { force: true });
}
