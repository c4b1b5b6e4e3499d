/// <reference lib="dom" />
/**
 * `npm run bench:activation`: what activating the extension takes in a real VS Code when add.c is opened, as VS Code itself counts
 * it ("Developer: Show Running Extensions"): loading the extension's code, and its `activate`. Each round is a window of its own.
 *
 * VS Code starts the clock of every extension that an event concerns before it loads the first of them: in a window that is just
 * opening, what it says includes the loading of others. So add.c is opened beside a JSON file, when those are there.
 */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from '../../../scripts/vscode-cache.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { startServer } from '../../workbench/server.ts';
import { until, Workbench } from '../../workbench/workbench.ts';
import { quantile } from '../measure.ts';

const ROUNDS = 3;
const LIMIT = 50;
/** Opened first. */
const OTHER = 'other.json';

const folder = path.join(cache, 'activation-workspace');
cpSync(path.join(root, 'examples'), folder, { recursive: true });
writeFileSync(path.join(folder, OTHER), '{}\n');
const server = await startServer({ data: path.join(cache, 'activation'), extension: 'project' });
const browser = await launchChromium();

/** Milliseconds in the row of an extension; undefined while it is not active. */
async function shownTime({ page }: Workbench, name: string): Promise<number | undefined> {
  const row = page.locator('.runtime-extensions-editor .extension', { hasText: name }).first();
  const time = row.locator('.activation-time', { hasText: /\d+ms/ });
  const text = (await time.count()) > 0 ? await time.textContent() : '';
  const found = /(\d+)ms/.exec(text ?? '');
  return found ? Number(found[1]) : undefined;
}

async function activationTime(first: string): Promise<number> {
  const vscode = await Workbench.open(browser, server, folder, first);
  try {
    if (first === OTHER) {
      await vscode.command('Developer: Show Running Extensions');
      await until('the extensions for JSON to be there', () => shownTime(vscode, 'JSON Language Features'));
      if (await shownTime(vscode, 'Stepformer')) throw new Error('a JSON file activated the extension');
      // It lies above everything else.
      await vscode.press('Escape');
      await vscode.page.locator('.runtime-extensions-editor').waitFor({ state: 'hidden' });
      await vscode.page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'add.c' }).dblclick();
    }
    await vscode.command('Developer: Show Running Extensions');
    const time = await until('the extension to be active', () => shownTime(vscode, 'Stepformer'));
    await vscode.screenshot('activation');
    return time;
  } finally {
    await vscode.close();
  }
}

try {
  const alone: number[] = [];
  const among: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await activationTime(OTHER));
    among.push(await activationTime('add.c'));
  }
  console.log(`activation: ${alone.join(', ')} ms; the median ${quantile(alone, 0.5)} should be below ${LIMIT}`);
  console.log(`in a window that opens with add.c, with others in front of it: ${among.join(', ')} ms`);
} finally {
  await browser.close();
  await server.stop();
}
