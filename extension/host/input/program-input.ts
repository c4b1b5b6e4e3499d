/**
 * Standard input of programs that read what there is not yet. A box takes it a line at a time; where several lines are
 * wanted it leads to a document, and a session that says `"console": "integratedTerminal"` has a terminal.
 */
import * as vscode from 'vscode';
import type { Sessions } from '../sessions.ts';
import { InputDocuments } from './input-document.ts';
import { Question } from './question.ts';
import { ProgramTerminals } from './terminal.ts';

const END: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('debug-stop'),
  tooltip: 'End of input (what is in the box is given first)',
};
const LINES: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('edit'),
  tooltip: 'Write several lines in an editor',
};

export function registerInput(sessions: Sessions): vscode.Disposable {
  const documents = new InputDocuments();
  const terminals = new ProgramTerminals(sessions);
  const reads = sessions.onDidRead((session) => {
    if (!terminals.ask(session)) ask(new Question(sessions, session), documents);
  });
  return vscode.Disposable.from(reads, documents, terminals);
}

/** Whoever closes the box pauses the program. */
function ask(question: Question, documents: InputDocuments): void {
  const box = vscode.window.createInputBox();
  box.title = `${question.session.name}: standard input`;
  box.placeholder = 'A line of input';
  box.prompt =
    'The program reads. Enter gives it the line; the buttons write several lines, or end the input; Escape pauses.';
  box.buttons = [LINES, END];
  box.ignoreFocusOut = true;
  let isWritten = false;
  box.onDidAccept(() => question.give(`${box.value}\n`, false));
  box.onDidTriggerButton((button) => {
    if (button === END) {
      question.give(box.value, true);
      return;
    }
    isWritten = true;
    void documents.write(question, box.value);
    box.hide();
  });
  question.onDidEnd(() => box.hide());
  box.onDidHide(() => {
    box.dispose();
    if (!isWritten) question.leave();
  });
  box.show();
}
