/// <reference lib="dom" />
/**
 * `npm run bench:activation`: what activating the extension takes in a real VS Code with add.c open, as VS Code itself counts
 * it: loading the extension's code, and its `activate`. Each round is a window of its own.
 *
 * VS Code starts the clock of every extension that an event concerns before it loads the first of them, and while a window opens
 * several events come at once: the loading of others is in what it counts, and whatever else keeps the extension host busy then.
 * How much that is an extension shows that does nothing, and is activated by the same events, in windows in between.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from '../../../scripts/vscode-cache.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { type Server, startServer } from '../../workbench/server.ts';
import { Workbench } from '../../workbench/workbench.ts';
import { quantile } from '../measure.ts';

const ROUNDS = 5;
const LIMIT = 50;

const folder = path.join(cache, 'activation-workspace');
cpSync(path.join(root, 'examples'), folder, { recursive: true });
const browser = await launchChromium();
const ours = await startServer({ data: path.join(cache, 'activation'), extension: 'project' });
const emptyData = path.join(cache, 'activation-empty');
const empty = await startServer({ data: emptyData, extension: 'none' });
addEmpty(path.join(emptyData, 'extensions', 'stepformer.empty-0.1.0'));
try {
  const times = { ours: [] as number[], empty: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.empty.push(await activation(empty, 'Does nothing'));
    times.ours.push(await activation(ours, 'Stepformer'));
  }
  const [of, ofEmpty] = [times.ours, times.empty].map((all) => quantile(all, 0.5));
  console.log(`empty extension: ${times.empty.join(', ')} ms, median ${ofEmpty}`);
  console.log(`ours: ${times.ours.join(', ')} ms, median ${of}`);
  console.log(`ours beyond an empty one: ${of - ofEmpty} ms, should be below ${LIMIT}`);
} finally {
  await browser.close();
  await ours.stop();
  await empty.stop();
}

/** Writes an extension that does nothing when one of our events comes. */
function addEmpty(to: string): void {
  const { activationEvents, engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const manifest = { name: 'empty', displayName: 'Does nothing', publisher: 'stepformer', version: '0.1.0' };
  mkdirSync(to);
  writeFileSync(
    path.join(to, 'package.json'),
    JSON.stringify({ ...manifest, engines, activationEvents, main: './empty.cjs' }),
  );
  writeFileSync(path.join(to, 'empty.cjs'), 'exports.activate = () => {};\n');
}

/** Milliseconds that VS Code shows for an extension in a window that has just been opened. */
async function activation(server: Server, name: string): Promise<number> {
  const vscode = await Workbench.open(browser, server, folder, 'add.c', server === ours);
  await vscode.command('Developer: Show Running Extensions');
  const row = vscode.page.locator('.runtime-extensions-editor .extension', { hasText: name }).first();
  const shown = row.locator('.activation-time', { hasText: /\d+ms/ });
  await shown.waitFor();
  const text = (await shown.textContent()) ?? '';
  await vscode.close();
  return Number(/(\d+)ms/.exec(text)?.[1]);
}
