/**
 * A hard Sudoku from its end backwards, as one would look for what went wrong: the last retreat, who wrote the cell, into and out
 * of calls; where a digit came from, all guesses as a table; another guess in the past, compared, left; saved, opened, gone on.
 */
import assert from 'node:assert/strict';
import { walk } from '../../views/sudoku-walk.ts';
import { uiTest } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

/** Takes a breakpoint off the list. */
async function removed(vscode: Workbench, name: string): Promise<void> {
  const row = vscode.page.locator('.debug-breakpoints .monaco-list-row', { hasText: name });
  await row.hover();
  await row.locator('.codicon-close, .codicon-debug-hint-remove, [aria-label^="Remove Breakpoint"]').first().click();
  await until(`no breakpoint ${name}`, async () => (await row.count()) === 0);
}

/** The trace line that the status bar names. */
function traceLineIn(status: string): number {
  return Number(/line ([\d,]+)/.exec(status)?.[1].replace(/,/g, ''));
}

/** Where breakpoints are set beside a trace line, which is known by the number in front of its text. */
function gutterOf({ page }: Workbench, line: number): Promise<{ x: number; y: number } | undefined> {
  return page.evaluate((line) => {
    for (const span of document.querySelectorAll('.editor-group-container.active .view-line span')) {
      const numbered = getComputedStyle(span, '::before').content.replace(/\D/g, '');
      const gutter = span.closest('.monaco-editor')?.querySelector('.glyph-margin')?.getBoundingClientRect();
      const row = span.closest('.view-line')?.getBoundingClientRect();
      if (Number(numbered) === line && gutter && row) return { x: gutter.x + 8, y: row.y + row.height / 2 };
    }
  }, line);
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
  await vscode.chooseFromMenu(entry);
}

describe('Sudoku', () => {
  uiTest(
    'the whole walk through the views: a sawtooth, depth, a retreat, heads and arcs, back, a cell down to the text, a hull',
    'sudoku.c',
    async (vscode) => {
      await ended(vscode);
      await walk(await vscode.attention(), {
        atRetreat: () => vscode.stopsAt(128),
        atEnd: () => vscode.stopsAt(163),
        at: (token) =>
          until(`token ${token}`, async () => (await vscode.status()).includes(`token ${token.toLocaleString('en')} `)),
        shows: (line) =>
          until(
            `the cursor in line ${line}`,
            async () => (await vscode.page.locator('.statusbar-item', { hasText: `Ln ${line},` }).count()) > 0,
          ),
        look: (name) => vscode.screenshot(`walk-${name}`),
      });
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
      // A board beside a line leaves room for the next one.
      const beside = vscode.page.locator('.view-line', { hasText: 'guess = *board;' });
      await until('a value that is cut', async () =>
        /guess = \{can = .{20,30}…/.test(((await beside.textContent()) ?? '').replaceAll('\u00a0', ' ')),
      );
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

  uiTest('a breakpoint on a line of a long trace hits, going back from the end', 'sudoku.c', async (vscode) => {
    await ended(vscode);
    await vscode.toggleBreakpoint(128);
    await vscode.toolbar('reverse-continue');
    await vscode.stopsAt(128);
    await removed(vscode, 'sudoku.c');
    await vscode.command('Stepformer: Show Trace');
    const { page } = vscode;
    await page.locator('.tab.active', { hasText: /trace-[1-9]\d*0000/ }).waitFor();
    const here = traceLineIn(await vscode.status());
    assert.ok(here > 100_000, `far from the beginning: line ${here}`);
    const wanted = here - 1;
    const spot = await until('the line before', () => gutterOf(vscode, wanted));
    await page.mouse.click(spot.x, spot.y);
    await page.locator('.editor-group-container.active .codicon-debug-breakpoint').first().waitFor();
    await vscode.toolbar('reverse-continue');
    await until('the hit', async () => traceLineIn(await vscode.status()) === wanted);
    await vscode.screenshot('sudoku-trace-breakpoint');
    await vscode.toolbar('continue');
    await until('the end', async () => /end/.test(await vscode.status()));
    await vscode.toolbar('reverse-continue');
    await until('the hit again, from the end', async () => traceLineIn(await vscode.status()) === wanted);
  });
});
