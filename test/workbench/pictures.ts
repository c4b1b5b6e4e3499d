/**
 * Takes the README's pictures from a real run: `npx tsx test/workbench/pictures.ts` after a build. What they show is
 * what the extension shows; look at them before they are committed.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from '../../scripts/vscode-cache.ts';
import { launchChromium } from './chromium.ts';
import { STEADY, startServer } from './server.ts';
import { until, Workbench } from './workbench.ts';

const images = path.join(root, 'docs/images');
mkdirSync(images, { recursive: true });
const settings = { ...STEADY, 'workbench.colorTheme': 'Default Dark Modern', 'window.commandCenter': false };
const server = await startServer({ data: path.join(cache, 'pictures'), extension: 'project', settings });
const browser = await launchChromium();
try {
  const vscode = await Workbench.open(browser, server, path.join(root, 'examples'), 'add.c');
  await vscode.press('F5');
  await vscode.stopsAt(4);
  for (const line of [5, 6]) {
    await vscode.press('F10');
    await vscode.stopsAt(line);
  }
  const view = await vscode.attention();
  for (let steps = 0; steps < 20; steps++) {
    if (/i32\.add took/.test((await view.locator('.sentence').textContent()) ?? '')) break;
    const token = await vscode.status();
    await vscode.page.locator('.part.panel .codicon-arrow-right').first().click();
    await until('a step', async () => (await vscode.status()) !== token);
    await vscode.page.waitForTimeout(1000);
  }
  await vscode.page.mouse.move(640, 300);
  await vscode.page.waitForTimeout(1000);
  await vscode.page.screenshot({ path: path.join(images, 'attention.png') });
  await vscode.command('Stepformer: Show Trace');
  await vscode.page.locator('.tab.active', { hasText: 'trace-0' }).waitFor();
  await vscode.page.waitForTimeout(1500);
  await vscode.page.screenshot({ path: path.join(images, 'trace.png') });
} finally {
  await browser.close();
  await server.stop();
}
