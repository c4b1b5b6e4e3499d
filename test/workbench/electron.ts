/**
 * Desktop VS Code, for the extension-host suite: one that is named, or the one that `@vscode/test-electron` downloads
 * where there is a display and the download can be reached.
 */
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cache, root } from '../../scripts/vscode-cache.ts';
import type { HostRun } from './host-suite.ts';

const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable';

/** Path of a desktop VS Code; undefined where there is none to be had. */
export async function desktopVsCode(): Promise<string | undefined> {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  try {
    const answer = await fetch(DOWNLOADS, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) return undefined;
  } catch {
    return undefined;
  }
  return downloadAndUnzipVSCode({ cachePath: path.join(cache, 'desktop') });
}

export async function runInDesktop(
  vscodeExecutablePath: string,
  { folder, tests, environment }: HostRun,
): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    extensionTestsEnv: environment,
    launchArgs: [
      folder,
      '--disable-extensions',
      '--disable-workspace-trust',
      '--disable-telemetry',
      `--user-data-dir=${path.join(cache, 'desktop-data')}`,
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
  });
}
