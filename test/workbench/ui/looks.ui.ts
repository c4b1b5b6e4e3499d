/// <reference lib="dom" />
/** What all views look like in VS Code, in three themes, beside the pictures that were approved. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { chooseMemoryHead, chooseMemoryHull } from '../../views/pictures/scenes.ts';
import { looksApproved } from '../approved.ts';
import { stage, uiTest, writeWorkspaceFile } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

const SETTINGS = path.join('.vscode', 'settings.json');

/** VS Code's names of themes, and what a view's body is then of. */
const THEMES = [
  { name: 'dark', theme: 'Default Dark Modern', body: 'vscode-dark' },
  { name: 'light', theme: 'Default Light Modern', body: 'vscode-light' },
  { name: 'high-contrast', theme: 'Default High Contrast', body: 'vscode-high-contrast' },
] as const;

/** Views of the panel, with something that is there when they are complete. */
const VIEWS: readonly { tab: string; complete: string; prepare?(view: Frame): Promise<void> }[] = [
  { tab: 'Attention', complete: '.dots .at', prepare: (page) => chooseMemoryHead({ page }) },
  { tab: 'Why', complete: '.row .title', prepare: askForA },
  { tab: 'Timeline', complete: '.picture canvas' },
  { tab: 'Token', complete: '.what-if form' },
  { tab: 'Hull', complete: '.verdict.exact', prepare: (page) => chooseMemoryHull({ page }) },
  { tab: 'Output', complete: '.chunk' },
  { tab: 'Memory', complete: '.byte' },
];

async function askForA(view: Frame): Promise<void> {
  await view.getByLabel('variable or expression').fill('a');
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
}

/** In the past of a run that has ended, where `a` is about to be read for `a + b`. */
async function toTheLoad(vscode: Workbench): Promise<Frame> {
  await vscode.press('F5');
  await vscode.stopsAt(4);
  await vscode.press('F5');
  await until('the end', async () => (await vscode.isStopped()) && /end/.test(await vscode.status()));
  await vscode.toolbar('reverse-continue');
  await vscode.stopsAt(4);
  for (const line of [5, 6]) {
    await vscode.press('F10');
    await vscode.stopsAt(line);
  }
  const view = await vscode.attention();
  const headline = view.locator('.headline').first();
  for (const words of [/looks up where/, /reads a \(3\)/]) {
    await vscode.page.locator('.part.panel .codicon-arrow-right').first().click();
    await until('the next instruction', async () => words.test((await headline.textContent()) ?? ''));
  }
  return view;
}

describe('The look of the views', () => {
  after(() => rmSync(path.join(stage().folder, SETTINGS), { force: true }));

  uiTest('is as approved, in three themes', 'add.c', async (vscode) => {
    const view = await toTheLoad(vscode);
    await vscode.command('View: Toggle Maximized Panel');
    await vscode.command('Notifications: Clear All Notifications');
    for (const { tab, prepare } of VIEWS) {
      await view.getByRole('tab', { name: tab }).click();
      await prepare?.(view);
    }
    for (const { name, theme, body } of THEMES) {
      writeWorkspaceFile(SETTINGS, JSON.stringify({ 'workbench.colorTheme': theme }));
      await view.locator(`body.${body}`).waitFor();
      for (const { tab, complete } of VIEWS) {
        await view.getByRole('tab', { name: tab }).click();
        await view.locator(`#view-${tab.toLowerCase()} ${complete}`).first().waitFor();
        await view.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await looksApproved(vscode, `vscode-${tab.toLowerCase()}-${name}`, view);
      }
    }
  });
});
