/**
 * Long runs: one that has used up its tokens says so in a message and goes on as its buttons say; one that no context holds comes to
 * its end, and from there back to what was done at its beginning.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stage, uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const SOURCE = readFileSync(path.join(import.meta.dirname, '../../bench/reach/mandelbrot.c'), 'utf8');
const LINES = SOURCE.split('\n');
const FIRST = 1 + LINES.findIndex((line) => line.includes('int width ='));
const LAST = 1 + LINES.lastIndexOf('}');

const COUNTS = `int main(void) {
  int count = 0;
  while (count < 20000)
    count++;
  return count & 7;
}
`;

/** Opens a program with this in its `launch.json`, until the test is over. */
function launched(program: string, source: string, options: object): void {
  const configuration = { type: 'stepformer', request: 'launch', name: program, ...options };
  const file = path.join('.vscode', 'launch.json');
  before(() => {
    writeWorkspaceFile(program, source);
    const configurations = [{ ...configuration, program: `\${workspaceFolder}/${program}` }];
    writeWorkspaceFile(file, JSON.stringify({ version: '0.2.0', configurations }));
  });
  after(() => rmSync(path.join(stage().folder, file)));
}

describe('Long runs', () => {
  // More tokens than there are positions for.
  launched('mandelbrot.c', SOURCE, { args: ['80', '40'] });

  uiTest('over contexts to the end, the origin of a value, and back to its write', 'mandelbrot.c', async (vscode) => {
    const width = vscode.page.locator('.debug-variables .monaco-list-row', { hasText: 'width' }).locator('.name');
    await vscode.press('F5');
    await vscode.stopsAt(FIRST);
    await vscode.press('F5');
    const message = vscode.page.locator('.notification-toast', {
      hasText: 'The budget of 64,000,000 tokens is used up',
    });
    await message.getByText('Go on without asking').click();
    await vscode.stopsAt(LAST);
    await vscode.variableIs('width', '80');
    const view = await vscode.attention();
    await vscode.screenshot('long-end');
    await width.click({ button: 'right' });
    await vscode.chooseFromMenu('Where Did This Come From?');
    const headline = view.locator('.answer .headline');
    await until('its origin', async () => /^width is 80/.test((await headline.textContent()) ?? ''));
    await vscode.screenshot('long-origin');
    await width.click({ button: 'right' });
    await vscode.chooseFromMenu('Break on Value Change');
    await vscode.toolbar('reverse-continue');
    await vscode.stopsAt(FIRST);
    await vscode.variableIs('width', /not written yet/);
    await vscode.screenshot('long-beginning');
  });
});

describe('Going on', () => {
  launched('counts.c', COUNTS, { maxTokens: 300_000 });

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
