/**
 * Runs the extension-host suite: in desktop VS Code where that can be had, and in code-server, driven through the
 * browser, everywhere else. Both load the extension from this folder and the tests from one bundle.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { cache, root } from '../../scripts/vscode-cache.ts';
import { PATIENCE } from '../patience.ts';
import { launchChromium, localPage } from './chromium.ts';
import { desktopVsCode, runInDesktop } from './electron.ts';
import type { HostResults } from './host/index.ts';
import type { Tally } from './run.ts';
import { startServer } from './server.ts';

/** Where the suite's pieces are. */
export interface HostRun {
  folder: string;
  tests: string;
  environment: Record<string, string>;
}

export async function runHostSuite(grep?: string): Promise<Tally> {
  const folder = path.join(cache, 'host-workspace');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(root, 'examples'), folder, { recursive: true });
  const tests = path.join(cache, 'host-tests/index.cjs');
  await bundle(tests);
  const results = path.join(cache, 'host-results.json');
  rmSync(results, { force: true });
  const environment: Record<string, string> = { STEPFORMER_TEST_RESULTS: results, STEPFORMER_TEST_FOLDER: folder };
  if (grep) environment.STEPFORMER_TEST_GREP = grep;
  const desktop = await desktopVsCode();
  console.log(desktop ? `in desktop VS Code: ${desktop}` : 'in code-server (desktop VS Code cannot be had here)');
  if (desktop) await runInDesktop(desktop, { folder, tests, environment });
  else await runInCodeServer({ folder, tests, environment });
  return report(results);
}

/** The tests as one file that any Node loads, whatever the type of the package around it. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(root, 'test/workbench/host/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** VS Code calls `run` of the bundle when the page is opened with the addresses of extension and tests. */
async function runInCodeServer({ folder, tests, environment }: HostRun): Promise<void> {
  const data = path.join(cache, 'host');
  const server = await startServer({ data, extension: 'none', isDriven: true, env: environment });
  const browser = await launchChromium();
  try {
    const { page } = await localPage(browser);
    const ended = new Promise<void>((resolve, reject) => {
      void page.exposeFunction('codeAutomationLog', () => {});
      void page.exposeFunction('codeAutomationExit', () => resolve());
      setTimeout(() => reject(new Error(`the suite did not end within ${PATIENCE / 1000} s`)), PATIENCE).unref();
    });
    const remote = (file: string) => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(tests)],
    ];
    await page.goto(
      `${server.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
    );
    await ended;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** An extension host that died has written nothing: that is a failure, whatever its exit code. */
function report(file: string): Tally {
  if (!existsSync(file)) throw new Error('the extension host ended without results');
  const { passed, failed }: HostResults = JSON.parse(readFileSync(file, 'utf8'));
  for (const title of passed) console.log(`  ✔ ${title}`);
  for (const { title, message } of failed) console.log(`  ✘ ${title}\n    ${message.replaceAll('\n', '\n    ')}`);
  return { passed: passed.length, failed: failed.length };
}
