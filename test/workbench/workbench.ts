/// <reference lib="dom" />
/**
 * A VS Code workbench in the browser, in the words of somebody who sits before it: which line is stopped at, what the
 * variables say, press F10. What is read may lag behind what is done, so everything waits until it is so.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { cache } from '../../scripts/vscode-cache.ts';
import { PATIENCE_TO_SEE } from '../patience.ts';
import { localPage } from './chromium.ts';
import type { Server } from './server.ts';

export const screenshots = path.join(cache, 'screenshots');

/** Waits until `look` finds something. @throws saying what it waited for, and what it saw last */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + PATIENCE_TO_SEE;
  let trouble: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      trouble = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < end);
  throw new Error(`waited ${PATIENCE_TO_SEE / 1000} s for ${what}${trouble ? ` (${(trouble as Error).message})` : ''}`);
}

export class Workbench {
  readonly page: Page;
  private readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Opens a folder, and a file in it; `isOurs`: whether the extension is there that is tested. */
  static async open(
    browser: Browser,
    server: Server,
    folder: string,
    file?: string,
    isOurs = true,
  ): Promise<Workbench> {
    const { context, page } = await localPage(browser);
    const workbench = new Workbench(context, page);
    const remote = `vscode-remote://127.0.0.1:${server.port}`;
    const payload = file
      ? `&payload=${encodeURIComponent(JSON.stringify([['openFile', `${remote}${path.join(folder, file)}`]]))}`
      : '';
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}${payload}`);
    await page.waitForSelector('.monaco-workbench .part.statusbar');
    if (file) await page.waitForSelector('.monaco-editor .view-line span');
    // F5 pressed before the extension's debugger is known is lost; its hint in the status bar says that it is.
    if (file && isOurs) await page.waitForSelector('.statusbar-item[id="status.languageStatus"]');
    return workbench;
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  /** What the status bar and notifications say. */
  messages(): Promise<string[]> {
    return this.page.locator('.notification-toast, .statusbar-item').allInnerTexts();
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  /** Runs a command from the palette. */
  command(title: string): Promise<void> {
    return this.pick('F1', `>${title}`, title.split(': ').at(-1) ?? title);
  }

  /** Opens a file of the folder through Quick Open. */
  async openFile(name: string): Promise<void> {
    await this.pick('Control+P', name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Types into the quick input and takes the first row; it may close by itself when the focus moves elsewhere. */
  private async pick(keys: string, text: string, row: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[aria-controls]').first();
    const first = this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first();
    await until(`${row} to be offered`, async () => {
      await this.press(keys);
      await input.fill(text, { timeout: 2000 });
      await first.waitFor({ timeout: 3000 });
      return true;
    });
    const asked = () => input.getAttribute('placeholder', { timeout: 1000 });
    const before = await asked();
    await this.press('Enter');
    // Where the command asks something itself, it may do so before anybody sees the input closed.
    await until(`${row} to be taken`, async () => !(await input.isVisible()) || (await asked()) !== before);
  }

  /** Puts the cursor on a line of the editor in front and toggles a breakpoint there. */
  async toggleBreakpoint(line: number): Promise<void> {
    await this.goToLine(line);
    const count = () =>
      this.page.locator('.cgmr.codicon-debug-breakpoint, .cgmr.codicon-debug-breakpoint-unverified').count();
    const before = await count();
    await this.press('F9');
    await until(`a breakpoint on line ${line}`, async () => (await count()) !== before);
  }

  async goToLine(line: number): Promise<void> {
    await this.pick('Control+G', `:${line}`, `line ${line}`);
  }

  /** The line with the stopped arrow, by the line numbers beside it; 0 for none in sight. */
  async stoppedLine(): Promise<number> {
    return this.page.evaluate(() => {
      for (const arrow of document.querySelectorAll('.margin .codicon-debug-stackframe')) {
        const { top } = arrow.getBoundingClientRect();
        for (const number of arrow.closest('.margin')?.querySelectorAll('.line-numbers') ?? []) {
          if (Math.abs(number.getBoundingClientRect().top - top) < 4) return Number(number.textContent);
        }
      }
      return 0;
    });
  }

  /** The line of a trace page that is marked as the position; 0 for none in sight. */
  async markedLine(): Promise<number> {
    return this.page.evaluate(() => {
      for (const text of document.querySelectorAll('.view-line span')) {
        if (!getComputedStyle(text, '::after').content.includes('position')) continue;
        const { top } = text.getBoundingClientRect();
        for (const number of text.closest('.monaco-editor')?.querySelectorAll('.line-numbers') ?? []) {
          if (Math.abs(number.getBoundingClientRect().top - top) < 4) return Number(number.textContent);
        }
      }
      return 0;
    });
  }

  async stopsAt(line: number): Promise<void> {
    let seen = 0;
    const look = async () => {
      seen = await this.stoppedLine();
      return seen === line && (await this.isStopped());
    };
    await until(`a stop at line ${line}`, look).catch((error: Error) => {
      throw new Error(`${error.message}; the arrow is at line ${seen}`);
    });
  }

  /** Whether the toolbar offers to go on. */
  async isStopped(): Promise<boolean> {
    return (await this.page.locator('.debug-toolbar .codicon-debug-continue').count()) > 0;
  }

  /** Presses a button of the debug toolbar: step-back, reverse-continue, restart, stop, … */
  async toolbar(name: string): Promise<void> {
    const button = this.page.locator(`.debug-toolbar .codicon-debug-${name}`);
    await until(`the button ${name}`, async () => !(await button.getAttribute('class'))?.includes('disabled'));
    await button.click();
  }

  /** Variables in sight, as `name: value`. */
  async variables(): Promise<Map<string, string>> {
    const rows = await this.page.locator('.debug-variables .monaco-list-row .expression').all();
    const found = new Map<string, string>();
    for (const row of rows) {
      const name = (await row.locator('.name').textContent({ timeout: 1000 }))?.replace(/[:=]\s*$/, '').trim();
      if (name) found.set(name, (await row.locator('.value').textContent({ timeout: 1000 })) ?? '');
    }
    return found;
  }

  /**
   * Types a value over that of a variable, and sees it there. A list that is drawn anew closes the box, before the value is in it or
   * before it is taken, so it may take a second try.
   */
  async setVariable(name: string, value: string): Promise<void> {
    const row = this.page.locator('.debug-variables .monaco-list-row', { hasText: name }).first();
    const input = this.page.locator('.debug-variables .inputBoxContainer input:visible');
    await until(`variable ${name} to take ${value}`, async () => {
      if ((await this.variables()).get(name) === value) return true;
      await row.locator('.name').dblclick({ timeout: 2000 });
      // Filled, not typed: keys go to whatever has the focus by then, an editor for instance.
      await input.fill(value, { timeout: 2000 });
      await input.press('Enter', { timeout: 2000 });
      await row.locator('.value', { hasText: value }).waitFor({ timeout: 15_000 });
      return true;
    });
    await this.variableIs(name, value);
  }

  async variableIs(name: string, value: string | RegExp): Promise<void> {
    let seen: Map<string, string> | undefined;
    const look = async () => {
      seen = await this.variables();
      const text = seen.get(name);
      return text !== undefined && (typeof value === 'string' ? text === value : value.test(text));
    };
    await until(`variable ${name} to be ${value}`, look).catch((error: Error) => {
      throw new Error(`${error.message}; seen: ${[...(seen ?? [])].map((pair) => pair.join('=')).join(', ')}`);
    });
  }

  /** The document inside the Attention view. */
  attention(): Promise<Frame> {
    return until('the Attention view', async () => {
      for (const frame of this.page.frames()) {
        if (
          (await frame
            .locator('#panel')
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      return undefined;
    });
  }

  /** Text of the extension's item in the status bar. */
  async status(): Promise<string> {
    return (await this.page.locator('.statusbar-item[id="stepformer.stepformer.position"]').textContent()) ?? '';
  }

  /** Ends the session, if there is one. */
  /** Goes down the open menu to an entry and takes it. */
  async chooseFromMenu(entry: string): Promise<void> {
    const focused = this.page.locator('.monaco-menu .action-item.focused');
    await this.page.locator('.monaco-menu .action-label', { hasText: entry }).first().waitFor();
    for (let i = 0; i < 40 && !((await focused.allTextContents())[0] ?? '').includes(entry); i++)
      await this.press('ArrowDown');
    await this.press('Enter');
  }

  async stop(): Promise<void> {
    await this.press('Shift+F5');
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  }
}
