/// <reference lib="dom" />
/** In every view the keyboard comes to everything that a mouse can press, by Tab and arrows, and one sees where it is. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Tab } from '../../../extension/views/link/messages.ts';
import { TERMS, type TermName } from '../../../extension/views/parts/terms.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { opened, SCENES } from '../pictures/scenes.ts';

const browser = await launchChromium();
after(() => browser.close());

/** Steps in a group. */
const MOST = 1500;

/** Numbers what can be pressed, and returns it in words. */
function pressable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const selector = 'button, a[href], input, select, textarea, summary, [tabindex], [role=slider]';
    const found = [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled'),
    );
    return found.map((element, number) => {
      element.dataset.pressable = String(number);
      return `${element.role ?? element.tagName.toLowerCase()} .${element.className} ${(element.ariaLabel ?? element.textContent ?? '').slice(0, 40)}`;
    });
  });
}

interface Focus {
  /** -1: nothing that was numbered. */
  readonly number: number;
  readonly isSeen: boolean;
  /** In a group whose arrows lead from one to the next. */
  readonly isInGroup: boolean;
  readonly isTab: boolean;
}

function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const style = element && getComputedStyle(element);
    const isWriting = element?.matches('input, select, textarea, [role=slider]') ?? true;
    return {
      number: Number(element?.dataset.pressable ?? -1),
      isSeen: style !== null && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0,
      isInGroup: !isWriting && !element?.matches('[role=tab]'),
      isTab: element?.matches('[role=tab]') ?? false,
    };
  });
}

/** What views call things, and the term that explains it; hovering it says what it is, a click opens a page of the docs. */
const JARGON: readonly (readonly [RegExp, TermName])[] = [
  [/won by|margin/, 'margin'],
  [/runner-up/, 'runnerUp'],
  [/\bquery\b/, 'query'],
  [/\bkey\b/, 'key'],
  [/\bslots\b/, 'slot'],
  [/\bhull\b/i, 'hull'],
  [/\btangent\b/, 'tangent'],
  [/\btie\b/, 'tie'],
  [/\bsoftmax\b/, 'softmax'],
  [/residual stream/i, 'residual'],
  [/\bneurons\b/, 'neuron'],
  [/\bheads?\b/, 'head'],
  [/\bscores\b/i, 'logit'],
];
/** Elsewhere these words mean what everybody knows, or are explained where they stand. */
const PLAIN: Readonly<Partial<Record<Tab, readonly TermName[]>>> = {
  attention: ['hull', 'logit'],
  why: ['tie', 'margin'],
  token: ['slot', 'query', 'hull', 'margin'],
  hull: ['head', 'logit', 'margin'],
  model: ['query', 'key', 'hull', 'margin', 'logit', 'tie'],
};

for (const scene of SCENES) {
  test(`${scene.tab}: words of the trade are explained`, async () => {
    const { plain, page } = await opened(browser, scene, { theme: 'dark', width: 1200, height: 900 });
    const said = await page.evaluate(() => {
      const view = document.querySelector<HTMLElement>('.view');
      const tips = [...(view?.querySelectorAll('[role=tooltip]') ?? [])].map(({ textContent }) => textContent ?? '');
      for (const tip of view?.querySelectorAll('[role=tooltip], select, code, .code, .token') ?? []) tip.remove();
      return { text: view?.innerText ?? '', tips };
    });
    const left = JARGON.filter(([word, term]) => word.test(said.text) && !PLAIN[scene.tab]?.includes(term));
    const missing = left.filter(([, term]) => !said.tips.some((tip) => tip.startsWith(TERMS[term].text)));
    assert.deepEqual(
      missing.map(([, term]) => term),
      [],
    );
    await plain.close();
  });

  test(`${scene.tab}: everything is reached, and seen to be`, async () => {
    const { plain, page } = await opened(browser, scene, { theme: 'dark', width: 1200, height: 900 });
    // What is folded can be pressed, too.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    // What is asked for when something is shown has come.
    await page.waitForTimeout(1500);
    const wanted = await pressable(page);
    const left = new Set(wanted.keys());
    const unseen = new Set<string>();
    const look = async (): Promise<Focus> => {
      const found = await focus(page);
      left.delete(found.number);
      if (found.number >= 0 && !found.isSeen) unseen.add(wanted[found.number]);
      return found;
    };
    await page.locator('[data-pressable="0"]').focus();
    for (let presses = 0; left.size > 0 && presses <= wanted.length; presses++) {
      await page.keyboard.press(presses === 0 ? 'Shift' : 'Tab');
      const at = await look();
      // Their arrows lead to other views: the walk through all of them is another test.
      if (at.isTab) for (const [number, name] of wanted.entries()) if (name.startsWith('tab ')) left.delete(number);
      for (const key of at.isInGroup && at.number >= 0 ? ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'] : []) {
        for (let before = at.number, steps = 0; steps < MOST; steps++) {
          const size = left.size;
          await page.keyboard.press(key);
          const now = await look();
          if (now.number === before || now.number < 0 || left.size === size) break;
          before = now.number;
        }
        await page.locator(`[data-pressable="${at.number}"]`).focus();
      }
    }
    assert.deepEqual(
      [...left].map((number) => wanted[number]),
      [],
      'never reached',
    );
    assert.deepEqual([...unseen], [], 'reached, but not seen to be');
    await plain.close();
  });
}
