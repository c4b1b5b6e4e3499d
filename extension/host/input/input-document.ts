/**
 * Input of several lines: a document to write it in, with what can be done with it above its first line. It is gone when
 * it is sent; whoever closes it without pauses the program.
 */
import * as vscode from 'vscode';
import type { Question } from './question.ts';

const SEND = 'stepformer.input.send';

export class InputDocuments implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly questions = new Map<string, Question>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: vscode.Disposable[];

  constructor() {
    this.disposables = [
      this.changed,
      vscode.languages.registerCodeLensProvider({ scheme: 'untitled' }, this),
      vscode.commands.registerCommand(SEND, (uri: string, text: 'text' | 'nothing', end: boolean) => {
        const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
        const content = text === 'text' ? (document?.getText() ?? '') : '';
        this.questions.get(uri)?.give(end || content.endsWith('\n') ? content : `${content}\n`, end);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.questions.get(uri.toString())?.leave();
        this.questions.delete(uri.toString());
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Opens a document for the answer to a question, beginning with what has been typed. */
  async write(question: Question, begun: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: begun });
    const key = document.uri.toString();
    this.questions.set(key, question);
    question.onDidEnd(() => {
      this.questions.delete(key);
      void close(document);
    });
    await vscode.window.showTextDocument(document, { preview: false });
    this.changed.fire();
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const key = uri.toString();
    if (!this.questions.has(key)) return [];
    const lens = (title: string, ...what: ['text' | 'nothing', boolean]) =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command: SEND, arguments: [key, ...what] });
    return [
      lens('$(play)\u00a0Send these lines to the program', 'text', false),
      lens('Send them, and end the input', 'text', true),
      lens('End the input without them', 'nothing', true),
    ];
  }
}

/** Without the question whether it should be saved. */
async function close(document: vscode.TextDocument): Promise<void> {
  if (document.isClosed) return;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
