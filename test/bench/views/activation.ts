/// <reference lib="dom" />
/**
 * `npm run bench:activation`: what activating the extension takes in a real VS Code with add.c open, as VS Code itself counts
 * it: loading the extension's code, and its `activate`. Each round is a window of its own.
 *
 * VS Code starts the clock of every extension that an event concerns before it loads the first of them, and while a window opens
 * several events come at once. So this is an upper bound: the loading of others is in it where they come first.
 */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from '../../../scripts/vscode-cache.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { startServer } from '../../workbench/server.ts';
import { Workbench } from '../../workbench/workbench.ts';
import { quantile } from '../measure.ts';

const ROUNDS = 3;
const LIMIT = 50;

const folder = path.join(cache, 'activation-workspace');
cpSync(path.join(root, 'examples'), folder, { recursive: true });
const server = await startServer({ data: path.join(cache, 'activation'), extension: 'project' });
const browser = await launchChromium();
try {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const vscode = await Workbench.open(browser, server, folder, 'add.c');
    await vscode.command('Developer: Show Running Extensions');
    const row = vscode.page.locator('.runtime-extensions-editor .extension', { hasText: 'Stepformer' }).first();
    const shown = row.locator('.activation-time', { hasText: /\d+ms/ });
    await shown.waitFor();
    times.push(Number(/(\d+)ms/.exec((await shown.textContent()) ?? '')?.[1]));
    await vscode.screenshot('activation');
    await vscode.close();
  }
  console.log(`activation: ${times.join(', ')} ms; the median ${quantile(times, 0.5)} should be below ${LIMIT}`);
} finally {
  await browser.close();
  await server.stop();
}
