/** A program that no context holds: to its end, and from there back to what was done at its beginning. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stage, uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const SOURCE = readFileSync(path.join(import.meta.dirname, '../../bench/reach/mandelbrot.c'), 'utf8');
const LINES = SOURCE.split('\n');
const FIRST = 1 + LINES.findIndex((line) => line.includes('int width ='));
const LAST = 1 + LINES.lastIndexOf('}');
/** As many tokens as there are positions for, and some more. */
const LAUNCH = {
  version: '0.2.0',
  configurations: [
    {
      type: 'stepformer',
      request: 'launch',
      name: 'Mandelbrot',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in
      program: '${workspaceFolder}/mandelbrot.c',
      args: ['80', '40'],
    },
  ],
};

describe('Long runs', () => {
  before(() => {
    writeWorkspaceFile('mandelbrot.c', SOURCE);
    writeWorkspaceFile('.vscode/launch.json', JSON.stringify(LAUNCH));
  });
  after(() => rmSync(path.join(stage().folder, '.vscode/launch.json')));

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
