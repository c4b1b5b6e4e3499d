/**
 * What the workbench tests and `npm run code` need and npm ci does not bring: a real VS Code. That is code-server (a
 * workbench and an extension host of the same sources), which wants a newer Node than the project does. Both come
 * from npm on first use, into a folder that git ignores, and stay there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
export const cache = path.join(root, '.vscode-test');

const NODE = '24.21.0';
const CODE_SERVER = '4.139.1';
const VSCE = '4.1.0';

/** What a person has to do before it can go on. */
export class Missing extends Error {}

/** Runs a command to its end, with its output in sight. @throws when it fails */
export function run(command: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): void {
  const env = { ...process.env, ...options.env };
  // On Windows npm is a script, which only a shell starts; the arguments are ours.
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed (status ${status})`);
}

/** Makes a folder of the cache once: `make` fills it; what is half made is thrown away. */
function once(name: string, make: (folder: string) => void): string {
  const folder = path.join(cache, name);
  const done = path.join(folder, '.complete');
  if (existsSync(done)) return folder;
  console.log(`Getting ${name} (once; it stays in ${path.relative(root, cache)}/)`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  make(folder);
  writeFileSync(done, '');
  return folder;
}

/** A Node that runs code-server and vsce: this one, if it is new enough. */
export function newerNode(): string {
  if (Number(process.versions.node.split('.')[0]) === 24) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const folder = once(`node-${NODE}`, (into) => {
    const pack = `node-${system}-${process.arch}`;
    run('npm', ['pack', '--silent', `${pack}@${NODE}`], { cwd: into });
    run('tar', ['xzf', `${pack}-${NODE}.tgz`, '--strip-components=1'], { cwd: into });
    rmSync(path.join(into, `${pack}-${NODE}.tgz`));
  });
  return path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Environment in which npm and what it starts find the newer Node. */
function newerEnvironment(): NodeJS.ProcessEnv {
  const bin = path.dirname(newerNode());
  // Started from "npm run", the outer npm says of itself which Node it has, and installers believe that.
  const outer = {
    npm_config_user_agent: undefined,
    npm_node_execpath: undefined,
    npm_execpath: undefined,
    NODE: undefined,
  };
  return { ...outer, PATH: `${bin}${path.delimiter}${process.env.PATH}`, npm_config_nodedir: path.dirname(bin) };
}

/** code-server's entry point. @throws Missing when it cannot be built here */
export function codeServer(): string {
  const folder = once(`code-server-${CODE_SERVER}`, (into) => {
    requireTools();
    writeFileSync(path.join(into, 'package.json'), '{"private":true}');
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', `code-server@${CODE_SERVER}`];
    run('npm', args, { cwd: into, env: newerEnvironment() });
  });
  return path.join(folder, 'node_modules/code-server/out/node/entry.js');
}

/** vsce's entry point. */
export function vsce(): string {
  const folder = once(`vsce-${VSCE}`, (into) => {
    writeFileSync(path.join(into, 'package.json'), '{"private":true}');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `@vscode/vsce@${VSCE}`];
    run('npm', args, { cwd: into, env: newerEnvironment() });
  });
  return path.join(folder, 'node_modules/@vscode/vsce/vsce');
}

const isRoot = process.getuid?.() === 0;

/** Installs Debian packages when that needs no password. @throws Missing otherwise, saying what to do */
export function aptInstall(packages: readonly string[], why: string): void {
  const command = `apt-get install -y ${packages.join(' ')}`;
  const canInstall = isRoot && existsSync('/usr/bin/apt-get') && !process.env.STEPFORMER_NO_APT;
  if (!canInstall) throw new Missing(`${why} On Debian and Ubuntu: sudo ${command}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { cwd: root, env });
  run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', ...packages], { cwd: root, env });
}

/** code-server compiles a few native modules while it installs. */
function requireTools(): void {
  if (process.platform !== 'linux') return;
  const wanted: [file: string, pack: string][] = [
    ['/usr/include/gssapi/gssapi.h', 'libkrb5-dev'],
    ['/usr/bin/g++', 'g++'],
    ['/usr/bin/make', 'make'],
    ['/usr/bin/python3', 'python3'],
  ];
  const missing = wanted.filter(([file]) => !existsSync(file)).map(([, pack]) => pack);
  if (missing.length > 0)
    aptInstall(missing, 'code-server compiles parts of itself while it installs, and needs a few packages for that.');
}
