/// <reference lib="dom" />
/** Debugging C as people know it: F5, breakpoints, variables, stepping both ways, hover, console, end, restart. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stage, uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

/** Number of the first line of a file in the workspace that contains a text. */
function lineOf(file: string, text: string): number {
  const at = readFileSync(path.join(stage().folder, file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  assert.ok(at >= 0, `${file} has no line with ${text}`);
  return at + 1;
}

const COUNTDOWN = `#include <stdio.h>

static void count(int left) {
  putchar('0' + left);
  if (left > 1) count(left - 1);
}

int main(void) {
  count(3);
  return 0;
}
`;

describe('Debugging', () => {
  before(() => writeWorkspaceFile('countdown.c', COUNTDOWN));

  uiTest('F5 on add.c: stops, steps, steps back, shows values', 'add.c', async (vscode) => {
    const first = lineOf('add.c', 'int a = 3');
    await vscode.press('F5');
    await vscode.stopsAt(first);
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
    await vscode.stopsAt(lineOf('add.c', 'printf'));
    assert.ok(first > 0);
    await vscode.command('Debug Console: Focus on Debug Console View');
    await until('the keyboard to be in the console', () =>
      vscode.page.evaluate(() => document.activeElement?.closest('.repl-input-wrapper') != null),
    );
    await vscode.page.keyboard.type('sum * 10 + a');
    await vscode.press('Enter');
    const console = vscode.page.locator('.repl .monaco-list-row');
    await until('83 in the console', async () =>
      (await console.allTextContents()).some((text) => text.trim() === '83'),
    );
    const at = await vscode.page.evaluate(() => {
      const line = [...document.querySelectorAll('.view-line')].find(({ textContent }) =>
        /int\ssum/.test(textContent ?? ''),
      );
      const words = document.createTreeWalker(line ?? document.body, NodeFilter.SHOW_TEXT);
      for (let node = words.nextNode(); node; node = words.nextNode()) {
        const start = node.textContent?.indexOf('sum') ?? -1;
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, start + 3);
        const { left, top, width, height } = range.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }
      return { x: 0, y: 0 };
    });
    await until('8 in the hover', async () => {
      await vscode.page.mouse.move(at.x + 200, at.y + 200);
      await vscode.page.mouse.move(at.x, at.y);
      await vscode.page.waitForTimeout(1000);
      const texts = await vscode.page.locator('.debug-hover-widget').allTextContents();
      return texts.some((text) => /8 · int · written by line 6, /.test(text));
    });
    await vscode.screenshot('hover');
    // The debugger's own hover has no links; with Alt comes the editor's.
    await vscode.page.keyboard.down('Alt');
    const why = vscode.page.locator('.monaco-hover a', { hasText: 'Why?' }).first();
    await until('a way to why', async () => {
      await vscode.page.mouse.move(at.x + 1, at.y);
      await vscode.page.mouse.move(at.x, at.y);
      return why.isVisible();
    });
    await vscode.screenshot('hover-why');
    await why.click();
    await vscode.page.keyboard.up('Alt');
    const view = await vscode.attention();
    await until('the answer', async () =>
      /^sum is 8 because/.test((await view.locator('.answer .headline').textContent({ timeout: 1000 })) ?? ''),
    );
  });

  uiTest(
    'the end is a stop: reverse continue finds the last hit, restart begins anew',
    'countdown.c',
    async (vscode) => {
      const line = lineOf('countdown.c', "putchar('0' + left)");
      await vscode.toggleBreakpoint(line);
      await vscode.press('F5');
      await vscode.stopsAt(line);
      await vscode.variableIs('left', '3');
      for (const left of ['2', '1']) {
        await vscode.press('F5');
        await vscode.variableIs('left', left);
      }
      await vscode.press('F5');
      const stack = vscode.page.locator('.debug-pane', { hasText: 'Call Stack' });
      await until('the end', async () =>
        (await stack.allTextContents()).some((text) => /Ended: exit code 0/.test(text)),
      );
      await vscode.screenshot('end');
      await vscode.toolbar('reverse-continue');
      await vscode.stopsAt(line);
      await vscode.variableIs('left', '1');
      assert.match(await vscode.status(), /past/);
      await vscode.screenshot('reverse');
      await vscode.toolbar('restart');
      await vscode.variableIs('left', '3');
      assert.match(await vscode.status(), /now/);
    },
  );

  uiTest('F5 on sudoku.c: a breakpoint in search() hits', 'sudoku.c', async (vscode) => {
    const line = lineOf('sudoku.c', 'if (!place_hidden(board)) return false;');
    await vscode.press('F5');
    await vscode.stopsAt(lineOf('sudoku.c', 'const char *puzzle = argc > 1'));
    await vscode.toggleBreakpoint(line);
    await vscode.press('F5');
    await vscode.stopsAt(line);
    await vscode.variableIs('depth', '1');
    await vscode.variableIs('board', /struct board|\{|0x/);
    await vscode.screenshot('sudoku');
    await vscode.press('F10');
    await vscode.stopsAt(line + 1);
    await vscode.toolbar('step-back');
    await vscode.stopsAt(line);
  });
});
