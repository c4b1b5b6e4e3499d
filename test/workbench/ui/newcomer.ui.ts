/** The first minute: the walkthrough opens, the examples come, the empty view says what to do. */
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Newcomers', () => {
  uiTest(
    'F5 on add.c: variables, a sentence in terms of C, and the output, without a click',
    'add.c',
    async (vscode) => {
      await vscode.press('F5');
      await vscode.stopsAt(4);
      await vscode.variableIs('a', /not written/);
      const view = await vscode.attention();
      const headline = view.locator('.headline');
      await until('a sentence', async () => /int a = 3; on line 4/.test((await headline.textContent()) ?? ''));
      await vscode.screenshot('newcomer-stopped');
      for (const line of [5, 6, 7, 8]) {
        await vscode.press('F10');
        await vscode.stopsAt(line);
      }
      await vscode.variableIs('sum', '8');
      const output = view.locator('.output');
      await until('the output', async () => /^output\s*8$/i.test((await output.first().innerText()).trim()));
      await vscode.screenshot('newcomer-printed');
    },
  );

  uiTest('the walkthrough leads to a stopped session', 'hello.c', async (vscode) => {
    await vscode.command('Stepformer: Get Started');
    const button = (name: string) => vscode.page.locator('a.monaco-button', { hasText: name }).first();
    await button('Open examples').waitFor();
    await vscode.screenshot('walkthrough');
    await button('Open examples').click();
    await vscode.page.locator('.tab', { hasText: 'add.c' }).waitFor();
    await vscode.page.getByText('Press F5', { exact: true }).first().click();
    await button('Debug inside the transformer').click();
    await vscode.stopsAt(4);
    await vscode.screenshot('walkthrough-stopped');
  });

  uiTest('the empty Attention view says what to do', 'hello.c', async (vscode) => {
    await vscode.command('Transformer: Focus on Transformer View');
    const view = await vscode.attention();
    await view.locator('button', { hasText: 'Debug Inside the Transformer' }).click();
    await until('a stop', () => vscode.isStopped());
    await until('heads', async () => (await view.locator('tr.head').count()) > 0);
  });
});
