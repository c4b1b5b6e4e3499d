/** A run that has used up its tokens says so in a message, and goes on as its buttons say. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { stage, uiTest, writeWorkspaceFile } from '../stage.ts';

const COUNTS = `int main(void) {
  int count = 0;
  while (count < 20000)
    count++;
  return count & 7;
}
`;
const LAUNCH = {
  version: '0.2.0',
  configurations: [
    {
      type: 'stepformer',
      request: 'launch',
      name: 'Few tokens',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in
      program: '${workspaceFolder}/counts.c',
      maxTokens: 300_000,
    },
  ],
};

describe('Going on', () => {
  before(() => {
    writeWorkspaceFile('counts.c', COUNTS);
    writeWorkspaceFile('.vscode/launch.json', JSON.stringify(LAUNCH));
  });
  after(() => rmSync(path.join(stage().folder, '.vscode/launch.json')));

  uiTest('beyond a pause: for as many tokens again, and without asking', 'counts.c', async (vscode) => {
    const message = (text: string) => vscode.page.locator('.notification-toast', { hasText: text });
    await vscode.press('F5');
    await vscode.stopsAt(2);
    await vscode.press('F5');
    await message('The budget of 300,000 tokens is used up').waitFor();
    await vscode.screenshot('going-on');
    await message('300,000').getByText('Go on', { exact: true }).click();
    await message('600,000 tokens is used up').getByText('Go on without asking').click();
    await vscode.stopsAt(5);
    await vscode.variableIs('count', '20000');
  });
});
