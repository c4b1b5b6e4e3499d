/** The hardest Sudoku in a plain page, solved by the model: from the whole run down to one hull, by clicking. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { launchChromium } from '../../workbench/chromium.ts';
import { walk } from '../sudoku-walk.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

const source = path.resolve('examples/sudoku.c');

test('a sawtooth, a retreat, its heads, back, a cell down to the text of the puzzle, the hull of its byte', async () => {
  const driver = await transformed('examples/sudoku.c');
  driver.move('continue');
  const plain = await PlainPage.open(browser, driver);
  const end = driver.ask('stepformer/position').token;
  const { page } = plain;
  await walk(page, {
    atRetreat: () => page.waitForFunction(() => document.querySelector('.chunk.later')).then(() => {}),
    atEnd: async () => {
      await page.locator('.pill.now').waitFor();
      assert.equal(driver.ask('stepformer/position').token, end);
    },
    at: async (token) => {
      await page.locator('.pill', { hasText: 'asked at' }).waitFor();
      for (let tries = 0; driver.ask('stepformer/position').token !== token; tries++) {
        assert.ok(tries < 200, `the session comes to token ${token}`);
        await page.waitForTimeout(50);
      }
    },
    shows: async (line) => {
      await page.waitForTimeout(0);
      assert.deepEqual(plain.done.at(-1), { what: 'place', with: { type: 'place', path: source, line } });
    },
    look: async (name) => {
      if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/plain-walk-${name}.png` });
    },
  });
  await plain.close();
});
