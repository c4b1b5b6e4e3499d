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
});
