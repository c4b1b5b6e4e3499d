/** Debugging C as people know it: F5, breakpoints, variables, stepping both ways, hover, console, end, restart. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stage, uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

/** Number of the first line of a file in the workspace that contains a text. */
function lineOf(file: string, text: string): number {
  const at = readFileSync(path.join(stage().folder, file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  assert.ok(at >= 0, `${file} has no line with ${text}`);
  return at + 1;
}

describe('Debugging', () => {
  uiTest('F5 on add.c: stops, steps, steps back, shows values', 'add.c', async (vscode) => {
    const first = lineOf('add.c', 'int a = 3');
    await vscode.press('F5');
    await vscode.stopsAt(first, 30_000);
    await vscode.press('F10');
    await vscode.stopsAt(first + 1);
    await vscode.variableIs('a', '3');
    await vscode.press('F10');
    await vscode.stopsAt(first + 2);
    await vscode.press('F10');
    await vscode.stopsAt(first + 3);
    await vscode.variableIs('sum', '8');
    await vscode.screenshot('add');
    await vscode.toolbar('step-back');
    await vscode.stopsAt(first + 2);
    await vscode.variableIs('b', '5');
    assert.match(await vscode.status(), /token [\d,]+ · line [\d,]+ · past/);
  });

  uiTest('the console evaluates, a hover shows a value', 'add.c', async (vscode) => {
    const first = lineOf('add.c', 'int a = 3');
    await vscode.toggleBreakpoint(lineOf('add.c', 'printf'));
    await vscode.press('F5');
    await vscode.stopsAt(lineOf('add.c', 'printf'), 30_000);
    assert.ok(first > 0);
    await vscode.command('Debug Console: Focus on Debug Console View');
    await vscode.page.keyboard.type('sum * 10 + a');
    await vscode.press('Enter');
    const console = vscode.page.locator('.repl .monaco-list-row');
    await until('83 in the console', async () =>
      (await console.allTextContents()).some((text) => text.trim() === '83'),
    );
    const word = vscode.page.locator('.view-line', { hasText: 'int sum' }).getByText('sum', { exact: false }).first();
    await word.hover({ position: { x: 60, y: 8 } });
    await vscode.page.mouse.move(1, 1);
    const box = await vscode.page.locator('.view-line', { hasText: 'int sum' }).first().boundingBox();
    assert.ok(box);
    // "  int sum": the seventh character, in a font of even width.
    await vscode.page.mouse.move(box.x + 7.5 * 8.4, box.y + box.height / 2, { steps: 5 });
    await until('8 in the hover', async () =>
      (await vscode.page.locator('.debug-hover-widget .value').allTextContents()).includes('8'),
    );
    await vscode.screenshot('hover');
  });

  uiTest(
    'the end of the program is a stop: reverse continue finds the last hit, restart begins anew',
    'fibonacci.c',
    async (vscode) => {
      const text = readFileSync(path.join(stage().folder, 'fibonacci.c'), 'utf8').split('\n');
      const call = text.findIndex((line) => /^\s*(return|printf)/.test(line)) + 1;
      await vscode.toggleBreakpoint(call);
      await vscode.press('F5');
      await vscode.stopsAt(call, 30_000);
      await vscode.toggleBreakpoint(call);
      await vscode.press('F5');
      await until(
        'the end of the program',
        async () => /Program ended/i.test((await vscode.page.locator('.debug-call-stack').textContent()) ?? ''),
        60_000,
      );
      await vscode.toggleBreakpoint(call);
      await vscode.toolbar('reverse-continue');
      await vscode.stopsAt(call);
      assert.match(await vscode.status(), /past/);
      await vscode.screenshot('reverse');
      await vscode.toolbar('restart');
      await until('the beginning', async () => /line [\d,]+ · now/.test(await vscode.status()), 30_000);
      await vscode.stopsAt(call, 30_000);
    },
  );

  uiTest('F5 on sudoku.c: a breakpoint in search() hits', 'sudoku.c', async (vscode) => {
    const line = lineOf('sudoku.c', 'if (!place_hidden(board)) return false;');
    await vscode.press('F5');
    await vscode.stopsAt(lineOf('sudoku.c', 'const char *puzzle = argc > 1'), 30_000);
    await vscode.toggleBreakpoint(line);
    await vscode.press('F5');
    await vscode.stopsAt(line, 110_000);
    await vscode.variableIs('depth', '1');
    await vscode.variableIs('board', /struct board|\{|0x/);
    await vscode.screenshot('sudoku');
    await vscode.press('F10');
    await vscode.stopsAt(line + 1, 60_000);
    await vscode.toolbar('step-back');
    await vscode.stopsAt(line);
  });
});
