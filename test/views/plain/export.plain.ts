/// <reference lib="dom" />
/** "Save picture…" in a plain page: each view as an SVG that stands for itself and as a PNG, both like what is on the screen. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { FromPage } from '../../../extension/views/link/messages.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { coarse, difference } from '../pictures/compare.ts';
import { opened, SCENES } from '../pictures/scenes.ts';
import type { PlainPage } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

/** What may be unlike: shadows, marks of lists and the looks of controls are not taken over. */
const TOLERATED = 0.01;

/** What the host was given to save. */
async function saved({ page, done }: PlainPage): Promise<FromPage['picture']> {
  await page.getByRole('button', { name: 'Save picture…' }).click();
  await page.waitForFunction(() => document.querySelector('.save') !== null);
  for (;;) {
    const found = done.findLast(({ what }) => what === 'picture');
    if (found) return found.with as FromPage['picture'];
    await page.waitForTimeout(50);
  }
}

/** What a reader of XML says of a text: its root, what it complains of, and the words in it. */
function parsed(page: Page, svg: string): Promise<{ root: string; trouble: string; words: string[] }> {
  return page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      root: parsed.documentElement.localName,
      trouble: parsed.querySelector('parsererror')?.textContent ?? '',
      words: [...parsed.querySelectorAll('text')].flatMap(({ textContent }) => textContent?.match(/\w+/g) ?? []),
    };
  }, svg);
}

/** The words of a view that are to be seen; those that a select offers are not. */
function visible(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = document.createTreeWalker(document.querySelector('.view') as Element, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const { parentElement } = node;
      if (!parentElement?.checkVisibility({ visibilityProperty: true }) || parentElement.closest('select, svg'))
        continue;
      found.push(...(node.textContent?.match(/\w+/g) ?? []));
    }
    return found;
  });
}

/** The picture as a browser shows it that knows nothing of the page, on a ground that shows what is left out. */
async function shown(svg: string, { width, height }: { width: number; height: number }): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(`<style>body { margin: 0; background: red } svg { display: block }</style>${svg}`);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

for (const [scene, theme] of SCENES.flatMap((scene) => [[scene, 'dark'] as const, [scene, 'light'] as const])) {
  test(`${scene.tab}, ${theme}: as SVG and as PNG`, async () => {
    const size = { theme, width: 1200, height: 2400 } as const;
    const { plain, page } = await opened(browser, scene, size);
    const { name, svg, png } = await saved(plain);
    assert.match(name, new RegExp(`^${scene.tab}`));
    const { root, trouble, words } = await parsed(page, svg);
    assert.deepEqual([root, trouble], ['svg', '']);
    assert.doesNotMatch(svg, /var\(|currentcolor|foreignObject|color-mix|class=/i);
    // It stands for itself: nothing is fetched, nothing runs.
    assert.doesNotMatch(svg, /(?:href|src)="(?!data:|#)|url\(["']?(?!data:|#)|<script|@import/i);
    if (process.env.LOOK) writeFileSync(`${process.env.LOOK}/${name}-${theme}.png`, png, 'base64');
    const said = new Set(words.map((word) => word.toLowerCase()));
    const missing = (await visible(page)).filter((word) => !said.has(word.toLowerCase()));
    assert.deepEqual(missing, []);
    // The page, with the room around that a picture has.
    const box = await page.locator('.view').boundingBox();
    assert.ok(box);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)?.map(Number) ?? [];
    await page.addStyleTag({ content: '.tabs { visibility: hidden }' });
    const clip = { x: box.x - 12, y: box.y - 12, width, height };
    const screen = coarse(await page.screenshot({ clip, fullPage: true }));
    const own = await shown(svg, { width, height });
    const { share } = difference(screen, coarse(own));
    assert.ok(share < TOLERATED, `${(100 * share).toFixed(2)} % of the picture is not like the page`);
    // The PNG is the same picture, twice as fine.
    const fine = Buffer.from(png, 'base64');
    assert.deepEqual([fine.readUInt32BE(16), fine.readUInt32BE(20)], [2 * width, 2 * height]);
    await page.setContent(`<style>body { margin: 0 }</style><img width=${width} src="data:image/png;base64,${png}">`);
    await page.setViewportSize({ width, height });
    const half = coarse(await page.screenshot());
    assert.ok(difference(half, coarse(own)).share < TOLERATED);
    await plain.close();
  });
}
