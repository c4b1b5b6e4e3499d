/** The Timeline view: the run at a glance; a click in it travels, and the editor follows. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const CALLS = `#include <stdio.h>
static int down(int n) {
  if (n == 0) return 0;
  return down(n - 1) + 1;
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 30; i++) {
    sum += down(i);
    printf("%d\\n", sum);
  }
  return sum != 435;
}
`;

describe('Timeline', () => {
  before(() => writeWorkspaceFile('timeline.c', CALLS));

  uiTest(
    'the run by functions and depth; a click travels, a chart shows values over time',
    'timeline.c',
    async (vscode) => {
      await vscode.toggleBreakpoint(12);
      await vscode.press('F5');
      await vscode.stopsAt(12);
      const view = await vscode.attention();
      await view.getByRole('tab', { name: 'Timeline' }).click();
      const picture = view.locator('.picture');
      await picture.waitFor();
      await view.getByLabel('Expression to chart').fill('sum');
      await view.getByLabel('Line at which it is printed').fill('timeline.c:10');
      await view.getByRole('button', { name: 'Chart', exact: true }).click();
      await view.locator('.of-print .remark', { hasText: 'timeline.c:10, 30×' }).waitFor();
      await view.locator('h2', { hasText: 'You are in main, depth' }).waitFor();
      await vscode.screenshot('timeline');
      const box = await picture.boundingBox();
      assert.ok(box);
      // The tabs stay above what is scrolled to.
      await picture.evaluate((element) => element.scrollIntoView({ block: 'start' }));
      await picture.click({ position: { x: box.width / 2, y: 5 } });
      await until('the past', async () => /past/.test(await vscode.status()));
      await view.locator('.pill.past').waitFor();
      await vscode.screenshot('timeline-past');
      await picture.focus();
      await picture.press('Escape');
      await picture.press('Escape');
      await vscode.stopsAt(12);
    },
  );
});
