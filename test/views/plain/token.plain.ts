/// <reference lib="dom" />
/** The Token view in a plain page: 3 + 5 is seen to be decided, compared with a rival, and asked what it would have been. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

/** Stopped where `a + b` is about to be added. */
async function adding(): Promise<Driver> {
  const driver = await transformed('examples/add.c');
  for (let steps = 0; steps < 50; steps++) {
    driver.move('next', { granularity: 'instruction' });
    const { text, layers }: TokenAnswer = driver.ask('stepformer/token');
    const fetching = layers.flatMap(({ heads }) => heads).find(({ role }) => role === 'fetch opcode');
    if (text === '08' && fetching?.target?.text === 'i32.add') return driver;
  }
  return assert.fail('there is no addition');
}

test('the headline, the scores, a rival that is clicked or named, and another operand', async () => {
  const driver = await adding();
  const plain = await PlainPage.open(browser, driver, { tab: 'token' });
  const { page } = plain;
  await page.locator('.headline code', { hasText: '08' }).waitFor();
  assert.match((await page.locator('.headline').textContent()) ?? '', /Decided in layer \d+/);
  await page.getByRole('heading', { name: 'Why 08 and not 07?' }).waitFor();
  await page.locator('button.score', { hasText: '0a' }).click();
  await page.getByRole('heading', { name: 'Why 08 and not 0a?' }).waitFor();
  await page.getByLabel('Compare with').fill('halt');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Why 08 and not halt?' }).waitFor();
  const operand = page.locator('.what-if form', { hasText: 'byte below stack top' });
  await operand.getByRole('textbox').fill('04');
  await page.keyboard.press('Enter');
  assert.match((await operand.locator('.outcome code').last().textContent()) ?? '', /09/);
  await operand.getByRole('textbox').fill('nonsense');
  await operand.getByRole('button', { name: 'What if?' }).click();
  await operand.getByText('the vocabulary has no token "nonsense"').waitFor();
  await plain.close();
});

test('a layer is opened by keyboard and shows what was added; a head of it is selected', async () => {
  const plain = await PlainPage.open(browser, await adding(), { tab: 'token' });
  const { page } = plain;
  await page.locator('button.layer').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator(':focus').getAttribute('aria-expanded'), 'true');
  const chip = page.locator('.details .pill.head').first();
  await chip.click();
  assert.equal(await chip.getAttribute('aria-pressed'), 'true');
  await plain.close();
});

test('with a layer open it passes axe, in a wide page and in a narrow one', async () => {
  const driver = await adding();
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { tab: 'token', theme });
    await plain.page.locator('button.layer').nth(4).click();
    await plain.page.locator('.details').waitFor();
    assert.deepEqual(await complaints(plain), [], theme);
    await plain.page.setViewportSize({ width: 360, height: 800 });
    const overflow = await plain.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${theme}: ${overflow} px too wide`);
    await plain.close();
  }
});
