/** The Hull view in a plain page: a head is chosen, keys are gone through by pointer and keyboard, time is moved. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

async function opened() {
  const driver = await transformed('examples/add.c');
  for (let step = 0; step < 3; step++) driver.move('next');
  const plain = await PlainPage.open(browser, driver, { tab: 'hull' });
  await plain.page.locator('.picture canvas').waitFor();
  return { driver, plain, page: plain.page };
}

test('a head is chosen; the sentence says what it found, and leads there', async () => {
  const { driver, plain, page } = await opened();
  const { token } = driver.ask('stepformer/position');
  const heads: HeadView[] = driver.ask('stepformer/attention', { token }).heads;
  const { layer, head, target } = heads.find(({ role }) => role === 'fetch opcode') as HeadView;
  await page.locator('.chooser select').selectOption(`L${layer}·H${head}`);
  const headline = page.locator('.headline');
  await headline.getByText('fetch opcode').waitFor();
  const found = `token ${target?.token.toLocaleString('en')}`;
  assert.ok((await headline.textContent())?.includes(found), found);
  await page.getByText('Exact here.').first().waitFor();
  await plain.close();
});

test('arrow keys go from key to key, Enter travels to the latest token of one', async () => {
  const { driver, plain, page } = await opened();
  const before = driver.ask('stepformer/position').token;
  const { layer, head } = (driver.ask('stepformer/attention').heads as HeadView[]).find(
    ({ role }) => role === 'local or global',
  ) as HeadView;
  await page.locator('.chooser select').selectOption(`L${layer}·H${head}`);
  await page.locator('.headline').getByText('local or global').waitFor();
  await page.locator('button.canvas').focus();
  const card = page.locator('.card');
  await page.keyboard.press('ArrowLeft');
  await card.getByText('the best score').waitFor();
  await card.getByText('latest: token').waitFor();
  const first = await card.textContent();
  await page.keyboard.press('ArrowLeft');
  await card.getByText('behind').waitFor();
  assert.notEqual(await card.textContent(), first);
  await page.keyboard.press('ArrowRight');
  await card.getByText('the best score').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.pill.past').waitFor();
  assert.ok(driver.ask('stepformer/position').token < before);
  await plain.close();
});

test('the scrubber leads to the hull of an earlier pass; the wheel zooms, and 0 shows everything again', async () => {
  const { plain, page } = await opened();
  const range = page.locator('.scrubber input');
  const keys = () => page.locator('.pills .pill').first().textContent();
  const before = await keys();
  await range.focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((text) => document.querySelector('.pills .pill')?.textContent !== text, before);
  const ink = () => page.locator('.picture canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const whole = await ink();
  await page.locator('button.canvas').focus();
  await page.keyboard.press('+');
  await page.waitForFunction(
    (old) => (document.querySelector('.picture canvas') as HTMLCanvasElement).toDataURL() !== old,
    whole,
  );
  await page.keyboard.press('0');
  await page.waitForFunction(
    (old) => (document.querySelector('.picture canvas') as HTMLCanvasElement).toDataURL() === old,
    whole,
  );
  await plain.close();
});
