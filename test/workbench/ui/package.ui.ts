/** The package as users get it: installed in a VS Code that does not see the repository. */
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Package', () => {
  uiTest('installs, and F5 on add.c works', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.variableIs('a', '3');
    const view = await vscode.attention();
    await until('heads', async () => (await view.locator('tr.head').count()) > 0);
    await vscode.screenshot('package');
  });
});
