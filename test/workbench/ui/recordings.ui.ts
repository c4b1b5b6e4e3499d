/** Recordings and bookmarks: what is saved opens where one stood, by a click on the file too. */
import assert from 'node:assert/strict';
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Recordings', () => {
  uiTest('a session is saved with its bookmark, and opens where it was', 'add.c', async (vscode) => {
    const input = vscode.page.locator('.quick-input-widget input').first();
    const widget = vscode.page.locator('.quick-input-widget');
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.command('Stepformer: Bookmark This Moment…');
    await until('the question for a note', async () => /A note/.test((await widget.textContent()) ?? ''));
    await input.fill('a is set');
    await vscode.press('Enter');
    await vscode.command('Stepformer: Save Recording…');
    await until('the proposal of a file', async () => /add\.stepformer$/.test(await input.inputValue()));
    await vscode.screenshot('save-recording');
    await vscode.press('Enter');
    await until('it to be saved', async () =>
      /Saved add\.stepformer/.test((await vscode.page.locator('.notifications-toasts').textContent()) ?? ''),
    );
    await vscode.stop();
    await vscode.press('Control+P');
    await input.fill('add.stepformer');
    await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'add.stepformer' }).first().waitFor();
    await vscode.press('Enter');
    await vscode.stopsAt(5);
    await vscode.variableIs('a', '3');
    assert.equal(await vscode.page.locator('.tab', { hasText: 'add.stepformer' }).count(), 0, 'the file has no tab');
    await vscode.screenshot('opened-recording');
    await vscode.press('F10');
    await vscode.stopsAt(6);
    await vscode.command('Stepformer: Bookmarks…');
    await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'a is set' }).waitFor();
    await vscode.press('Enter');
    await vscode.stopsAt(5);
  });
});
