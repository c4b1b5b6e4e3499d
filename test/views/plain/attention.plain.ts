/** The Attention view in a plain page: pointing previews, clicking selects, Escape goes back; a head explains itself. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage, transformed } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

/** Stopped before `sum = a + b` takes `a` from memory. */
async function atLoad(): Promise<Driver> {
  const driver = await transformed('examples/add.c');
  driver.move('next');
  driver.move('next');
  for (let steps = 0; steps < 10; steps++) {
    const { sentence }: TokenAttention = driver.ask('stepformer/attention');
    if (sentence[0].text.startsWith('i32.load')) return driver;
    driver.move('next', { granularity: 'instruction' });
  }
  throw new RangeError('there is no i32.load');
}

const LOAD = 'tr.head:has-text("memory load")';

test('an arc that is pointed at lights its head; a click selects it, and it says why; Escape gives it up', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  await page.locator(LOAD).waitFor();
  const name = await page.locator(LOAD).getAttribute('data-head');
  const arc = page.locator(`[data-arc="${name}"]`);
  await arc.dispatchEvent('mouseenter');
  await page.locator(`${LOAD}.selected`).waitFor();
  await arc.dispatchEvent('mouseleave');
  assert.equal(await page.locator('.selected').count(), 0);
  await arc.dispatchEvent('click');
  const detail = page.locator('.detail');
  await detail.getByText('address read').waitFor();
  assert.match((await detail.textContent()) ?? '', /winner.*score [\d,]+.*address written.*byte 3, from address 0x/);
  assert.equal(await page.locator(`.cell[aria-pressed="true"]`).count(), 1);
  await page.locator(`${LOAD} button`).first().focus();
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  await plain.close();
});

test('pointing at an arc that is drawn lays nothing out anew', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  await page.locator('.arc').first().waitFor();
  const looks = await page.evaluate(async () => {
    const { getBoundingClientRect } = Element.prototype;
    let count = 0;
    Element.prototype.getBoundingClientRect = function () {
      count++;
      return getBoundingClientRect.call(this);
    };
    document.querySelector('.arc')?.dispatchEvent(new MouseEvent('mouseenter'));
    while (!document.querySelector('.selected')) await new Promise(requestAnimationFrame);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return count;
  });
  assert.equal(looks, 0);
  await plain.close();
});

test('every arc can be hit somewhere', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  await page.locator('.arc').first().waitFor();
  const missed = await page.evaluate(() =>
    [...document.querySelectorAll<SVGPathElement>('.arc path.hit')]
      .filter((path) => {
        const box = path.ownerSVGElement?.getBoundingClientRect() ?? new DOMRect();
        const length = path.getTotalLength();
        return !Array.from({ length: 40 }, (_, i) => path.getPointAtLength((length * (i + 0.5)) / 40)).some(
          ({ x, y }) => document.elementFromPoint(box.x + x, box.y + y) === path,
        );
      })
      .map((path) => path.closest('[data-arc]')?.getAttribute('data-arc')),
  );
  assert.deepEqual(missed, []);
  await plain.close();
});

test('grid and legend filter; a pinned head stays in sight, here and at the next stop', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  await page.locator('.family', { hasText: 'memory' }).click();
  const rows = page.locator('tr.head:not(.idle)');
  await page.locator('.cell.out').first().waitFor();
  assert.equal(await rows.count(), 1);
  await page.locator(`${LOAD} button`).first().click();
  await page.locator('.detail').getByRole('button', { name: 'pin' }).click();
  await page.locator('.cell.pinned').waitFor();
  await page.getByRole('button', { name: 'Show all heads' }).click();
  assert.match((await page.locator('tr.head').first().textContent()) ?? '', /memory load/);
  driver.move('next', { granularity: 'instruction' });
  plain.moved();
  await page.locator('.cell.changed').first().waitFor();
  assert.match((await page.locator('tr.head').first().textContent()) ?? '', /memory load/);
  await page.getByRole('checkbox').check();
  await page.locator('.cell.out').first().waitFor();
  assert.ok((await page.locator('.cell.changed').count()) > 0);
  await plain.close();
});

test('where a head looked: a dot per token, a click selects the token, Escape leads back', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  await page.locator(`${LOAD} button`).first().click();
  const dots = page.locator('.dots .at');
  await dots.first().waitFor();
  const count = await dots.count();
  await page.getByLabel('Trace lines').selectOption('8');
  await page.waitForFunction((before) => document.querySelectorAll('.dots .at').length < before, count);
  const focus = page.locator('.dots .at.focus');
  const said = await focus.getAttribute('aria-label');
  assert.match(said ?? '', /← token [\d,]+ 03, [\d,]+ tokens ago: byte 3/);
  await focus.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.waitForFunction((before) => document.querySelector('.at.focus')?.ariaLabel !== before, said);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('.detail').waitFor({ state: 'detached' });
  const { token } = driver.ask('stepformer/position');
  await page.locator(`.token.focus[data-token="${token}"]`).waitFor();
  await plain.close();
});

test('the sentence leads to the byte that was written; words explain themselves; who read it', async () => {
  const driver = await atLoad();
  const plain = await PlainPage.open(browser, driver, { tab: 'attention' });
  const { page } = plain;
  const value = page.locator('.headline button', { has: page.locator('b') });
  const token = Number(await value.getAttribute('data-token'));
  const row = page.locator(LOAD).locator('button.target');
  assert.ok((await row.textContent())?.includes(`token ${token.toLocaleString('en')} `));
  await page.locator('th .term', { hasText: 'won by' }).focus();
  assert.ok(await page.getByRole('tooltip', { name: '' }).filter({ hasText: 'the winning score' }).isVisible());
  await page.keyboard.press('Enter');
  assert.deepEqual(plain.done.at(-1), { what: 'document', with: 'exactness' });
  await page.locator(`.token[data-token="${token}"]`).click();
  await page.locator(`.token.focus[data-token="${token}"]`).waitFor();
  await page.getByRole('button', { name: 'Who read it?' }).click();
  await page.locator('.readers').getByText('memory load').first().waitFor();
  await plain.close();
});

test('with a head selected it passes axe in every theme, and fits in a narrow side bar', async () => {
  const driver = await atLoad();
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { tab: 'attention', theme });
    const { page } = plain;
    await page.locator(`${LOAD} button`).first().click();
    await page.locator('.dots .at').first().waitFor();
    await page.locator('.detail dl').waitFor();
    assert.deepEqual(await complaints(plain), [], theme);
    await page.setViewportSize({ width: 340, height: 900 });
    const tooWide = await page.evaluate(() =>
      document.documentElement.scrollWidth <= window.innerWidth
        ? []
        : [...document.querySelectorAll('.view *')]
            .filter(
              (part) =>
                part.getBoundingClientRect().right > window.innerWidth && !part.closest('.strip, .heads-frame, .grid'),
            )
            .map((part) => `${part.tagName}.${part.className}`),
    );
    assert.deepEqual(tooWide, [], 'the page scrolls sideways');
    await plain.close();
  }
});
