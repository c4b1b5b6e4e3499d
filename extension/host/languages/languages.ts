/**
 * The language server, a process of its own, begins with the first document that it knows something about: who opens C needs none
 * of it, and nothing is loaded for it before.
 */
import * as vscode from 'vscode';

const LANGUAGES = ['stepformer-program', 'stepformer-trace', 'wat'];

export function registerLanguages(context: vscode.ExtensionContext): vscode.Disposable {
  let isWanted = false;
  let client: vscode.Disposable | undefined;
  const start = async () => {
    const { startLanguageClient } = await import('./client.ts');
    client = await startLanguageClient(context, LANGUAGES);
  };
  const look = ({ languageId }: vscode.TextDocument) => {
    if (isWanted || !LANGUAGES.includes(languageId)) return;
    isWanted = true;
    start().catch((error: Error) => console.error(`Stepformer's language server did not start: ${error.message}`));
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.Disposable.from(vscode.workspace.onDidOpenTextDocument(look), { dispose: () => client?.dispose() });
}
