/** Programs that read: they ask in a box, a line at a time, or in a document for several. */
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const ADDER = `#include <stdio.h>
int main(void) {
  int sum = 0;
  int number;
  while (scanf("%d", &number) == 1) {
    sum += number;
  }
  printf("%d\\n", sum);
  return 0;
}
`;

describe('Input', () => {
  before(() => writeWorkspaceFile('adder.c', ADDER));

  uiTest('a line in the box, several in a document, and the end', 'adder.c', async (vscode) => {
    const box = vscode.page.locator('.quick-input-widget');
    const asks = () =>
      until('a question', async () => /standard input/.test((await box.textContent()) ?? '') && box.isVisible());
    await vscode.press('F5');
    await vscode.stopsAt(3);
    await vscode.press('F5');
    await asks();
    await vscode.screenshot('input-box');
    await box.locator('input').first().fill('1');
    await vscode.press('Enter');
    await asks();
    await box.locator('.codicon-edit').click();
    const lens = (text: string) => vscode.page.locator('.codelens-decoration a', { hasText: text });
    await lens('Send these lines').waitFor();
    await vscode.page.locator('.editor-group-container.active .monaco-editor').last().click();
    await vscode.page.keyboard.type('20\n300\n');
    await vscode.screenshot('input-document');
    await lens('Send them, and end').click();
    await vscode.stopsAt(9);
    await vscode.variableIs('sum', '321');
    await until(
      'the document to go',
      async () => (await vscode.page.locator('.tab', { hasText: '300' }).count()) === 0,
    );
    await vscode.screenshot('input-end');
  });
});
