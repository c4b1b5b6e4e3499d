/// <reference lib="dom" />
/** No mouse: from the tab strip through every view, with something done in each, to a travel and back. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../workbench/chromium.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

/** Presses of a key until something has the focus, at most. */
const MOST = 400;

async function pressedTo(page: Page, key: string, selector: string): Promise<void> {
  for (let times = 0; times < MOST; times++) {
    await page.keyboard.press(key);
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  assert.fail(`${key} never leads to ${selector}`);
}

/** From wherever the focus is, back to the tabs, and on to the next one. */
async function nextTab(page: Page, name: string): Promise<void> {
  await pressedTo(page, 'Shift+Tab', '[role=tab]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('[role=tab]:focus').textContent(), name);
}

test('a walk through all views by keyboard', async () => {
  const driver = await transformed('examples/add.c');
  driver.move('continue');
  const plain = await PlainPage.open(browser, driver);
  const { page } = plain;
  const position = (): number => driver.ask('stepformer/position').token;
  const end = position();
  const key = (name: string) => page.keyboard.press(name);
  await page.locator('tr.head').first().waitFor();
  await pressedTo(page, 'Tab', '#tab-attention');

  // Attention: another token of the line, a head of it, and why that head found what it did.
  await pressedTo(page, 'Tab', '.token');
  await pressedTo(page, 'ArrowRight', '.token:not(.focus)');
  await key('Space');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-pressed') === 'true');
  await pressedTo(page, 'Tab', 'tr.head button[aria-pressed]');
  await key('Enter');
  await page.locator('.detail dl').waitFor();
  await key('Escape');
  await page.locator('.detail').waitFor({ state: 'detached' });
  await key('Alt+ArrowRight');
  await page.locator('.detail dl').waitFor();

  await nextTab(page, 'Why');
  await pressedTo(page, 'Tab', '.why input');
  await page.keyboard.type('sum');
  await key('Enter');
  await page.locator('.answer .headline', { hasText: 'sum is 8 because' }).waitFor();

  await nextTab(page, 'Timeline');
  await page.locator('.timeline .picture').waitFor();
  await pressedTo(page, 'Tab', '.picture');
  await key('Home');
  await key('ArrowRight');
  await page.locator('.tooltip').waitFor();

  await nextTab(page, 'Token');
  await page.locator('button.layer').first().waitFor();
  await pressedTo(page, 'Tab', 'button.layer');
  await key('Enter');
  await page.locator('.details').waitFor();

  await nextTab(page, 'Hull');
  await page.locator('.hull .picture').waitFor();
  await pressedTo(page, 'Tab', 'button.canvas');
  await key('ArrowLeft');
  await page.locator('.card', { hasText: 'latest: token' }).waitFor();

  await nextTab(page, 'Output');
  await page.locator('.chunk').waitFor();
  await pressedTo(page, 'Tab', '.chunk');
  await key('Enter');
  await page.waitForFunction(() => document.querySelector('.chunk.later'));
  const printed = position();
  assert.ok(printed < end);

  await nextTab(page, 'Memory');
  await page.locator('button.byte.fresh, button.byte.recent').first().waitFor();
  await pressedTo(page, 'Tab', 'button.byte[title*="written by"]');
  await key('Enter');
  await page.waitForFunction(() => !document.querySelector('.way[aria-label=Back]:disabled'));
  assert.ok(position() < printed);

  // Back over both journeys, to the end where the walk began.
  await key('Escape');
  await key('Escape');
  await pressedTo(page, 'Shift+Tab', '#tab-memory');
  await key('ArrowRight');
  await page.locator('.detail dl').waitFor();
  assert.equal(position(), end);
  await plain.close();
});

test('what views have selected is one thing: a head chosen in one is that of the others; Escape in each gives it up', async () => {
  const driver = await transformed('examples/add.c');
  driver.move('next');
  driver.move('next');
  const plain = await PlainPage.open(browser, driver);
  const { page } = plain;
  await page.locator('tr.head button[aria-pressed]').nth(2).click();
  await page.locator('.detail').waitFor();
  const name = await page.locator('tr.head.chosen').getAttribute('data-head');
  assert.ok(name);
  await page.getByRole('tab', { name: 'Hull' }).click();
  await page.locator('.headline b', { hasText: name }).first().waitFor();
  await page.getByRole('tab', { name: 'Token' }).click();
  await page.locator('button.layer').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.way[aria-label=Back]:disabled').waitFor();
  await page.getByRole('tab', { name: 'Attention' }).click();
  await page.locator('tr.head').first().waitFor();
  assert.equal(await page.locator('.detail').count(), 0);
  await page.getByRole('button', { name: 'Forward' }).click();
  await page.locator('.detail h2', { hasText: name }).waitFor();
  await plain.close();
});
