/** The Timeline view on a long recording: what the adapter's answers take, and the page's scripts while one zooms and pans. */
import type { Browser } from 'playwright-core';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage } from '../../views/plain/plain-page.ts';
import { randomNumbers, timed } from '../measure.ts';
import { scriptTimes } from './frames.ts';
import { reportOf, type ViewReport } from './report.ts';

const BUCKETS = 1300;
const ANSWERS = 30;
const FRAMES = 200;

export async function timelineReports(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  return [...answers(driver), ...(await page(browser, driver))];
}

function answers(driver: Driver): ViewReport[] {
  const whole = () => driver.ask('stepformer/timeline', { buckets: BUCKETS });
  const first = timed(whole);
  const { first: from, end } = whole();
  const random = randomNumbers();
  const windows = Array.from({ length: ANSWERS }, () => {
    const width = 100 ** (1 + 2.4 * random());
    const at = from + random() * Math.max(end - from - width, 0);
    return { from: Math.floor(at), to: Math.ceil(at + width), buckets: 2 * BUCKETS };
  });
  const asked = windows.map((window) => timed(() => driver.ask('stepformer/timeline', window)));
  const wholes = Array.from({ length: 10 }, () => timed(whole));
  return [
    reportOf('timeline: the whole run, when first asked', [first], 200, 'median'),
    reportOf('timeline: the whole run', wholes, 200, 'median'),
    reportOf('timeline: a window', asked, 200, 'median'),
  ];
}

async function page(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  const plain = await PlainPage.open(browser, driver);
  const { page } = plain;
  const tab = page.getByRole('tab', { name: 'Timeline' });
  await tab.waitFor();
  await tab.click();
  await page.locator('.picture').waitFor();
  const box = await page.locator('.picture').boundingBox();
  if (!box) throw new Error('the Timeline view shows no picture');
  const random = randomNumbers();
  const zooming = Array.from({ length: FRAMES }, (_, i) => async () => {
    // In for a while, then out, each time elsewhere.
    if (i % 50 === 0) await page.mouse.move(box.x + box.width * random(), box.y + 60);
    await page.mouse.wheel(0, i % 50 < 25 ? -120 : 120);
  });
  const panning = Array.from({ length: FRAMES }, (_, i) => () => page.mouse.wheel(i % 100 < 50 ? 40 : -40, 0));
  const zoomed = await scriptTimes(page, zooming);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -120);
  const panned = await scriptTimes(page, panning);
  await plain.close();
  return [
    reportOf('timeline: scripts of a frame, zooming', zoomed, 8, 'p95'),
    reportOf('timeline: scripts of a frame, panning', panned, 8, 'p95'),
  ];
}
