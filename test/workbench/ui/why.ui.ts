/** The Why view: a value is asked about, its chain is followed back to the input, a print after the fact is a table. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const PASSED = `#include <stdio.h>
static int add(int a, int b) {
  int total = a + b;
  return total;
}
int main(void) {
  int sum = 0;
  for (int i = 1; i <= 4; i++) {
    sum = add(sum, i);
  }
  printf("%d\\n", sum);
  return 0;
}
`;

describe('Why', () => {
  before(() => writeWorkspaceFile('why.c', PASSED));

  uiTest('why a sum is what it is: sentence, chain, travel; a print of all calls', 'why.c', async (vscode) => {
    await vscode.toggleBreakpoint(11);
    await vscode.press('F5');
    await vscode.stopsAt(11);
    await vscode.variableIs('sum', '10');
    const view = await vscode.attention();
    await view.getByRole('tab', { name: 'Why' }).click();
    await view.getByRole('button', { name: 'Why is sum 10?' }).click();
    const headline = view.locator('.answer .headline');
    await until('an answer', async () => (await headline.textContent()) === 'sum is 10 because a + b was 6 + 4.');
    const titles = view.locator('.row .title');
    assert.deepEqual(await titles.allTextContents(), ['sum = 10', 'total = 10', '10 = 6 + 4']);
    // The heads of the model testify.
    await view.locator('.row .pill.head', { hasText: 'memory load' }).first().waitFor();
    await view.locator('.operand', { hasText: '4' }).click();
    await view
      .locator('.operands .row .title', { hasText: 'i = 4' })
      .or(view.locator('.operands .row'))
      .first()
      .waitFor();
    await vscode.screenshot('why-origin');
    await view.locator('.row .moment').nth(1).click();
    await vscode.stopsAt(3);
    await until('the past', async () => /past/.test(await vscode.status()));
    assert.match((await headline.textContent()) ?? '', /^sum is 10 because/, 'the answer stays that of its moment');

    await view.getByLabel('Kind of question').selectOption('print');
    await view.getByLabel(/expression, at every execution/).fill('a * 100 + b');
    await view.getByRole('button', { name: 'Ask', exact: true }).click();
    const values = view.locator('.frame td.code');
    await until('a row for each call', async () => (await values.count()) === 4);
    assert.deepEqual(await values.allTextContents(), ['1', '102', '303', '604']);
    await vscode.screenshot('why-print');
    await view.locator('.frame td button').nth(1).click();
    await vscode.stopsAt(3);
    await vscode.variableIs('a', '1');
  });
});
