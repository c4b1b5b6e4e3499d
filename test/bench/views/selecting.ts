/// <reference lib="dom" />
/**
 * Selecting a token: from the message that says so until the frame in which a view shows it, with what the adapter has to say about
 * that token. Tokens are taken from anywhere in the recording, none twice; behind each the next one, as one who walks along a line does.
 */
import type { Browser, Page } from 'playwright-core';
import type { Tab } from '../../../extension/views/link/messages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage } from '../../views/plain/plain-page.ts';
import { randomNumbers } from '../measure.ts';
import { reportOf, type ViewReport } from './report.ts';

const ROUNDS = 25;

/** What says in each view which token it shows: an element and its text, or nothing where it is painted. */
interface Sign {
  readonly place: string;
  readonly text?: (token: number) => string;
}

const number = (value: number) => value.toLocaleString('en-US');
const SIGNS: Partial<Record<Tab, Sign>> = {
  attention: { place: '.about', text: (token) => `token ${number(token)}` },
  token: { place: '.dissection .headline', text: (token) => `token ${number(token - 1)} chose` },
  timeline: { place: '.strip canvas' },
};

export async function selectingReports(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  const { reached } = driver.ask('stepformer/position');
  const random = randomNumbers();
  const reports: ViewReport[] = [];
  for (const [tab, sign] of Object.entries(SIGNS)) {
    const plain = await PlainPage.open(browser, driver, { tab: tab as Tab });
    await plain.page.locator(sign.place).first().waitFor();
    const far: number[] = [];
    const near: number[] = [];
    const select = async (token: number) => {
      const drawn = untilDrawn(plain.page, { place: sign.place, text: sign.text?.(token) });
      plain.select({ token });
      return drawn;
    };
    for (let round = 0; round < ROUNDS; round++) {
      // Lines are four or five tokens each, so this is behind the prompt and before the end.
      const token = Math.floor(reached * (1 + 3 * random()));
      far.push(await select(token));
      near.push(await select(token + 1));
    }
    await plain.close();
    reports.push(reportOf(`select a token anywhere: ${tab}`, far, 30, 'median'));
    reports.push(reportOf(`select the token behind: ${tab}`, near, 30, 'median'));
  }
  return reports;
}

/** Milliseconds from the next message about the selection until the frame that shows it. */
function untilDrawn(page: Page, sign: { place: string; text: string | undefined }): Promise<number> {
  // Without names for functions: what runs in the page has nothing of what compilers add for them.
  return page.evaluate(async ({ place, text }) => {
    const { fromHost } = window;
    const start = await new Promise<number>((resolve) => {
      window.fromHost = (message) => {
        if (message.type === 'selection') resolve(performance.now());
        fromHost(message);
      };
    });
    window.fromHost = fromHost;
    if (text === undefined) {
      const { clearRect } = CanvasRenderingContext2D.prototype;
      await new Promise<void>((resolve) => {
        CanvasRenderingContext2D.prototype.clearRect = function (...area) {
          clearRect.apply(this, area);
          CanvasRenderingContext2D.prototype.clearRect = clearRect;
          resolve();
        };
      });
    } else {
      const observed = { subtree: true, childList: true, characterData: true };
      await new Promise<void>((resolve) => {
        new MutationObserver((_, observer) => {
          if (!document.querySelector(place)?.textContent?.includes(text)) return;
          observer.disconnect();
          resolve();
        }).observe(document.body, observed);
      });
      // What was changed is drawn in the frame that begins now, whose callbacks come first.
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - start;
  }, sign);
}
