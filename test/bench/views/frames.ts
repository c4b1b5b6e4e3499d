/// <reference lib="dom" />
/** How long a page's scripts take for a frame, as the browser itself counts it: handlers, messages, drawing. */
import type { CDPSession, Page } from 'playwright-core';

/** Milliseconds of scripts that each step sets off, up to the second frame behind it. */
export async function scriptTimes(page: Page, steps: readonly (() => Promise<void>)[]): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  // The thread's own time: others on the machine do not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const idle: number[] = [];
  const times: number[] = [];
  // What asking costs by itself is taken off.
  for (let i = 0; i < 20; i++) idle.push(await during(session, page, async () => {}));
  idle.sort((a, b) => a - b);
  for (const step of steps) times.push(Math.max((await during(session, page, step)) - idle[10], 0));
  await session.detach();
  return times;
}

async function during(session: CDPSession, page: Page, step: () => Promise<void>): Promise<number> {
  const before = await scripts(session);
  await step();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return (await scripts(session)) - before;
}

async function scripts(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0);
}
