/** What goes wrong is said where people look: in the Problems panel, in a message, and nothing hangs. */
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Errors', () => {
  before(() => {
    writeWorkspaceFile(
      'broken.c',
      '#include <stdio.h>\n\nint main(void) {\n  int count = 3\n  printf("%d\\n", cuont);\n}\n',
    );
  });

  uiTest('a compile error shows in Problems', 'broken.c', async (vscode) => {
    await vscode.press('F5');
    const dialog = vscode.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await vscode.screenshot('compile-error');
    await vscode.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await vscode.command('Problems: Focus on Problems View');
    const problems = vscode.page.locator('.markers-panel .monaco-list-row');
    await until('the missing semicolon', async () =>
      (await problems.allTextContents()).some((text) => /expected ';'/.test(text)),
    );
    await vscode.screenshot('problems');
  });
});
