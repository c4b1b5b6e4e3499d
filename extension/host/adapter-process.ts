/**
 * Starts the debug adapter: a program of its own, under the Node that runs the extension host. It serves on a port of
 * the loopback interface and stays, so that the second F5 finds compiler and model warm.
 */
import { type ChildProcess, fork } from 'node:child_process';
import * as vscode from 'vscode';
import type { Listening } from '../../debug-adapter/wire/server.ts';

export const DEBUG_TYPE = 'stepformer';

/** Milliseconds that the adapter has to come up in. */
const PATIENCE = 20_000;

export function registerAdapter(context: vscode.ExtensionContext): vscode.Disposable {
  const server = new AdapterServer(vscode.Uri.joinPath(context.extensionUri, 'dist', 'adapter.js').fsPath);
  const factory = vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
    createDebugAdapterDescriptor: async () => new vscode.DebugAdapterServer(await server.port(), '127.0.0.1'),
  });
  return vscode.Disposable.from(factory, server);
}

/** The adapter's process: started at the first session, and again when it has ended. */
class AdapterServer {
  private readonly script: string;
  private process: ChildProcess | undefined;
  private listening: Promise<number> | undefined;

  constructor(script: string) {
    this.script = script;
  }

  /** The port it listens on. Rejects with what it said when it does not come up. */
  port(): Promise<number> {
    this.listening ??= this.start().catch((error) => {
      this.listening = undefined;
      throw error;
    });
    return this.listening;
  }

  private start(): Promise<number> {
    // Whatever `node` is on the PATH may be too old, or missing: desktop VS Code is its own Node with this variable.
    const keeps = vscode.workspace.getConfiguration(DEBUG_TYPE).get<boolean>('compileCache', true);
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...(keeps ? {} : { STEPFORMER_NO_CACHE: '1' }) };
    // On the channel it says its port, and the channel's end tells it when the extension host is gone.
    const child = fork(this.script, ['--port', '0'], { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.process = child;
    return new Promise<number>((resolve, reject) => {
      let said = '';
      const fail = (what: string) => reject(new Error(`The debug adapter ${what}. ${said.trim()}`));
      const timer = setTimeout(() => {
        child.kill();
        fail('does not answer');
      }, PATIENCE);
      child.stderr?.on('data', (data: Buffer) => {
        said = `${said}${data}`.slice(-2000);
      });
      child.once('message', ({ port }: Listening) => {
        clearTimeout(timer);
        resolve(port);
      });
      child.on('error', (error) => fail(`cannot be started: ${error.message}`));
      child.on('exit', (code) => {
        clearTimeout(timer);
        this.listening = undefined;
        fail(`ended (status ${code})`);
      });
    });
  }

  dispose(): void {
    this.process?.kill();
  }
}
