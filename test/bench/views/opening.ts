/// <reference lib="dom" />
/**
 * From a click to the picture, for the views of the panel: the click on its tab or the question, the adapter's answer, and the drawing of it,
 * until the frame with the picture is there. Every answer is asked for anew; the page itself has started.
 */
import type { Browser, Page } from 'playwright-core';
import type { Tab } from '../../../extension/views/link/messages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage } from '../../views/plain/plain-page.ts';
import { reportOf, type ViewReport } from './report.ts';

const ROUNDS = 7;

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
  reports.push(await whyReport(plain));
  await plain.close();
  return reports;
}

/** The Model view, which stands in an editor: from its page's first script, and from asking, to the picture. Each time it is read anew. */
export async function modelReports(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  const times: { started: number; asked: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const plain = await PlainPage.open(browser, driver, { tab: 'model' });
    const drawn = plain.page.evaluate(async () => {
      while (!document.querySelector('.portrait .weights svg')) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      const [script, model] = ['script', 'model'].map((name) => performance.getEntriesByName(name)[0].startTime);
      return { started: now - script, asked: now - model };
    });
    times.push(await drawn);
    await plain.close();
  }
  const only = (time: 'started' | 'asked') => times.map((each) => each[time]);
  return [
    reportOf('model: from asking for its data to the picture', only('asked'), 200, 'median'),
    reportOf("model: from its page's script to the picture", only('started'), 300, 'median'),
  ];
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
