/** Each view with something worth a look in it: which program, stopped where, and what is opened in the view. */
import assert from 'node:assert/strict';
import type { Browser, Frame, Page } from 'playwright-core';
import type { TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import type { Tab } from '../../../extension/views/link/messages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { PlainPage, transformed } from '../plain/plain-page.ts';
import type { Theme } from '../plain/themes.ts';

export interface Scene {
  readonly tab: Tab;
  /** A session where the view has something to show. */
  session(): Promise<Driver>;
  /** Brings that to sight, and waits until it is. */
  prepare?(plain: PlainPage): Promise<void>;
  /** Something that is there when the picture is complete. */
  readonly complete: string;
}

const program = 'examples/add.c';

/** Stopped before the instruction that a test of the token's answer recognises. */
async function stoppedWhere(isThere: (answer: TokenAnswer) => boolean): Promise<Driver> {
  const driver = await transformed(program);
  for (let steps = 0; steps < 60; steps++) {
    if (isThere(driver.ask('stepformer/token'))) return driver;
    driver.move('next', { granularity: 'instruction' });
  }
  return assert.fail('the program never comes there');
}

const fetching = (opcode: string, text?: string) => (answer: TokenAnswer) =>
  (text === undefined || answer.text === text) &&
  answer.layers.some(({ heads }) =>
    heads.some(({ role, target }) => role === 'fetch opcode' && target?.text === opcode),
  );

/** `a` is about to be taken from memory, for `a + b`. */
export const atLoad = () => stoppedWhere(fetching('i32.load', '03'));

/** `a + b` is about to become 08. */
export const atAddition = () => stoppedWhere(fetching('i32.add', '08'));

async function atEnd(): Promise<Driver> {
  const driver = await transformed(program);
  driver.move('continue');
  return driver;
}

export const MEMORY_HEAD = 'tr.head:has-text("memory load")';

/** Where a view is: a page of its own, or a part of a workbench. */
type Around = { readonly page: Page | Frame };

export async function chooseMemoryHead({ page }: Around): Promise<void> {
  await page.locator(`${MEMORY_HEAD} button`).first().click();
  await page.locator('.detail dl').waitFor();
  await page.waitForFunction(() => !document.querySelector('.pattern h2')?.textContent?.includes('…'));
}

export async function chooseMemoryHull({ page }: Around): Promise<void> {
  const option = page.locator('.chooser option', { hasText: /memory load/ }).first();
  await option.waitFor({ state: 'attached' });
  await page.locator('.chooser select').selectOption((await option.getAttribute('value')) ?? '');
  await page.locator('.headline', { hasText: 'memory load' }).waitFor();
}

async function chartSum({ page }: PlainPage): Promise<void> {
  await page.getByLabel('Expression to chart').fill('sum');
  await page.getByLabel('Line at which it is printed').fill('add.c:7');
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  await page.locator('.of-print .remark', { hasText: 'add.c:7' }).waitFor();
}

export const SCENES: readonly Scene[] = [
  { tab: 'attention', session: atLoad, prepare: chooseMemoryHead, complete: '.dots .at' },
  {
    tab: 'why',
    session: atEnd,
    prepare: async (plain) => plain.show({ tab: 'why', why: { kind: 'origin', expression: 'sum' } }),
    complete: '.row .title',
  },
  { tab: 'timeline', session: atEnd, prepare: chartSum, complete: '.picture canvas' },
  { tab: 'token', session: atAddition, complete: '.what-if form' },
  { tab: 'hull', session: atLoad, prepare: chooseMemoryHull, complete: '.verdict.exact' },
  { tab: 'output', session: atEnd, complete: '.chunk' },
  { tab: 'memory', session: atEnd, complete: '.byte.fresh' },
  { tab: 'model', session: atEnd, complete: '.slots .slot' },
];

/** Opens a scene; `width` and `height`: of the page. */
export async function opened(
  browser: Browser,
  { tab, session, prepare, complete }: Scene,
  { theme, width, height }: { theme: Theme; width: number; height: number },
): Promise<{ plain: PlainPage; page: Page }> {
  const plain = await PlainPage.open(browser, await session(), { theme, ...(tab === 'model' ? { tab } : {}) });
  const { page } = plain;
  await page.setViewportSize({ width, height });
  if (tab !== 'model') await page.locator(`#tab-${tab}`).click();
  await prepare?.(plain);
  await page.locator(complete).first().waitFor();
  // What follows a change of size has been drawn after two frames.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return { plain, page };
}
