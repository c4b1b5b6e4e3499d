/** The first minute: the walkthrough opens, the examples come, the empty view says what to do. */
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Newcomers', () => {
  uiTest('the walkthrough leads to a stopped session', 'hello.c', async (vscode) => {
    await vscode.command('Stepformer: Get Started');
    const page = vscode.page.locator('.getStartedContainer');
    await page.getByRole('button', { name: 'Open examples' }).first().waitFor();
    await vscode.screenshot('walkthrough');
    await page.getByRole('button', { name: 'Open examples' }).first().click();
    await vscode.page.locator('.tab', { hasText: 'add.c' }).waitFor();
    await page.getByText('Press F5').first().click();
    await page.getByRole('button', { name: 'Debug inside the transformer' }).first().click();
    await vscode.stopsAt(4, 30_000);
    await vscode.screenshot('walkthrough-stopped');
  });

  uiTest('the empty Attention view says what to do', 'hello.c', async (vscode) => {
    await vscode.command('Transformer: Focus on Attention View');
    const view = await vscode.attention();
    await view.locator('button', { hasText: 'Debug Inside the Transformer' }).click();
    await until('a stop', () => vscode.isStopped(), 30_000);
    await until('heads', async () => (await view.locator('tr.head').count()) > 0);
  });
});
