/** The box in which a program's standard input is typed when it reads what there is not yet: a line at a time, or its end. */
import * as vscode from 'vscode';

const END: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: 'End of input' };

/** Asks for input and gives it to the session; whoever closes the box pauses the program. */
export function askForInput(session: vscode.DebugSession): void {
  const box = vscode.window.createInputBox();
  box.title = `${session.name}: standard input`;
  box.prompt = 'The program reads. Enter gives it the line; the button ends the input; Escape pauses.';
  box.buttons = [END];
  box.ignoreFocusOut = true;
  let isGiven = false;
  const give = (text: string, end: boolean) => {
    isGiven = true;
    box.hide();
    session.customRequest('stepformer/input', { text, end }).then(undefined, complain);
  };
  const ended = vscode.debug.onDidTerminateDebugSession((over) => {
    if (over.id !== session.id) return;
    isGiven = true;
    box.hide();
  });
  box.onDidAccept(() => give(`${box.value}\n`, false));
  box.onDidTriggerButton(() => give(box.value, true));
  box.onDidHide(() => {
    ended.dispose();
    box.dispose();
    if (!isGiven) session.customRequest('pause', { threadId: 1 }).then(undefined, complain);
  });
  box.show();
}

function complain(error: Error): void {
  void vscode.window.showErrorMessage(error.message);
}
