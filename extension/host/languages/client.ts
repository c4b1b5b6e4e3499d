/** Starts the language server for token programs, traces and WAT, in a process of its own. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** Starts the server; resolves when it answers. What is returned ends it. */
export async function startLanguageClient(
  context: vscode.ExtensionContext,
  languages: readonly string[],
): Promise<vscode.Disposable> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'language-server.js').fsPath;
  const client = new LanguageClient(
    'stepformer',
    'Stepformer languages',
    { module, transport: TransportKind.ipc },
    // Of every scheme: pages of the trace are no files.
    { documentSelector: languages.map((language) => ({ language })) },
  );
  await client.start();
  return { dispose: () => void client.dispose() };
}
