/// <reference lib="dom" />
/**
 * The Hull view on two million keys: from the choice of a head until its picture from a sample is there, and until the whole one is.
 * The head is one whose keys all lie on the hull, and that softmax is asked about: most is to be done for such a one.
 */
import type { Browser } from 'playwright-core';
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage } from '../../views/plain/plain-page.ts';
import { reportOf, type ViewReport } from './report.ts';

const KEYS = 2_000_000;
const ROUNDS = 5;
/** Every token has a key of its own: positions. */
const ROLE = 'byte below stack top';

export async function hullReports(browser: Browser, driver: Driver): Promise<ViewReport[]> {
  const heads: HeadView[] = driver.ask('stepformer/attention', { token: KEYS }).heads;
  const many = heads.find(({ role }) => role === ROLE);
  const few = heads.find(({ role }) => role.startsWith('memory'));
  if (!many || !few) throw new Error('the heads have other roles than before');
  const plain = await PlainPage.open(browser, driver, { tab: 'hull' });
  const samples: number[] = [];
  const wholes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Another token and head first: the cloud that was looked at last is kept.
    plain.select({ token: KEYS / 2, layer: few.layer, head: few.head });
    await plain.page.locator('.headline', { hasText: few.role }).waitFor();
    const drawn = untilDrawn(plain, many.role);
    plain.select({ token: KEYS + round, layer: many.layer, head: many.head });
    const { sample, whole } = await drawn;
    samples.push(sample);
    wholes.push(whole);
  }
  await plain.close();
  return [
    reportOf('hull of 2 M keys: the first picture, from a sample', samples, 300, 'median'),
    reportOf('hull of 2 M keys: the whole', wholes, 3000, 'median'),
  ];
}

/** Milliseconds from the next message about the selection until the frames that show a sample of a head's keys, and all of them. */
function untilDrawn({ page }: PlainPage, role: string): Promise<{ sample: number; whole: number }> {
  return page.evaluate(async (role) => {
    const { fromHost } = window;
    const start = await new Promise<number>((resolve) => {
      window.fromHost = (message) => {
        if (message.type === 'selection') resolve(performance.now());
        fromHost(message);
      };
    });
    window.fromHost = fromHost;
    const times: number[] = [];
    for (const isSample of [true, false]) {
      while (
        !document.querySelector('.hull .headline')?.textContent?.includes(role) ||
        !!document.querySelector('.hull .pills')?.textContent?.includes('sample') !== isSample
      ) {
        if (performance.now() - start > 60_000) throw new Error(`the hull of ${role} does not appear`);
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - start);
    }
    return { sample: times[0], whole: times[1] };
  }, role);
}
