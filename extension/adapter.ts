/** Starts the debug adapter: a program of its own, under the Node that runs the extension host. */
import * as vscode from 'vscode';

export const TYPE = 'stepformer';

export function registerAdapter(context: vscode.ExtensionContext): vscode.Disposable {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'adapter.js').fsPath;
  return vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, {
    createDebugAdapterDescriptor(session) {
      // Whatever `node` is on the PATH may be too old, or missing: desktop VS Code is its own Node with this variable.
      const env = { ELECTRON_RUN_AS_NODE: '1' };
      const cwd = session.workspaceFolder?.uri.fsPath;
      return new vscode.DebugAdapterExecutable(process.execPath, [script], { env, ...(cwd ? { cwd } : {}) });
    },
  });
}
