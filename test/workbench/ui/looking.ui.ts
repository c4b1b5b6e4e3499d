/// <reference lib="dom" />
/** Looking around in the recording: search, calls, what ran, and breakpoints that VS Code has no place for. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

const GRADES = `#include <stdio.h>
static int grade(int points) {
  if (points > 90) {
    return 1;
  }
  return 2;
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 3; i++) {
    sum += grade(40 * i);
  }
  if (sum == 0) {
    printf("nothing\\n");
  }
  printf("%d\\n", sum);
  return 0;
}
`;

const rows = (vscode: Workbench, text: string | RegExp) =>
  vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: text });

async function type(vscode: Workbench, text: string): Promise<void> {
  await vscode.page.locator('.quick-input-widget input').first().fill(text);
}

/** What stands before the text of each line in sight, by line number. */
async function marks(vscode: Workbench): Promise<Map<number, string>> {
  const found = await vscode.page.evaluate(() => {
    const numbers = [...document.querySelectorAll('.line-numbers')].map((element) => ({
      line: Number(element.textContent),
      top: element.getBoundingClientRect().top,
    }));
    return [...document.querySelectorAll('.view-line span')].flatMap((span) => {
      const text = getComputedStyle(span, '::before').content.replaceAll('"', '').replaceAll('\u00a0', '');
      const { top } = span.getBoundingClientRect();
      const line = numbers.find((number) => Math.abs(number.top - top) < 6)?.line;
      return /[×░]/.test(text) && line !== undefined ? [[line, text] as const] : [];
    });
  });
  return new Map(found);
}

describe('Looking around', () => {
  before(() => writeWorkspaceFile('grades.c', GRADES));

  uiTest(
    'a search finds a value, a function and output; calls are listed with what they were given',
    'grades.c',
    async (vscode) => {
      await vscode.press('F5');
      await vscode.stopsAt(9);
      await vscode.press('F5');
      await vscode.stopsAt(17);
      await vscode.command('Stepformer: Search the Recording…');
      await type(vscode, 'grade');
      await rows(vscode, /grade\(\).*first call/).waitFor();
      await type(vscode, 'sum == 4');
      await rows(vscode, /sum == 4.*written/)
        .first()
        .waitFor();
      await vscode.screenshot('search');
      await vscode.press('Enter');
      await vscode.stopsAt(11);
      await vscode.variableIs('i', '1');
      await vscode.command('Stepformer: Go to…');
      await rows(vscode, 'Call…').click();
      await type(vscode, 'grade');
      await rows(vscode, 'grade()').first().click();
      await rows(vscode, /3\. grade\(points = 80\).*returned 2/).waitFor();
      await vscode.screenshot('calls');
      await rows(vscode, /2\. grade\(points = 40\)/).click();
      await vscode.stopsAt(3);
      await vscode.variableIs('points', '40');
    },
  );

  uiTest('what ran in this call stands beside its lines', 'grades.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(9);
    await vscode.press('F5');
    await vscode.stopsAt(17);
    await vscode.command('Stepformer: Show What Ran in This Call');
    await until('counts', async () => (await marks(vscode)).get(11) === '×3▎');
    await vscode.screenshot('coverage');
    const seen = await marks(vscode);
    assert.equal(seen.get(10), '×4▎');
    assert.equal(seen.get(14), '░');
    assert.equal(seen.get(3), undefined, 'another function');
    await vscode.command('Stepformer: Show What Ran in This Call');
    await until('them to go', async () => (await marks(vscode)).size === 0);
  });

  uiTest('stops before an output; the list removes it', 'grades.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(9);
    await vscode.command('Stepformer: Stop When Output Contains…');
    await until('the question', async () =>
      /before the text is complete/.test((await vscode.page.locator('.quick-input-widget').textContent()) ?? ''),
    );
    await type(vscode, '6');
    await vscode.press('Enter');
    await vscode.page.locator('.statusbar-item', { hasText: '"6" is printed' }).waitFor();
    await vscode.press('F5');
    await vscode.stopsAt(16);
    await vscode.press('F5');
    await vscode.stopsAt(17);
    await vscode.command('Stepformer: Output and Attention Breakpoints…');
    const row = rows(vscode, '"6" is printed');
    await row.hover();
    await row.locator('.codicon-trash').click();
    await until('it to go', async () => (await row.count()) === 0);
    await vscode.press('Escape');
    await vscode.toolbar('reverse-continue');
    await vscode.stopsAt(9);
  });
});
