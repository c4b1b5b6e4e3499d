/**
 * Questions from where one stands, and changes by hand: the menus of Variables and Watch, a reference that was
 * pasted; a byte of memory that is typed over, taken back, its branch renamed and dropped.
 */
import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

const ASKED = `#include <stdio.h>
static int add(int a, int b) {
  int total = a + b;
  return total;
}
int main(void) {
  int sum = add(2, 3);
  printf("%d\\n", sum);
  return 0;
}
`;

const row = (vscode: Workbench, text: string | RegExp) =>
  vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

const item = (vscode: Workbench) => vscode.page.locator('.statusbar-item[id="stepformer.stepformer.branch"]');

/** What the Why view answers, once it does. */
async function answered(view: Frame, sentence: string): Promise<void> {
  await until(sentence, async () => (await view.locator('.answer .headline').textContent()) === sentence);
}

async function watched(vscode: Workbench, expression: string) {
  const header = vscode.page.locator('.pane-header', { hasText: 'Watch' });
  await header.hover();
  await header.locator('[aria-label="Add Expression"]').first().click();
  await vscode.page.keyboard.type(expression);
  await vscode.press('Enter');
  return vscode.page.locator('.debug-watch .monaco-list-row', { hasText: expression });
}

/** From the branches' list: presses a button of a row. */
async function onBranch(vscode: Workbench, name: RegExp, button: 'edit' | 'trash'): Promise<void> {
  await vscode.command('Stepformer: Branches…');
  await row(vscode, name).hover();
  await row(vscode, name).locator(`.codicon-${button}`).click();
}

/** Stopped where a sum has been made. */
async function summed(vscode: Workbench): Promise<Frame> {
  await vscode.toggleBreakpoint(8);
  await vscode.press('F5');
  await vscode.stopsAt(8);
  await vscode.variableIs('sum', '5');
  return vscode.attention();
}

describe('Asking', () => {
  before(() => writeWorkspaceFile('asked.c', ASKED));

  uiTest('where a variable and a watch came from; a head that was pasted', 'asked.c', async (vscode) => {
    const view = await summed(vscode);
    const variable = vscode.page.locator('.debug-variables .monaco-list-row', { hasText: 'sum' });
    await variable.locator('.name').click({ button: 'right' });
    await vscode.chooseFromMenu('Where Did This Come From?');
    await answered(view, 'sum is 5 because a + b was 2 + 3.');
    await vscode.screenshot('asking-variable');

    const watch = await watched(vscode, 'sum * 10');
    await until('its value', async () => /50/.test((await watch.textContent()) ?? ''));
    await watch.click({ button: 'right' });
    await vscode.chooseFromMenu('Where Did This Come From?');
    const headline = view.locator('.answer .headline');
    await until('the answer', async () => /^sum \* 10 /.test((await headline.textContent()) ?? ''));
    await vscode.screenshot('asking-watch');

    await view.getByTitle('The question before').click();
    const moment = view.locator('.row', { hasText: '5 = 2 + 3' }).locator('.moment').first();
    const token = /token ([\d,]+)/.exec((await moment.textContent()) ?? '')?.[1];
    await vscode.command('Stepformer: Go to…');
    await vscode.page.locator('.quick-input-widget input[aria-controls]').first().fill(`token ${token} · L3·H0`);
    await row(vscode, `Token ${token} · L3·H0`).waitFor();
    await vscode.press('Enter');
    await vscode.stopsAt(3);
    await view.locator('.detail[aria-label^="L3·H0"]').waitFor();
    assert.match((await view.locator('.about').textContent()) ?? '', new RegExp(`token ${token}`));
    await vscode.screenshot('asking-reference');
  });

  uiTest('a byte is typed over; taken back; its branch is renamed and dropped', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F5');
    await vscode.stopsAt(8);
    await vscode.toolbar('step-back');
    await until('the past', async () => /past/.test(await vscode.status()));
    await vscode.toolbar('step-back');
    await vscode.stopsAt(7);
    await vscode.command('Stepformer: Show Memory');
    const view = await until('the Memory view', async () => {
      for (const frame of vscode.page.frames()) if ((await frame.locator('.variable').count()) > 0) return frame;
      return undefined;
    });
    const byte = view.locator('button.byte.first[title*="b = 5"]').first();
    await byte.focus();
    await vscode.page.keyboard.type('2a');
    await vscode.variableIs('b', '42');
    await view.locator('button.byte.first[title*="b = 42"]').waitFor();
    await item(vscode).waitFor();
    await vscode.screenshot('asking-byte');

    await vscode.command('Stepformer: Undo the Last Edit of This Branch');
    await vscode.variableIs('b', '5');
    await item(vscode).waitFor({ state: 'hidden' });
    await byte.focus();
    await vscode.page.keyboard.type('07');
    await vscode.variableIs('b', '7');
    await onBranch(vscode, /from main/, 'edit');
    const widget = vscode.page.locator('.quick-input-widget');
    await until('the question', async () => /Rename/.test((await widget.textContent()) ?? ''));
    await widget.locator('input').first().fill('seven');
    await vscode.press('Enter');
    await until('its name', async () => /seven/.test((await item(vscode).textContent()) ?? ''));
    await vscode.command('Stepformer: Branches…');
    await vscode.screenshot('asking-branches');
    await row(vscode, 'what the program did by itself').click();
    await vscode.variableIs('b', '5');
    await onBranch(vscode, /seven/, 'trash');
    await until('it to go', async () => (await row(vscode, 'seven').count()) === 0);
    await vscode.press('Escape');
    await item(vscode).waitFor({ state: 'hidden' });
  });
});
