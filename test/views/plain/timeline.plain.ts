/** The Timeline view in a plain page: the wheel zooms, a click travels, a drag leads along; keyboard, charts, bookmarks, axe. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Driver, drive, file } from '../../debug-adapter/driver.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

const PROGRAM = file(
  'timeline-view.c',
  `#include <stdio.h>
static int down(int n) {
  if (n == 0) return 0;
  return down(n - 1) + 1;
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 30; i++) {
    sum += down(i);
    printf("%d\\n", sum);
  }
  return 0;
}
`,
);

async function ended(): Promise<Driver> {
  const driver = await drive(PROGRAM, { stopOnEntry: true });
  driver.move('configurationDone');
  driver.move('continue');
  driver.breakpoints(9);
  return driver;
}

async function opened(driver: Driver) {
  const plain = await PlainPage.open(browser, driver, { tab: 'timeline' });
  const { page } = plain;
  await page.locator('.of-breakpoint').waitFor();
  const box = await page.locator('.picture').boundingBox();
  assert.ok(box);
  return { plain, page, box };
}

const brushWidth = (page: Page) => page.locator('.brush').evaluate((brush) => (brush as HTMLElement).offsetWidth);
const position = (driver: Driver): number => driver.ask('stepformer/position').token;

test('the wheel zooms and the brush follows; a click travels, Escape goes back', async () => {
  const driver = await ended();
  const { plain, page, box } = await opened(driver);
  const end = position(driver);
  const whole = await brushWidth(page);
  await page.mouse.move(box.x + box.width / 2, box.y + 5);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(
    (most) => (document.querySelector('.brush') as HTMLElement).offsetWidth < most,
    whole - 20,
  );
  await page.locator('.tooltip', { hasText: '_start' }).waitFor();
  await page.mouse.click(box.x + box.width / 2, box.y + 40);
  await page.locator('.pill.past').waitFor();
  assert.ok(position(driver) < end);
  await page.locator('.picture').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('.pill.past').waitFor({ state: 'detached' });
  assert.equal(position(driver), end);
  await plain.close();
});

test('a drag leads the session along', async () => {
  const driver = await ended();
  const { plain, page, box } = await opened(driver);
  await page.mouse.move(box.x + box.width * 0.8, box.y + 5);
  await page.mouse.down();
  const seen = new Set<number>();
  for (const part of [0.7, 0.6, 0.5, 0.4]) {
    const before = await page.locator('.pills').textContent();
    await page.mouse.move(box.x + box.width * part, box.y + 5);
    await page.waitForFunction((line) => document.querySelector('.pills')?.textContent !== line, before);
    seen.add(position(driver));
  }
  await page.mouse.up();
  assert.equal(seen.size, 4);
  assert.deepEqual(
    [...seen],
    [...seen].toSorted((a, b) => b - a),
  );
  await plain.close();
});

test('the window is kept while another view is shown; what cannot be done is said', async () => {
  const driver = await ended();
  const plain = await PlainPage.open(browser, driver);
  const { page } = plain;
  const timeline = page.getByRole('tab', { name: 'Timeline' });
  await timeline.click();
  await page.locator('.picture').focus();
  const whole = await brushWidth(page);
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  const narrow = await brushWidth(page);
  assert.ok(narrow < whole / 2);
  await page.getByRole('tab', { name: 'Output' }).click();
  await timeline.click();
  await page.locator('.picture').waitFor();
  assert.equal(await brushWidth(page), narrow);
  await page.getByLabel('Expression to chart').fill('sum');
  await page.getByLabel('Line at which it is printed').fill('timeline-view.c');
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'file:line' }).waitFor();
  await plain.close();
});

test('a breakpoint or bookmark that is set while one looks at it is there at once', async () => {
  const driver = await ended();
  const { plain, page } = await opened(driver);
  driver.breakpoints(9, 10);
  driver.ask('stepformer/addBookmark', { note: 'from the palette' });
  plain.marked();
  await page.locator('.of-breakpoint').nth(1).waitFor();
  await page.getByText('Moments that are marked: 3').waitFor();
  await plain.close();
});

test('a breakpoint track leads to an execution of its line', async () => {
  const driver = await ended();
  const { plain, page, box } = await opened(driver);
  assert.equal(await page.locator('.of-breakpoint .remark').textContent(), '30× hit');
  const label = await page.locator('.of-breakpoint').boundingBox();
  const rows = driver.ask('stepformer/print', { path: PROGRAM, line: 9, expression: 'i' }).rows;
  const { first, end } = driver.ask('stepformer/timeline');
  const x = box.x + (box.width * (rows[20].token - first)) / (end - first);
  await page.mouse.click(x + 1, (label?.y ?? 0) + 9);
  await page.locator('.pill.past').waitFor();
  assert.equal(driver.where(), 'main:9');
  assert.equal(driver.evaluate('i'), '20');
  await plain.close();
});

test('the keyboard: arrows, plus and Enter; it is said where one is', async () => {
  const driver = await ended();
  const { plain, page } = await opened(driver);
  const picture = page.getByRole('slider');
  await picture.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => /main/.test(document.querySelector('.picture')?.ariaValueText ?? ''));
  const wanted = Number(await picture.getAttribute('aria-valuenow'));
  const whole = await brushWidth(page);
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  assert.ok((await brushWidth(page)) < whole / 2);
  await page.keyboard.press('Enter');
  await page.locator('.pill.past').waitFor();
  assert.ok(Math.abs(position(driver) - wanted) < 12);
  await page.keyboard.press('0');
  assert.equal(await brushWidth(page), whole);
  await plain.close();
});

test('charts of printed values, and bookmarks, are added, kept and listed', async () => {
  const driver = await ended();
  driver.move('stepBack');
  const { plain, page } = await opened(driver);
  await page.getByLabel('Expression to chart').fill('sum');
  await page.getByLabel('Line at which it is printed').fill('timeline-view.c:10');
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  await page.locator('.of-print .remark', { hasText: 'timeline-view.c:10, 30×' }).waitFor();
  await page.getByLabel('Note of a bookmark').fill('before the end');
  await page.getByRole('button', { name: 'Bookmark' }).click();
  await page.getByText(/Moments that are marked: 3/).click();
  await page.locator('.marked li', { hasText: 'bookmark before the end' }).waitFor();
  assert.equal(driver.ask('stepformer/bookmarks').bookmarks[0].note, 'before the end');
  await page.getByRole('button', { name: 'Remove the chart of sum' }).click();
  assert.equal(await page.locator('.of-print').count(), 0);
  await plain.close();
});

test('an edit of the past appears where it was made, and the other branch where it begins', async () => {
  const driver = await ended();
  const rows = driver.ask('stepformer/print', { path: PROGRAM, line: 9, expression: 'i' }).rows;
  driver.move('stepformer/travel', { token: rows[10].token });
  driver.ask('setExpression', { expression: 'sum', value: '1000' });
  const { plain, page } = await opened(driver);
  await page.locator('.of-branches').waitFor();
  await page.getByText(/Moments that are marked/).click();
  await page.locator('.marked li', { hasText: /^edit sum = 1000/ }).waitFor();
  const [main] = driver.ask('stepformer/branches').branches;
  driver.ask('stepformer/switchBranch', { id: main.id });
  plain.moved();
  await page.locator('.marked li', { hasText: /^branch from line 9/ }).waitFor();
  await plain.close();
});

test('the picture grows with the run; what looks elsewhere stays', async () => {
  const driver = await drive(PROGRAM, { stopOnEntry: true });
  driver.move('configurationDone');
  driver.breakpoints({ line: 9, condition: 'i == 15' });
  driver.move('continue');
  const { plain, page, box } = await opened(driver);
  const most = async () => Number(await page.locator('.picture').getAttribute('aria-valuemax'));
  const before = await most();
  const whole = await brushWidth(page);
  driver.move('stepIn');
  driver.move('stepOut');
  plain.moved();
  await page.waitForFunction((end) => Number(document.querySelector('.picture')?.ariaValueMax) > end, before);
  assert.equal(await brushWidth(page), whole);
  await page.mouse.move(box.x + 5, box.y + 5);
  for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -400);
  await page.waitForFunction(
    (width) => (document.querySelector('.brush') as HTMLElement).offsetWidth < width / 4,
    whole,
  );
  const narrow = await brushWidth(page);
  const then = await most();
  driver.move('continue');
  plain.moved();
  await page.waitForFunction((end) => Number(document.querySelector('.picture')?.ariaValueMax) > end, then);
  assert.ok((await brushWidth(page)) < narrow);
  await plain.close();
});

test('the longest calls are a table whose rows travel', async () => {
  const driver = await ended();
  const { plain, page } = await opened(driver);
  await page.getByText(/Longest calls around/).click();
  const row = page.locator('tbody tr', { hasText: 'down' }).first();
  await row.locator('.moment').click();
  await page.locator('.pill.past').waitFor();
  assert.match(driver.where(), /^down:/);
  await plain.close();
});

test('it passes axe in every theme, also in a narrow side bar', async () => {
  const driver = await ended();
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { tab: 'timeline', theme });
    await plain.page.locator('.of-breakpoint').waitFor();
    await plain.page.getByText(/Longest calls around/).click();
    assert.deepEqual(await complaints(plain), [], theme);
    await plain.page.setViewportSize({ width: 340, height: 700 });
    await plain.page.waitForFunction(() => (document.querySelector('.picture')?.clientWidth ?? 999) < 300);
    assert.deepEqual(await complaints(plain), [], `${theme}, narrow`);
    assert.equal(
      await plain.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      true,
      'no scrolling',
    );
    await plain.close();
  }
});
