/**
 * A hard Sudoku from its end backwards, as one would look for what went wrong: the last retreat, who wrote the cell, into and out
 * of calls; where a digit came from, all guesses as a table; another guess in the past, compared, left; saved, opened, gone on.
 */
import assert from 'node:assert/strict';
import { walk } from '../../views/sudoku-walk.ts';
import { uiTest } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

/** Goes down the open menu to an entry and takes it. */
async function chosenFromMenu(vscode: Workbench, entry: string): Promise<void> {
  const focused = vscode.page.locator('.monaco-menu .action-item.focused');
  await vscode.page.locator('.monaco-menu .action-label', { hasText: entry }).first().waitFor();
  for (let i = 0; i < 40 && !((await focused.allTextContents())[0] ?? '').includes(entry); i++)
    await vscode.press('ArrowDown');
  await vscode.press('Enter');
}

/** Takes a breakpoint off the list. */
async function removed(vscode: Workbench, name: string): Promise<void> {
  const row = vscode.page.locator('.debug-breakpoints .monaco-list-row', { hasText: name });
  await row.hover();
  await row.locator('.codicon-close, .codicon-debug-hint-remove, [aria-label^="Remove Breakpoint"]').first().click();
  await until(`no breakpoint ${name}`, async () => (await row.count()) === 0);
}

/** F5 on the program, and on to its end. */
async function ended(vscode: Workbench): Promise<void> {
  await vscode.press('F5');
  await vscode.stopsAt(134);
  await vscode.press('F5');
  await vscode.stopsAt(163);
  await until('the end', async () => /end/.test(await vscode.status()));
}

/** A watch expression, with the menu that belongs to it. */
async function watch(vscode: Workbench, expression: string, entry: string): Promise<void> {
  const header = vscode.page.locator('.pane-header', { hasText: 'Watch' });
  await header.hover();
  await header
    .locator('.codicon-watch-expressions-add-dataBreakpoint, .codicon-add, [aria-label="Add Expression"]')
    .first()
    .click();
  await vscode.page.keyboard.type(expression);
  await vscode.press('Enter');
  const row = vscode.page.locator('.debug-watch .monaco-list-row', { hasText: expression });
  await row.click({ button: 'right' });
  await chosenFromMenu(vscode, entry);
}

describe('Sudoku', () => {
  uiTest(
    'the whole walk: its sawtooth, a retreat, heads and arcs, back, a cell down to the text, the hull, depth, a trace line',
    'sudoku.c',
    async (vscode) => {
      await ended(vscode);
      await walk(await vscode.attention(), {
        atRetreat: () => vscode.stopsAt(128),
        atEnd: () => vscode.stopsAt(163),
        look: (name) => vscode.screenshot(`walk-${name}`),
      });
      await vscode.command('Stepformer: Show Trace');
      const editor = vscode.page.locator('.editor-group-container.active .monaco-editor');
      await vscode.page.locator('.tab.active', { hasText: 'trace-' }).waitFor();
      const line = Number(/line ([\d,]+)/.exec(await vscode.status())?.[1].replace(/,/g, '')) - 3;
      await until('trace lines', async () => (await editor.locator('.view-line').count()) > 3);
      await vscode.screenshot('walk-trace');
      const mark = editor.locator('.line-numbers').nth(2);
      const box = await mark.boundingBox();
      assert.ok(box, 'a line number is in sight');
      await vscode.page.mouse.click(box.x - 8, box.y + box.height / 2);
      await editor.locator('.codicon-debug-breakpoint').first().waitFor();
      await vscode.toolbar('reverse-continue');
      await until('a hit', async () => (await vscode.isStopped()) && /past/.test(await vscode.status()));
      const hit = Number(/line ([\d,]+)/.exec(await vscode.status())?.[1].replace(/,/g, ''));
      assert.ok(hit > line - 200 && hit < line + 3, `hit at line ${hit}, before ${line}`);
      await vscode.screenshot('walk-trace-hit');
    },
  );

  uiTest(
    'backwards from the end: the last retreat, who wrote the cell, out of calls and into them',
    'sudoku.c',
    async (vscode) => {
      await ended(vscode);
      await vscode.toggleBreakpoint(128);
      await vscode.toolbar('reverse-continue');
      await vscode.stopsAt(128);
      await vscode.variableIs('depth', /^\d+$/);
      await vscode.screenshot('sudoku-retreat');
      await removed(vscode, 'sudoku.c');
      await watch(vscode, 'guess.can[cell]', 'Break on Value Change');
      await vscode.page.locator('.debug-breakpoints .codicon-debug-breakpoint-data').waitFor();
      await vscode.page.locator('.debug-breakpoints .codicon-debug-breakpoint-data').waitFor();
      await vscode.toolbar('reverse-continue');
      const writers = [56, 63, 70];
      await until('a write to the cell', async () => writers.includes(await vscode.stoppedLine()));
      await vscode.screenshot('sudoku-written');
      await removed(vscode, 'guess.can');
      for (let calls = 0; (await vscode.stoppedLine()) !== 124 && calls < 40; calls++) {
        const before = await vscode.status();
        await vscode.press('Shift+Alt+F11');
        await until('a stop outside', async () => (await vscode.isStopped()) && (await vscode.status()) !== before);
      }
      await vscode.stopsAt(124);
      await vscode.toolbar('step-back');
      await vscode.stopsAt(123);
      await vscode.press('Alt+F11');
      await vscode.stopsAt(49);
      await vscode.press('Shift+Alt+F11');
      await vscode.stopsAt(122);
    },
  );
});
