/// <reference lib="dom" />
/**
 * What somebody does with the views who looks for what happened in a hard Sudoku that has been solved: the search at a glance, a
 * retreat, the heads there; back; a cell of the solution down to the text of the puzzle; the hull in which its byte was found.
 */
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';

/** What is seen outside of the views. */
export interface Around {
  /** The session has come to a retreat, and back to the end. */
  atRetreat(): Promise<void>;
  atEnd(): Promise<void>;
  /** The session has come to a token. */
  at(token: number): Promise<unknown>;
  /** A line of the source is shown. */
  shows(line: number): Promise<unknown>;
  /** Something is to be looked at. */
  look(name: string): Promise<void>;
}

/** How often the overview's profile falls: a search that goes back falls again and again. */
async function falls(view: Frame | Page): Promise<number> {
  const drawn = await view.locator('.overview canvas').evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    return { width, height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] };
  });
  const { width, height, data } = drawn;
  const colour = (x: number, y: number) => data.slice(4 * (y * width + x), 4 * (y * width + x) + 3).join(' ');
  // The ground is what is at the top, where the deepest call does not reach; at the right is written where now is.
  const ground = colour(2, 1);
  const depths = Array.from({ length: width - 60 }, (_, x) => {
    let y = 0;
    while (y < height && colour(x, y) === ground) y++;
    return height - y;
  });
  return depths.filter((depth, x) => x > 0 && depth < depths[x - 1] - 2).length;
}

/** Where a value came from, hop by hop by clicking: each is a moment to go to, and the last is where the source says it. */
async function hopByHop(view: Frame | Page, { at, shows, look }: Around): Promise<void> {
  const moments = view.locator('.chain > .row .moment');
  const tokens: number[] = [];
  for (let hop = 0; hop < (await moments.count()); hop++) {
    const token = Number((await moments.nth(hop).textContent())?.match(/token ([\d,]+)/)?.[1].replaceAll(',', ''));
    await moments.nth(hop).click();
    await at(token);
    tokens.push(token);
  }
  assert.ok(tokens.length >= 4, `${tokens.length} hops`);
  assert.ok(
    tokens.every((token, i) => i === 0 || token < tokens[i - 1]),
    'each is earlier than the one before',
  );
  await look('hops');
  await view.locator('.chain > .row').last().getByRole('button', { name: 'sudoku.c:16' }).click();
  await shows(16);
  for (const _ of tokens) await view.getByRole('button', { name: 'Back', exact: true }).click();
}

export async function walk(view: Frame | Page, around: Around): Promise<void> {
  const { atRetreat, atEnd, look } = around;
  const tab = (name: string) => view.getByRole('tab', { name }).click();
  await tab('Timeline');
  await view.locator('.overview canvas').waitFor();
  await view.getByLabel('Expression to chart').fill('depth');
  await view.getByLabel('Line at which it is printed').fill('sudoku.c:128');
  await view.getByRole('button', { name: 'Chart', exact: true }).click();
  await view.locator('.of-print .remark', { hasText: /sudoku\.c:128, \d+×/ }).waitFor();
  const sawtooth = await falls(view);
  assert.ok(sawtooth > 10, `the search goes back again and again: seen ${sawtooth} times`);
  await look('timeline');

  await tab('Output');
  await view.locator('.chunk', { hasText: 'retreat' }).last().click();
  await atRetreat();
  await tab('Attention');
  await view.locator('tr.head').first().waitFor();
  await view.locator('.arc').first().waitFor({ state: 'attached' });
  await look('retreat');
  await view.getByRole('button', { name: 'Back', exact: true }).click();
  await atEnd();

  await tab('Why');
  await view.locator('.why .subject').fill('board.can[0]');
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
  const text = view.locator('.row .line', { hasText: 'character 0 of "8' });
  await text.waitFor();
  await look('cell');
  await hopByHop(view, around);
  await atEnd();
  const witness = view.locator('.row .pill.head', { hasText: 'memory load' }).first();
  const name = /L\d+·H\d+/.exec((await witness.textContent()) ?? '')?.[0] ?? '';
  await witness.click();
  await view.locator(`tr.head.chosen[data-head="${name}"]`).waitFor();
  await tab('Hull');
  await view.locator('.hull .headline', { hasText: `${name} memory load` }).waitFor();
  const scores = view.locator('.hull .scores');
  await scores.getByText('winner').waitFor();
  await scores.getByText('runner-up').waitFor();
  await view.locator('.verdict', { hasText: /^Exact\. The latest of equal scores wins/ }).waitFor();
  await view
    .locator('.verdict', { hasText: /xact here/ })
    .first()
    .waitFor();
  await look('hull');
  const keys = view.locator('.hull .pills .pill').first();
  const before = await keys.textContent();
  await view.locator('.scrubber input').press('PageDown');
  await view
    .locator('.hull .pills .pill')
    .filter({ hasText: / keys/ })
    .filter({ hasNotText: before ?? '' })
    .waitFor();
}
