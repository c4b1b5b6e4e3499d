/** The first stop, the end and the past, as a newcomer sees them: nothing is clicked to understand where one is. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

const CALLS = `#include <stdio.h>
static int twice(int n) {
  int doubled = 2 * n;
  return doubled;
}
int main(void) {
  int four = twice(2);
  printf("%d\\n", four);
  return 0;
}
`;

/** Text of the line above the one that is stopped at. */
const banner = async (vscode: Workbench) =>
  (await vscode.page.locator('.codelens-decoration').allTextContents())
    .map((text) => text.replace(/\u00a0/g, ' '))
    .filter((text) => !text.includes('Debug inside the transformer'))
    .join(' ');

const button = (vscode: Workbench, text: string) => vscode.page.locator('.codelens-decoration a', { hasText: text });

describe('Moments', () => {
  before(() => writeWorkspaceFile('calls.c', CALLS));

  uiTest('F5 shows variables, stack, a sentence about C and the output', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.page.locator('.debug-pane', { hasText: 'Call Stack' }).waitFor();
    await vscode.variableIs('a', 'not written yet');
    assert.equal(
      await vscode.page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null),
      true,
      'the keyboard stays in the editor',
    );
    const view = await vscode.attention();
    const headline = view.locator('.headline');
    await until('a sentence', async () => /int a = 3;/.test((await headline.textContent()) ?? ''));
    await until('no output', async () =>
      /nothing printed yet/.test((await view.locator('.output').textContent()) ?? ''),
    );
    await vscode.screenshot('first-stop');
    assert.equal(await banner(vscode), '', 'at now nothing warns');
    await vscode.press('F5');
    await until('the output', async () => (await view.locator('.output .chunk').textContent()) === '8');
  });

  uiTest('the end is where main ended; back, and from the past to now', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F5');
    await vscode.stopsAt(8);
    await vscode.variableIs('sum', '8');
    await until('how it ended', async () => /Ended: exit code 0/.test(await banner(vscode)));
    await vscode.screenshot('ended');
    await button(vscode, 'Step back').click();
    await vscode.stopsAt(8);
    await until('the past', async () => /You are in the past: \d+ tokens ago/.test(await banner(vscode)));
    await vscode.toolbar('step-back');
    await vscode.stopsAt(7);
    await until('the banner there', async () => /in the past/.test(await banner(vscode)));
    assert.match(await vscode.status(), /past: [\d,]+ tokens ago/);
    const item = vscode.page.locator('.statusbar-item[id="stepformer.stepformer.position"]');
    assert.match((await item.getAttribute('class')) ?? '', /warning-kind/);
    await vscode.screenshot('in-the-past');
    await button(vscode, 'Back to now').click();
    await vscode.stopsAt(8);
    await until('the end again', async () => /Ended: exit code 0/.test(await banner(vscode)));
  });

  uiTest('a click on what was printed travels there; "Go to" finds a line of the trace', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F5');
    await vscode.stopsAt(8);
    const view = await vscode.attention();
    const printed = view.locator('.output .chunk');
    await until('the output', async () => (await printed.textContent()) === '8');
    await printed.click();
    await vscode.stopsAt(7);
    await until('it is yet to be printed', async () => (await view.locator('.output .later').count()) === 1);
    await vscode.command('Stepformer: Go to…');
    await vscode.page.locator('.quick-input-widget input[aria-controls]').first().fill('20');
    await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Line 20 of the trace' }).waitFor();
    await vscode.press('Enter');
    await until('line 20', async () => /line 20 /.test(await vscode.status()));
  });

  uiTest('steps back into a call and out of it', 'calls.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(7);
    await vscode.press('F10');
    await vscode.stopsAt(8);
    await vscode.page.locator('.debug-toolbar [aria-label^="Step Back Into"]').click();
    await vscode.stopsAt(4);
    await vscode.variableIs('doubled', '4');
    await vscode.page.locator('.debug-toolbar [aria-label^="Step Back Out"]').click();
    await vscode.stopsAt(7);
  });

  uiTest('memory: the variables of main, and a byte that leads to the line that wrote it', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F5');
    await vscode.stopsAt(8);
    await vscode.command('Stepformer: Show Memory');
    const view = await until('the Memory view', async () => {
      for (const frame of vscode.page.frames()) if ((await frame.locator('.variable').count()) > 0) return frame;
      return undefined;
    });
    const names = (await view.locator('.variable').allTextContents()).join(' ');
    assert.match(names, /a = 3/);
    assert.match(names, /sum = 8/);
    await vscode.screenshot('memory');
    await view.locator('button.byte[title*="b = 5"]').first().click();
    await vscode.stopsAt(5);
  });
});
