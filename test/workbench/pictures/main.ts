/**
 * `npm run pictures`: takes the pictures of the README, of the documents and of the walkthrough from a real VS Code, and the short
 * animation. What they show is what the extension shows; look at them before they are committed. Words choose scenes.
 */
import path from 'node:path';
import { cache, root, run } from '../../../scripts/vscode-cache.ts';
import { launchChromium } from '../chromium.ts';
import { STEADY, startServer } from '../server.ts';
import { Workbench } from '../workbench.ts';
import { Camera } from './camera.ts';
import { SCENES } from './scenes.ts';

const SIZE = { width: 1200, height: 780 };

const words = process.argv.slice(2);
if (!process.env.STEPFORMER_NO_BUILD) run('npm', ['run', 'build', '--silent'], { cwd: root });
const settings = { ...STEADY, 'workbench.colorTheme': 'Default Dark Modern', 'window.commandCenter': false };
const server = await startServer({ data: path.join(cache, 'pictures'), extension: 'project', settings });
const browser = await launchChromium();
try {
  for (const { name, file, take } of SCENES) {
    if (words.length > 0 && !words.includes(name)) continue;
    console.log(name);
    const vscode = await Workbench.open(browser, server, path.join(root, 'examples'), file);
    await take(vscode, new Camera(vscode, SIZE.width, SIZE.height));
    await vscode.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
