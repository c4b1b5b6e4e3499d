/** What if: a value changed in the past begins a branch; one compares, returns, takes it back. */
import assert from 'node:assert/strict';
import { uiTest } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

const rows = (vscode: Workbench, text: string | RegExp) =>
  vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: text });

const item = (vscode: Workbench) => vscode.page.locator('.statusbar-item[id="stepformer.stepformer.branch"]');

describe('Branches', () => {
  uiTest('a value is changed in the past: marked, compared, left', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F5');
    await vscode.stopsAt(8);
    await vscode.toolbar('step-back');
    await until('the past', async () => /past/.test(await vscode.status()));
    await vscode.toolbar('step-back');
    await vscode.stopsAt(7);
    await vscode.variableIs('sum', '8');
    assert.equal(await item(vscode).count(), 0, 'one branch needs no name');
    await vscode.setVariable('sum', '80');
    await item(vscode).waitFor();
    await until('the mark', async () =>
      (await vscode.page.locator('.view-lines').first().innerHTML()).includes('ced-'),
    );
    await vscode.press('F5');
    await vscode.stopsAt(8);
    await vscode.screenshot('branch');
    await vscode.command('Stepformer: Compare With Another Branch…');
    await rows(vscode, 'main').click();
    const sides = vscode.page.locator('.monaco-diff-editor .view-lines');
    await until('both outputs', async () => {
      const texts = (await sides.allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
      return texts.length === 2 && /sum = 8\b/.test(texts[0]) && /sum = 80\b/.test(texts[1]);
    });
    await vscode.screenshot('compared');
    await vscode.press('Control+F4');
    await vscode.command('Stepformer: Branches…');
    await rows(vscode, 'what the program did by itself').waitFor();
    await vscode.screenshot('branches');
    await rows(vscode, /^.*main/)
      .first()
      .click();
    await vscode.variableIs('sum', '8');
    await until('its name', async () => /main/.test((await item(vscode).textContent()) ?? ''));
  });
});
