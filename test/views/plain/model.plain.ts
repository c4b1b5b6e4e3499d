/// <reference lib="dom" />
/** The Model view in a plain page: without a session, drawn from the shipped files. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

test('a tile for every head, a drawn picture for every matrix, slots that can be searched', async () => {
  const plain = await PlainPage.open(browser, await transformed('examples/add.c'), { tab: 'model' });
  const { page } = plain;
  await page.getByRole('heading', { name: /weights were computed, not trained/ }).waitFor();
  const said = await page.locator('h1').textContent();
  const heads = await page.locator('.pipeline button.tile').count();
  assert.match(said ?? '', new RegExp(`${heads} heads`));
  const empty = await page.locator('.weights svg').evaluateAll(
    (all) =>
      (all as SVGSVGElement[]).filter(({ ariaLabel, firstElementChild }) => {
        const drawn = (firstElementChild as SVGPathElement).getBBox();
        return !/: 0 of/.test(ariaLabel ?? '') && drawn.width === 0;
      }).length,
  );
  assert.equal(empty, 0);
  await page.getByLabel('Find').fill('next byte');
  await page.waitForFunction(() => document.querySelectorAll('.slots .slot:not(.head)').length < 10);
  await page.getByRole('button', { name: /: fetch opcode/ }).click();
  assert.equal(await page.getByRole('button', { name: /: fetch opcode/ }).getAttribute('aria-pressed'), 'true');
  await plain.close();
});

test('it passes axe in every theme, and fits a narrow page', async () => {
  const driver = await transformed('examples/add.c');
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { tab: 'model', theme });
    await plain.page.locator('.slots').waitFor();
    assert.deepEqual(await complaints(plain), [], theme);
    await plain.page.setViewportSize({ width: 420, height: 800 });
    const overflow = await plain.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${theme}: ${overflow} px too wide`);
    await plain.close();
  }
});
