/** The Hull view in VS Code: the keys of the head that loads memory, gone through by keyboard; an earlier pass; travel. */
import assert from 'node:assert/strict';
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const PROGRAM = `int cells[12];
int deep(int n) {
  cells[n] += n;
  return n == 0 ? 0 : n + deep(n - 1);
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 12; i++) sum += deep(i);
  return sum & 1;
}
`;

describe('Hull', () => {
  before(() => writeWorkspaceFile('hull.c', PROGRAM));

  uiTest('the hull of a head: winner, keys by keyboard, the scrubber, travel', 'hull.c', async (vscode) => {
    await vscode.toggleBreakpoint(9);
    await vscode.press('F5');
    await vscode.stopsAt(9);
    const view = await vscode.attention();
    await view.getByRole('tab', { name: 'Hull' }).click();
    const chooser = view.locator('.chooser select');
    await chooser.waitFor();
    const memory = chooser.locator('option', { hasText: 'memory load' }).first();
    await chooser.selectOption((await memory.getAttribute('value')) ?? '');
    await view.locator('.headline', { hasText: 'memory load' }).waitFor();
    await view.getByText('Exact.').waitFor();
    await view.locator('.below', { hasText: 'can never win' }).waitFor();
    await vscode.screenshot('hull');
    const keys = view.locator('.hull .pills .pill').first();
    const before = await keys.textContent();
    await view.locator('.scrubber input').press('PageDown');
    await until('an earlier pass', async () => (await keys.textContent()) !== before);
    await vscode.screenshot('hull-earlier');
    await view.locator('button.canvas').press('ArrowLeft');
    const card = view.locator('.card');
    await card.getByText('the best score').waitFor();
    await card.getByText('latest: token').waitFor();
    assert.match((await card.textContent()) ?? '', /address 0x[0-9a-f]+ · \d+ token/);
    await view.locator('button.canvas').press('Enter');
    await until('the past', async () => /past/.test(await vscode.status()));
  });
});
