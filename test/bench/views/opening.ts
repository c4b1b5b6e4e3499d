/// <reference lib="dom" />
/**
 * From a click to the picture, for every view: the click on its tab or the question, the adapter's answer, and the drawing of it,
 * until the frame with the picture is there. Every answer is asked for anew; the page itself has started.
 */
import type { Browser, Page } from 'playwright-core';
import type { Tab } from '../../../extension/views/link/messages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage } from '../../views/plain/plain-page.ts';
import { scriptTimes } from './frames.ts';
import { reportOf, type ViewReport } from './report.ts';

const ROUNDS = 7;
const FRAMES = 100;

/** Something in each view that is there when its picture is. */
const PICTURES: Partial<Record<Tab, string>> = {
  attention: '.arc',
  timeline: '.picture canvas',
  token: '.what-if form',
  hull: '.picture canvas',
  output: '.chunk',
  memory: '.byte',
};

export async function openingReports(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  const plain = await PlainPage.open(browser, driver);
  await plain.page.locator('#tab-attention').waitFor();
  const reports: ViewReport[] = [];
  for (const [tab, sign] of Object.entries(PICTURES)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await click(plain.page, '#tab-why', '#view-why');
      // What was answered before is out of date.
      plain.moved();
      times.push(await click(plain.page, `#tab-${tab}`, `#view-${tab} ${sign}`));
    }
    reports.push(reportOf(`${tab}: from a click on its tab to the picture`, times, 200, 'median'));
  }
  reports.push(await whyReport(plain), await selectionReport(plain), ...(await hullReports(plain)));
  await plain.close();
  reports.push(await modelReport(browser, driver));
  return reports;
}

/** Milliseconds from a click until something is drawn. */
function click(page: Page, button: string, sign: string): Promise<number> {
  return page.evaluate(
    async ([button, sign]) => {
      const start = performance.now();
      const found = document.querySelector(button);
      if (!found) throw new Error(`there is no ${button}`);
      found.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      while (!document.querySelector(sign)) {
        if (performance.now() - start > 30_000) throw new Error(`${sign} does not appear`);
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      return performance.now() - start;
    },
    [button, sign],
  );
}

async function whyReport({ page }: PlainPage): Promise<ViewReport> {
  await click(page, '#tab-why', '#view-why .ask');
  const times: number[] = [];
  for (const cell of Array.from({ length: ROUNDS }, (_, i) => `board.can[${i}]`)) {
    await page.locator('.why .subject').fill(cell);
    const asked = page.evaluate(async (cell) => {
      const start = performance.now();
      const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Ask');
      button?.click();
      while (!document.querySelector('.answer .headline')?.textContent?.startsWith(cell)) {
        if (performance.now() - start > 30_000) throw new Error(`there is no answer for ${cell}`);
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      return performance.now() - start;
    }, cell);
    times.push(await asked);
  }
  return reportOf('why: from the question for a cell to its answer', times, 200, 'median');
}

async function selectionReport({ page }: PlainPage): Promise<ViewReport> {
  await click(page, '#tab-attention', '#view-attention .arc');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const other = await page.locator('.token[data-token]:not(.focus)').nth(round).getAttribute('data-token');
    times.push(await click(page, `.token[data-token="${other}"]`, `.token.focus[data-token="${other}"]`));
  }
  await page.keyboard.press('Escape');
  return reportOf('attention: a click on a token until it is selected', times, 30, 'median');
}

async function hullReports(plain: PlainPage): Promise<ViewReport[]> {
  const { page } = plain;
  plain.moved();
  await click(page, '#tab-hull', '.hull .picture canvas');
  // The head that reads memory has the most keys.
  const option = page.locator('.chooser option', { hasText: /memory load/ }).first();
  await page.locator('.chooser select').selectOption((await option.getAttribute('value')) ?? '');
  await page.locator('.hull .headline', { hasText: 'memory load' }).waitFor();
  const firsts: number[] = [];
  const wholes: number[] = [];
  for (let round = 0; round < 3; round++) {
    await click(page, '#tab-attention', '#view-attention .arc');
    plain.moved();
    const start = performance.now();
    firsts.push(await click(page, '#tab-hull', '.hull .picture canvas'));
    await page.waitForFunction(
      () =>
        !!document.querySelector('.hull .pills') &&
        !document.querySelector('.hull .pills')?.textContent?.includes('sample'),
    );
    wholes.push(performance.now() - start);
  }
  const box = await page.locator('.hull .picture canvas').boundingBox();
  if (!box) throw new Error('the Hull view shows no picture');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const zooming = Array.from({ length: FRAMES }, (_, i) => () => page.mouse.wheel(0, i % 20 < 10 ? -120 : 120));
  const zoomed = await scriptTimes(page, zooming);
  await page.mouse.down();
  const panning = Array.from(
    { length: FRAMES },
    (_, i) => () => page.mouse.move(box.x + box.width / 2 + 60 * Math.sin(i / 8), box.y + box.height / 2),
  );
  const panned = await scriptTimes(page, panning);
  await page.mouse.up();
  const keys = await page.locator('.hull .pills .pill').first().textContent();
  return [
    reportOf(`hull of ${keys}: the first picture`, firsts, 300, 'median'),
    reportOf(`hull of ${keys}: the whole`, wholes, 3000, 'median'),
    reportOf('hull: scripts of a frame, zooming', zoomed, 8, 'p95'),
    reportOf('hull: scripts of a frame, panning', panned, 8, 'p95'),
  ];
}

async function modelReport(browser: Browser, driver: Driver): Promise<ViewReport> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const plain = await PlainPage.open(browser, driver, { tab: 'model' });
    const start = performance.now();
    await plain.page.locator('.slots .slot').first().waitFor();
    times.push(performance.now() - start);
    await plain.close();
  }
  return reportOf('model: from the start of its page to the picture', times, 200, 'median');
}
