/** The model in VS Code: the Model view opens in an editor without a session, the Token view follows one. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { looksApproved } from '../approved.ts';
import { stage, uiTest } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

/** The frame of a page that shows one view alone. */
function alone(vscode: Workbench, tab: string): Promise<Frame> {
  return until(`the ${tab} view`, async () => {
    for (const frame of vscode.page.frames()) {
      const found = await frame
        .locator(`#panel[data-tab="${tab}"]`)
        .count()
        .catch(() => 0);
      if (found > 0) return frame;
    }
    return undefined;
  });
}

describe('The model', () => {
  uiTest('is shown in an editor before anything runs', 'add.c', async (vscode) => {
    await vscode.command('Stepformer: Show the Model');
    const view = await alone(vscode, 'model');
    await view.getByRole('heading', { name: /weights were computed, not trained/ }).waitFor();
    assert.ok((await view.locator('.pipeline button.tile').count()) > 50);
    await vscode.screenshot('model');
    await looksApproved(vscode, 'vscode-model', view);
    await view.getByRole('button', { name: 'Save picture…' }).click();
    const name = vscode.page.locator('.quick-input-widget input').first();
    await until('a name to be offered', async () => (await name.inputValue()).endsWith('/model.svg'));
    await vscode.press('Enter');
    const file = path.join(stage().folder, 'model.svg');
    await until('the file', async () => existsSync(file) && readFileSync(file, 'utf8').endsWith('</svg>'));
    assert.match(readFileSync(file, 'utf8'), /^<svg xmlns=.*fetch opcode|^<svg xmlns=.*fetches the instruction/s);
  });

  uiTest('a token: decided in a layer, scored against others, and what it would have been', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.press('F10');
    await vscode.stopsAt(6);
    const view = await vscode.attention();
    await view.getByRole('tab', { name: 'Token' }).click();
    const headline = view.locator('.dissection .headline');
    const opcode = view.locator('.brief', { hasText: 'fetch opcode' });
    const forward = vscode.page.locator('.part.panel .codicon-arrow-right').first();
    await headline.waitFor();
    for (let steps = 0; steps < 20 && !/i32\.add/.test((await opcode.first().textContent()) ?? ''); steps++) {
      const before = await headline.textContent();
      await forward.click();
      await until('the view to follow', async () => (await headline.textContent()) !== before);
    }
    assert.match((await headline.textContent()) ?? '', /chose 08 .*Decided in layer/);
    await view.getByRole('heading', { name: 'Why 08 and not 07?' }).waitFor();
    await view.locator('.scores .sum', { hasText: 'behind by 1' }).waitFor();
    const operand = view.locator('.what-if form', { hasText: 'byte below stack top' });
    await operand.getByRole('textbox').fill('04');
    await operand.getByRole('button', { name: 'What if?' }).click();
    await operand.getByText('the model says 09 instead of 08').waitFor();
    await vscode.screenshot('token');
  });
});
