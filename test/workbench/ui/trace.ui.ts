/** The trace as documents: shown at the position, marked, and with breakpoints in its gutter. */
import assert from 'node:assert/strict';
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Trace', () => {
  uiTest('a breakpoint in the gutter of a trace page hits, in both directions', 'add.c', async (vscode) => {
    await vscode.page.locator('.codelens-decoration a', { hasText: 'Debug inside the transformer' }).click();
    await vscode.stopsAt(4);
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.command('Stepformer: Show Trace');
    const editor = vscode.page.locator('.editor-group-container.active .monaco-editor');
    await vscode.page.locator('.tab.active', { hasText: 'trace-0' }).waitFor();
    await until('trace lines', async () => (await editor.locator('.view-line').count()) > 3);
    // Beside the tokens stands what they mean.
    await editor
      .locator('.view-line', { hasText: /commit.*i32\.store.*a\s←\s3/ })
      .first()
      .waitFor();
    const line = Number(/line ([\d,]+)/.exec(await vscode.status())?.[1].replace(/,/g, ''));
    assert.ok(line > 0);
    const number = editor.locator('.line-numbers', { hasText: new RegExp(`^${line - 1}$`) });
    const box = await number.boundingBox();
    assert.ok(box, `line ${line - 1} is in sight`);
    // Left of the number: the gutter where breakpoints are set.
    await vscode.page.mouse.click(box.x - 8, box.y + box.height / 2);
    await until('the breakpoint', async () => (await editor.locator('.codicon-debug-breakpoint').count()) > 0);
    await vscode.screenshot('trace');
    await vscode.toolbar('reverse-continue');
    // The status bar counts as the page does.
    await until('a hit going back', async () => new RegExp(`line ${line - 1} `).test(await vscode.status()));
    await vscode.toolbar('reverse-continue');
    await until('the beginning', async () => !new RegExp(`line ${line - 1} `).test(await vscode.status()));
    await vscode.toolbar('continue');
    await until('a hit going forth', async () => new RegExp(`line ${line - 1} `).test(await vscode.status()));
    await until('the mark to move along', async () => (await vscode.markedLine()) === line - 1);
    await vscode.screenshot('trace-hit');
  });

  uiTest('views that are opened beside the code and the trace are tabs of one group', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    const view = await vscode.attention();
    const groups = () => vscode.page.locator('.editor-group-container').count();
    for (const name of ['Token', 'Why']) {
      await view.getByRole('tab', { name, exact: true }).click();
      await view.getByRole('button', { name: 'Open beside' }).click();
      await vscode.page.locator('.tab.active', { hasText: name }).waitFor();
    }
    await vscode.command('Stepformer: Show Trace');
    await vscode.page.locator('.tab.active', { hasText: 'trace-0' }).waitFor();
    await until('two groups', async () => (await groups()) === 2);
    await vscode.screenshot('beside');
  });

  uiTest('pages of a long trace share a tab and count on; calls fold', 'collatz.c', async (vscode) => {
    await vscode.press('F5');
    await until('the entry', () => vscode.isStopped());
    await vscode.command('Stepformer: Show Trace');
    await vscode.page.locator('.tab.active', { hasText: 'trace-0' }).waitFor();
    await vscode.toolbar('continue');
    await vscode.page.locator('.tab', { hasText: 'trace-20000' }).waitFor();
    await until('one tab', async () => (await vscode.page.locator('.tab', { hasText: 'trace-' }).count()) === 1);
    const end = Number(/line ([\d,]+)/.exec(await vscode.status())?.[1].replace(/,/g, ''));
    assert.ok(end > 20_000);
    const numbers = () =>
      vscode.page.evaluate(() => {
        const spans = [...document.querySelectorAll('.view-line span')];
        return spans.map((span) => getComputedStyle(span, '::before').content.replace(/\D/g, '')).map(Number);
      });
    await until('the number of the last line', async () => (await numbers()).includes(end));
    await until('calls to fold', async () => (await vscode.page.locator('.codicon-folding-expanded').count()) > 0);
    await vscode.screenshot('trace-long');
  });

  uiTest('the profile stands in front of the lines of C, and as a table', 'collatz.c', async (vscode) => {
    await vscode.press('F5');
    await until('the entry', () => vscode.isStopped());
    await vscode.toolbar('continue');
    await until('the end', async () => /· end/.test(await vscode.status()));
    await vscode.command('Stepformer: Show Counts and Shares of Tokens Beside Lines');
    const fronts = () =>
      vscode.page.evaluate(() => {
        const spans = [...document.querySelectorAll('.view-line span')];
        return spans.map((span) => getComputedStyle(span, '::before').content);
      });
    await until('counts', async () => (await fronts()).some((text) => /×111.*%/.test(text)));
    await vscode.screenshot('profile');
    // Both stand in front of the lines: one gives way to the other.
    await vscode.command('Stepformer: Show What Ran in This Call');
    await until('what ran', async () => (await fronts()).some((text) => /×\d+.▎/.test(text)));
    await until('shares to go', async () => !(await fronts()).some((text) => /%/.test(text)));
    await vscode.command('Stepformer: Profile: Functions by Tokens…');
    await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'main' }).first().waitFor();
    await vscode.screenshot('profile-functions');
  });
});
