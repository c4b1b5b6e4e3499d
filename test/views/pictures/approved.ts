/** The pictures of all views that somebody has looked at: half as fine as the page, in three themes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import type { PlainPage } from '../plain/plain-page.ts';
import type { Theme } from '../plain/themes.ts';
import { coarse, type Difference, difference } from './compare.ts';
import { opened, type Scene } from './scenes.ts';

export const FOLDER = path.join(import.meta.dirname, 'approved');

export const THEMES: readonly Theme[] = ['dark', 'light', 'high-contrast'];

/** Of the page, in pixels. */
export const SIZE = { width: 1080, height: 660 };

/** A side of the page's pixels that becomes one of an approved picture; and one of those, when two are compared. */
export const HALF = 2;
const COARSE = 3;

/**
 * Share of the coarse pixels that may be unlike. Letters that a machine draws otherwise make {@link difference} say less than half
 * of it, a line that is added or lost three times as much: a test says so.
 */
export const TOLERATED = 0.004;

/** A view as it looks, small. */
export const pictured = async ({ page }: PlainPage): Promise<Buffer> => {
  await page.mouse.move(0, 0);
  // What follows a change of theme or size has been drawn after two frames.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return PNG.sync.write(coarse(await page.screenshot({ caret: 'hide' }), HALF));
};

/** A scene in each theme, one after the other, in one page. */
export async function* worn(browser: Browser, scene: Scene): AsyncGenerator<{ theme: Theme; plain: PlainPage }> {
  const { plain } = await opened(browser, scene, { theme: THEMES[0], ...SIZE });
  for (const theme of THEMES) {
    await plain.wear(theme);
    yield { theme, plain };
  }
  await plain.close();
}

const fileOf = (name: string) => path.join(FOLDER, `${name}.png`);

/** What is seen now becomes what is approved. */
export function renew(name: string, picture: Buffer): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(name), picture);
}

export const approvedPicture = (name: string): Buffer => readFileSync(fileOf(name));

/** What the picture of a scene is called. */
export const nameOf = ({ tab }: Scene, theme: Theme): string => `${tab}-${theme}`;

export const compared = (one: Buffer, other: Buffer): Difference =>
  difference(coarse(one, COARSE), coarse(other, COARSE));

/** Puts a picture, and what is unlike in it, where one can look at them. Returns the folder. */
export function shownApart(name: string, picture: Buffer, { picture: unlike }: Difference): string {
  const folder = path.join(tmpdir(), 'stepformer-pictures');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.png`), picture);
  writeFileSync(path.join(folder, `${name}-unlike.png`), unlike);
  return folder;
}
