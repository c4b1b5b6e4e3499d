/** What the tests of the workbench play on: a browser, a server, a folder; and how one is declared. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { Server } from './server.ts';
import { Workbench } from './workbench.ts';

export interface Stage {
  browser: Browser;
  server: Server;
  /** Folder that is opened, with the examples in it. */
  folder: string;
}

/** Mocha loads test files in its own way, which may give them their own copy of this module: hence global. */
const shared = globalThis as { stepformerStage?: Stage };

export function setStage(stage: Stage): void {
  shared.stepformerStage = stage;
}

export function stage(): Stage {
  if (!shared.stepformerStage) throw new Error('run these tests with npm run test:vscode');
  return shared.stepformerStage;
}

/**
 * Declares a test with a workbench of its own, in which `file` is open; a failure leaves a picture. It is tried once
 * more, in another workbench, since VS Code itself now and then loses a click on a busy machine; that it was is printed.
 */
export function uiTest(title: string, file: string, body: (vscode: Workbench) => Promise<void>): void {
  it(title, async function () {
    this.retries(1);
    const { browser, server, folder } = stage();
    const vscode = await Workbench.open(browser, server, folder, file);
    try {
      await body(vscode);
    } catch (error) {
      await vscode.screenshot(`failed-${title.replace(/\W+/g, '-')}`).catch(() => {});
      const seen = await vscode.messages().catch(() => []);
      console.error(`failed at first: ${title}: ${error}\nVS Code said: ${seen.join(' · ') || 'nothing'}`);
      throw error;
    } finally {
      await vscode.close();
    }
  });
}

/** Writes a file of the opened folder. */
export function writeWorkspaceFile(name: string, content: string): void {
  const file = path.join(stage().folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
