/** What goes wrong is said where people look: in the Problems panel, in a message, and nothing hangs. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

/** A short text of so many statements in one block that clang takes minutes. */
const LONG = `#include <stdio.h>

#define TEN(X) X X X X X X X X X X

int next(int x) { return x * 3; }

int main(void) {
  int sum = 1;
  TEN(TEN(TEN(TEN(TEN(sum += next(sum);)))))
  printf("%d\\n", sum);
}
`;

describe('Errors', () => {
  before(() => {
    writeWorkspaceFile('long.c', LONG);
    writeWorkspaceFile(
      'broken.c',
      '#include <stdio.h>\n\nint main(void) {\n  int count = 3\n  printf("%d\\n", cuont);\n}\n',
    );
  });

  uiTest('a compile error shows in Problems and in one message, not in a dialog', 'broken.c', async (vscode) => {
    await vscode.press('F5');
    const message = vscode.page.locator('.notification-toast', { hasText: 'does not compile' });
    await message.waitFor();
    await vscode.screenshot('compile-error');
    assert.equal(await vscode.page.locator('.monaco-dialog-box').count(), 0);
    assert.equal(await vscode.page.locator('.notification-toast').count(), 1);
    await message.getByText('Show Problems').click();
    const problems = vscode.page.locator('.markers-panel .monaco-list-row');
    await until('the missing semicolon', async () =>
      (await problems.allTextContents()).some((text) => /expected ';'/.test(text)),
    );
    await vscode.screenshot('problems');
  });

  uiTest('a compilation that takes long says so, and is cancelled', 'long.c', async (vscode) => {
    const message = vscode.page.locator('.notification-toast', { hasText: 'Compiling' });
    // Pressed while a session begins, F5 does nothing more.
    await until('a compilation to be cancelled', async () => {
      await vscode.press('F5');
      await message.getByText('Cancel', { exact: true }).click({ timeout: 20_000 });
      return true;
    });
    await message.waitFor({ state: 'hidden' });
    await vscode.screenshot('cancelled');
    await vscode.openFile('add.c');
    await vscode.press('F5');
    await vscode.stopsAt(4);
  });
});
