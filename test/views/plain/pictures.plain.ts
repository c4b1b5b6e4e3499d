/// <reference lib="dom" />
/** Every view looks as somebody has approved, in three themes; and none needs more room than a narrow side bar has. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../workbench/chromium.ts';
import {
  approvedPicture,
  compared,
  nameOf,
  pictured,
  SIZE,
  shownApart,
  TOLERATED,
  worn,
} from '../pictures/approved.ts';
import { opened, SCENES, type Scene } from '../pictures/scenes.ts';
import type { PlainPage } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

/** Pixels of a side bar. */
const NARROW = 300;

/** What sticks out of the page, if it can be scrolled sideways; what scrolls by itself does not count. */
function tooWide({ page }: PlainPage): Promise<string[]> {
  return page.evaluate(async () => {
    // What measures itself does so after the page has another size.
    for (let frames = 0; frames < 10; frames++) await new Promise(requestAnimationFrame);
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    const out = [...document.querySelectorAll('#panel *')].filter((part) => {
      if (part.getBoundingClientRect().right <= window.innerWidth) return false;
      let around = part.parentElement;
      while (around && getComputedStyle(around).overflowX === 'visible') around = around.parentElement;
      return around === null;
    });
    return ['the page', ...out.map(({ tagName, className }) => `${tagName} ${className}`)];
  });
}

for (const scene of SCENES) {
  test(`${scene.tab} looks as approved, and fits a narrow side bar`, async () => {
    for await (const { theme, plain } of worn(browser, scene)) {
      const picture = await pictured(plain);
      const apart = compared(picture, approvedPicture(nameOf(scene, theme)));
      const said = `${scene.tab}, ${theme}: ${(100 * apart.share).toFixed(2)} % of the picture is unlike the approved one`;
      if (apart.share > TOLERATED) {
        const folder = shownApart(nameOf(scene, theme), picture, apart);
        assert.fail(`${said}. See ${folder}; if it is meant so: npm run approve -- ${scene.tab}`);
      }
      if (theme !== 'high-contrast') continue;
      await plain.page.setViewportSize({ width: NARROW, height: 900 });
      assert.deepEqual(await tooWide(plain), [], `${scene.tab} scrolls sideways at ${NARROW} px`);
    }
  });
}

test('a layout that has changed is noticed, and so is a colour; letters that are smoothed otherwise are not', async () => {
  const scene = SCENES.find(({ tab }) => tab === 'token') as Scene;
  const theme = 'dark';
  const before = approvedPicture(nameOf(scene, theme));
  const { plain, page } = await opened(browser, scene, { theme, ...SIZE });
  const apart = async (css: string) => {
    const style = await page.addStyleTag({ content: css });
    const { share } = compared(await pictured(plain), before);
    await style.evaluate((element) => (element as Element).remove());
    return share;
  };
  assert.ok((await apart('.dissection .sentence { display: none }')) > TOLERATED, 'a line that is lost');
  assert.ok((await apart('.view { padding-left: 6px }')) > TOLERATED, 'six pixels to the right');
  assert.ok((await apart('.score .bar span { background: #c33 !important }')) > TOLERATED, 'bars of another colour');
  await plain.close();
  const hints = ['--font-render-hinting=none', '--disable-lcd-text', '--disable-font-subpixel-positioning'];
  const other = await launchChromium(hints);
  try {
    const elsewhere = await opened(other, scene, { theme, ...SIZE });
    assert.ok(compared(await pictured(elsewhere.plain), before).share < TOLERATED, 'other letters');
  } finally {
    await other.close();
  }
});
