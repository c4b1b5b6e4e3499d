/** The panel's tabs, the Attention view and the output in a plain page: mouse and keyboard, one selection, no trouble for axe. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

async function stopped() {
  const driver = await transformed('examples/add.c');
  driver.move('next');
  return driver;
}

test('tabs by keyboard; the view of the chosen one; what is clicked travels', async () => {
  const driver = await stopped();
  const plain = await PlainPage.open(browser, driver);
  const { page } = plain;
  await page.locator('tr.head').first().waitFor();
  const before = driver.ask('stepformer/position').token;
  await page.getByRole('tab', { name: 'Attention' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('[aria-selected="true"]').textContent(), await page.locator(':focus').textContent());
  assert.notEqual(await page.locator(':focus').textContent(), 'Attention');
  await page.keyboard.press('ArrowLeft');
  await page
    .locator('button.target', { hasText: /line \d/ })
    .first()
    .click();
  await page.locator('.pill.past').waitFor();
  assert.ok(driver.ask('stepformer/position').token < before);
  await plain.close();
});

test('every view of every theme passes axe', async () => {
  const driver = await stopped();
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { theme });
    const tabs = plain.page.getByRole('tab');
    for (const tab of await tabs.all()) {
      await tab.click();
      await plain.page.waitForLoadState('networkidle');
      const name = await tab.textContent();
      assert.deepEqual(await complaints(plain), [], `${theme}, ${name}`);
    }
    await plain.close();
  }
});
