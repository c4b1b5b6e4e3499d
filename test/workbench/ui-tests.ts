/**
 * Runs the tests that drive the workbench, with mocha: on the project's own folder, or on the package that
 * `npm run package` makes, installed in a VS Code that knows nothing of the repository.
 */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { cache, root, run } from '../../scripts/vscode-cache.ts';
import { PATIENCE } from '../patience.ts';
import { launchChromium } from './chromium.ts';
import type { Tally } from './run.ts';
import { startServer } from './server.ts';
import { setStage } from './stage.ts';

const tests = path.join(import.meta.dirname, 'ui');
/** The one on the package. */
const PACKAGE = 'package.ui.ts';

export async function runUiTests(what: 'project' | 'package', grep?: string): Promise<Tally> {
  const folder = path.join(cache, 'workspace');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(root, 'examples'), folder, { recursive: true });
  const data = path.join(cache, `ui-${what}`);
  let extension: 'project' | { vsix: string } = 'project';
  if (what === 'package') {
    run('npm', ['run', 'package', '--silent'], { cwd: root });
    extension = { vsix: path.join(root, 'stepformer.vsix') };
  }
  const server = await startServer({ data, extension });
  const browser = await launchChromium();
  try {
    setStage({ browser, server, folder });
    const mocha = new Mocha({
      timeout: PATIENCE,
      slow: 30_000,
      ui: 'bdd',
      reporter: 'spec',
      ...(grep ? { grep } : {}),
    });
    for (const file of readdirSync(tests).sort())
      if (file.endsWith('.ui.ts') && (file === PACKAGE) === (what === 'package')) mocha.addFile(path.join(tests, file));
    await mocha.loadFilesAsync();
    return await new Promise((resolve) => {
      const tally: Tally = { passed: 0, failed: 0 };
      const runner = mocha.run(() => resolve(tally));
      runner.on('pass', () => tally.passed++);
      runner.on('fail', () => tally.failed++);
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}
