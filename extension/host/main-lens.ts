/** Above `main` in a C file: what can be done with the program. */
import * as vscode from 'vscode';
import { lineOfMain } from './main-line.ts';

export function registerMainLens(): vscode.Disposable {
  // Only what the compiler can read: a document that is on disk.
  return vscode.languages.registerCodeLensProvider(
    { language: 'c', scheme: 'file' },
    {
      provideCodeLenses: (document) => {
        const line = lineOfMain(document.getText());
        if (line === undefined) return [];
        const range = document.lineAt(line).range;
        const lens = (title: string, command: string) =>
          new vscode.CodeLens(range, { title, command, arguments: [document.uri] });
        return [
          lens('$(debug-alt) Debug inside the transformer', 'stepformer.debugFile'),
          lens('Run', 'stepformer.runFile'),
        ];
      },
    },
  );
}
