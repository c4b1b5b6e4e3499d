/** What the pictures show: each scene plays in a workbench of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { root } from '../../../scripts/vscode-cache.ts';
import { until, type Workbench } from '../workbench.ts';
import type { Camera } from './camera.ts';

interface Scene {
  readonly name: string;
  /** Of examples/, open when the scene begins. */
  readonly file: string;
  take(vscode: Workbench, camera: Camera): Promise<void>;
}

const image = (name: string) => path.join(root, 'docs/images', name);
const step = (name: string) => path.join(root, 'extension/walkthrough', name);

/** F5 on add.c, and on until a line. */
async function addUntil(vscode: Workbench, last: number): Promise<Frame> {
  await vscode.press('F5');
  await vscode.stopsAt(4);
  for (let line = 5; line <= last; line++) {
    await vscode.press('F10');
    await vscode.stopsAt(line);
  }
  return vscode.attention();
}

/** Steps by instructions until the Attention view's first sentence reads so. */
async function instructionsUntil(vscode: Workbench, view: Frame, headline: RegExp): Promise<void> {
  for (let steps = 0; steps < 20; steps++) {
    if (headline.test((await view.locator('.headline').textContent()) ?? '')) return;
    const token = await vscode.status();
    await vscode.page.locator('.part.panel .codicon-arrow-right').first().click();
    await until('a step', async () => (await vscode.status()) !== token);
    await vscode.page.waitForTimeout(1000);
  }
  throw new Error(`no instruction reads like ${headline}`);
}

const tab = (view: Frame, name: string) => view.getByRole('tab', { name, exact: true }).click();

/** sudoku.c to its end: nine million tokens. */
async function solved(vscode: Workbench): Promise<Frame> {
  await vscode.press('F5');
  await vscode.stopsAt(134);
  await vscode.toolbar('continue');
  await until('the end', async () => /end/.test(await vscode.status()));
  await vscode.stopsAt(163);
  return vscode.attention();
}

async function why(view: Frame, question: string): Promise<void> {
  await tab(view, 'Why');
  await view.getByRole('button', { name: question }).click();
  await view.locator('.row .pill.head').first().waitFor();
}

async function timeline(view: Frame): Promise<void> {
  await tab(view, 'Timeline');
  await view.locator('.picture').waitFor();
}

export const SCENES: readonly Scene[] = [
  {
    name: 'attention',
    file: 'add.c',
    async take(vscode, camera) {
      await camera.picture(step('open.png'), vscode.page.locator('.editor-group-container.active'));
      const view = await addUntil(vscode, 4);
      await view.locator('tr.head').first().waitFor();
      await camera.picture(step('debug.png'));
      for (const line of [5, 6]) {
        await vscode.press('F10');
        await vscode.stopsAt(line);
      }
      await instructionsUntil(vscode, view, /^reads b \(5\)/);
      await camera.picture(image('attention.png'));
      await camera.picture(step('attention.png'), vscode.page.locator('.part.panel'));
      await view.locator('.headline button.link').first().click();
      await vscode.stopsAt(5);
      await until('the past', async () => /past/.test(await vscode.status()));
      await camera.picture(step('travel.png'));
    },
  },
  {
    name: 'trace',
    file: 'add.c',
    async take(vscode, camera) {
      await addUntil(vscode, 6);
      await vscode.command('Stepformer: Show Trace');
      await vscode.page.locator('.tab.active', { hasText: 'trace-0' }).waitFor();
      // Room for what stands beside the tokens.
      await vscode.press('Control+B');
      for (let times = 0; times < 3; times++) await vscode.command('View: Increase Editor Width');
      await vscode.page.locator('.view-line', { hasText: /i32\.store.*b\s←\s5/ }).waitFor();
      await camera.picture(image('trace.png'));
    },
  },
  {
    name: 'why',
    file: 'add.c',
    async take(vscode, camera) {
      const view = await addUntil(vscode, 7);
      await why(view, 'Why is sum 8?');
      await camera.picture(image('why.png'));
      await vscode.toolbar('step-back');
      await vscode.stopsAt(6);
      await camera.picture(step('back.png'));
    },
  },
  {
    name: 'sudoku',
    file: 'sudoku.c',
    async take(vscode, camera) {
      const view = await solved(vscode);
      await timeline(view);
      await camera.picture(image('timeline.png'));
      await vscode.toggleBreakpoint(128);
      await vscode.toolbar('reverse-continue');
      await vscode.stopsAt(128);
      await camera.picture(image('past.png'));
      await tab(view, 'Attention');
      await instructionsUntil(vscode, view, /^reads depth/);
      await view.locator('tr.head', { hasText: 'memory load' }).locator('button').first().click();
      await tab(view, 'Hull');
      await view.locator('canvas').first().waitFor();
      await camera.picture(image('hull.png'));
    },
  },
  { name: 'tour', file: 'add.c', take: tour },
];

/** The animation: forwards, back, why, and a whole run at a glance. */
async function tour(vscode: Workbench, camera: Camera): Promise<void> {
  await camera.frame(1500, 'A C program');
  await vscode.press('F5');
  await vscode.stopsAt(4);
  const view = await vscode.attention();
  await view.locator('tr.head').first().waitFor();
  await camera.frame(2500, 'F5: it runs inside the transformer');
  for (const line of [5, 6, 7]) {
    await vscode.press('F10');
    await vscode.stopsAt(line);
    await camera.frame(1200, 'F10: step');
  }
  for (const line of [6, 5]) {
    await vscode.press('Alt+F10');
    await vscode.stopsAt(line);
    await camera.frame(1500, 'Alt+F10: step back');
  }
  for (const line of [6, 7]) {
    await vscode.press('F10');
    await vscode.stopsAt(line);
  }
  await why(view, 'Why is sum 8?');
  await camera.frame(3500, 'Why is sum 8?');
  // Taken by the scene before: a run of nine million tokens, and its timeline.
  camera.add(readFileSync(image('timeline.png')), 4000);
  writeFileSync(image('tour.png'), camera.animation());
}
