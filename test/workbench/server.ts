/** Starts code-server on the loopback interface, with data folders of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { codeServer, newerNode, root } from '../../scripts/vscode-cache.ts';
import { PATIENCE_TO_SEE } from '../patience.ts';

/** What makes a workbench steady enough to test: nothing pops up, nothing moves by itself. */
export const STEADY = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.enablePreview': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'debug.toolBarLocation': 'floating',
  'debug.internalConsoleOptions': 'neverOpen',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'remote.autoForwardPorts': false,
};

/** What is pleasant for a person who only looks in. */
export const QUIET = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'remote.autoForwardPorts': false,
};

export interface Server {
  port: number;
  url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Folder for everything that the server writes; made anew. */
  data: string;
  port?: number;
  settings?: object;
  /** Where the extension comes from: the project's own folder, a package, or the page's address. */
  extension: 'project' | 'none' | { vsix: string };
  /** Lets test code in the extension host report through the page. */
  isDriven?: boolean;
  env?: NodeJS.ProcessEnv;
}

export async function startServer({
  data,
  extension,
  settings = STEADY,
  isDriven,
  env,
  ...rest
}: ServerOptions): Promise<Server> {
  const entry = codeServer();
  const node = newerNode();
  const port = rest.port ?? (await freePort());
  rmSync(data, { recursive: true, force: true });
  const extensions = path.join(data, 'extensions');
  mkdirSync(path.join(data, 'user/User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(path.join(data, 'user/User/settings.json'), JSON.stringify(settings, null, 2));
  const folders = [
    '--config',
    path.join(data, 'config.yaml'),
    '--user-data-dir',
    path.join(data, 'user'),
    '--extensions-dir',
    extensions,
  ];
  // No marketplace: nothing is looked up, nothing is installed.
  const environment = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":""}', ...env };
  if (extension === 'project') symlinkSync(root, path.join(extensions, 'stepformer.stepformer-0.1.0'), 'junction');
  else if (extension !== 'none') {
    const args = [entry, ...folders, '--install-extension', extension.vsix];
    const { status, stdout, stderr } = spawnSync(node, args, { env: environment, encoding: 'utf8' });
    if (status !== 0) throw new Error(`code-server did not install ${extension.vsix}: ${stdout}${stderr}`);
  }
  const child = spawn(
    node,
    [
      entry,
      ...folders,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check'],
      ...['--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened'],
      ...['--reconnection-grace-time', '2'],
      ...(isDriven ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child, () => log);
  return { port, url, stop: () => stop(child) };
}

async function healthy(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const end = Date.now() + PATIENCE_TO_SEE;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    try {
      if ((await fetch(`${url}/healthz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error(`code-server did not start:\n${log()}`);
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    child.on('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
