/** The browser in which the workbench runs: whatever Chromium the machine has, or Debian's. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { aptInstall } from '../../scripts/vscode-cache.ts';
import { PATIENCE_TO_SEE } from '../patience.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

function executable(): string {
  const given = process.env.CHROMIUM;
  const found = given ?? PLACES.find((place) => existsSync(place));
  if (found) return found;
  aptInstall(['chromium'], 'The workbench tests drive a Chromium: install one, or name it in the variable CHROMIUM.');
  return PLACES[0];
}

/** `more`: flags beside those that all tests use. */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: [...FLAGS.split(' '), ...more] });
}

/** A page that reaches this machine and nothing else. */
export async function localPage(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_TO_SEE);
  page.setDefaultNavigationTimeout(PATIENCE_TO_SEE);
  return { context, page };
}
