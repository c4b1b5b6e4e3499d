/**
 * A hard Sudoku explained from its end: where a digit came from, down to the puzzle's text; all guesses as a table; another guess
 * in the past and what comes of it, compared, left; and all of it saved, opened and gone on with. Nothing is run again.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { stage, uiTest } from '../stage.ts';
import { until, type Workbench } from '../workbench.ts';

/** Line of the program that contains a text. */
function lineOf(text: string): number {
  const lines = readFileSync(path.join(stage().folder, 'sudoku.c'), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

const row = (vscode: Workbench, text: string | RegExp) =>
  vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

const branch = async (vscode: Workbench) =>
  (await vscode.page.locator('.statusbar-item[id="stepformer.stepformer.branch"]').textContent()) ?? '';

async function toTheEnd(vscode: Workbench): Promise<void> {
  await vscode.press('F5');
  await until('the end', async () => (await vscode.isStopped()) && /end/.test(await vscode.status()));
}

/** A digit of the solution, down to the character of the puzzle that it was. */
async function whereADigitCameFrom(vscode: Workbench, view: Frame): Promise<void> {
  await view.getByRole('tab', { name: 'Why' }).click();
  await view.getByLabel('variable or expression').fill('board.can[0]');
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
  const headline = view.locator('.answer .headline');
  await until('an answer', async () => /board\.can\[0\] is 128 because/.test((await headline.textContent()) ?? ''));
  const titles = await view.locator('.row .title').allTextContents();
  assert.match(titles[0], /128/);
  const lines = await view.locator('.row .line').allTextContents();
  assert.match(`${titles.at(-1)} ${lines.at(-1)}`, /56.*character 0 of "8000/);
  await view.locator('.row .pill.head', { hasText: 'memory load' }).first().waitFor();
  await vscode.screenshot('sudoku-origin');
  const given = view.locator('.row', { hasText: `sudoku.c:${lineOf("int digit = 1 << (puzzle[i] - '1')")}` });
  await given.locator('.moment').first().click();
  await vscode.stopsAt(lineOf("int digit = 1 << (puzzle[i] - '1')"));
  await vscode.variableIs('i', '0');
}

/** Every guess of the run: filtered, sorted, gone to. */
async function guesses(vscode: Workbench, view: Frame, guess: number): Promise<void> {
  await view.getByLabel('Kind of question').selectOption('print');
  await view.getByLabel(/expression, at every execution/).fill('cell; depth; digit');
  await view.getByLabel('Line', { exact: true }).fill(String(guess));
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
  const count = view.locator('.rows .note');
  await until('the guesses', async () => (await count.textContent()) === '52 rows');
  assert.deepEqual(
    (await view.locator('.frame th').allTextContents()).map((text) => text.trim()),
    ['token', 'cell', 'depth', 'digit'],
  );
  const values = view.locator('.frame td:nth-child(2)');
  await view.getByTitle('Sort by cell').click();
  const sorted = (await values.allTextContents()).map(Number);
  assert.deepEqual(
    sorted,
    [...sorted].sort((a, b) => a - b),
    'by number',
  );
  await view.getByLabel('Filter').fill('== 69');
  await until('one guess', async () => (await count.textContent()) === '1 of 52 rows');
  await vscode.screenshot('sudoku-guesses');
  await view.locator('.frame td button').first().click();
  await vscode.stopsAt(guess);
  await vscode.variableIs('cell', '69');
  await vscode.variableIs('depth', '1');
  await vscode.variableIs('digit', '256');
}

/** Goes on to the next retreat, of which nothing is known yet. */
async function toTheNextRetreat(vscode: Workbench): Promise<void> {
  const before = await vscode.status();
  await vscode.press('F5');
  await until('more of it', async () => (await vscode.isStopped()) && (await vscode.status()) !== before);
  await vscode.stopsAt(lineOf('printf("%d: retreat'));
  await until('now', async () => !/past/.test(await vscode.status()));
}

/** Another digit at the first guess, and on to the second retreat of that future: the first is the digit's own. */
async function anotherGuess(vscode: Workbench): Promise<void> {
  await vscode.setVariable('digit', '16');
  await until('the branch', async () => /from line/.test(await branch(vscode)));
  await vscode.toggleBreakpoint(lineOf('printf("%d: retreat'));
  await toTheNextRetreat(vscode);
  await toTheNextRetreat(vscode);
  await vscode.screenshot('sudoku-branch');
}

describe('Sudoku explained', () => {
  uiTest('a digit, all guesses, another guess, a recording of it all', 'sudoku.c', async (vscode) => {
    const guess = lineOf('if (place(&guess, cell, digit)');
    await vscode.press('F5');
    await vscode.stopsAt(lineOf('const char *puzzle = argc'));
    await toTheEnd(vscode);
    const view = await vscode.attention();
    await whereADigitCameFrom(vscode, view);
    await guesses(vscode, view, guess);
    await anotherGuess(vscode);

    await vscode.command('Stepformer: Compare With Another Branch…');
    await row(vscode, 'main').click();
    const sides = vscode.page.locator('.monaco-diff-editor .view-lines');
    await until('both outputs', async () => {
      const texts = (await sides.allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
      return texts.length === 2 && texts[0] !== texts[1] && texts.every((text) => /guess \d in row/.test(text));
    });
    await vscode.screenshot('sudoku-compared');
    await vscode.press('Control+F4');

    await vscode.command('Stepformer: Branches…');
    await vscode.screenshot('sudoku-branches');
    await row(vscode, /main/).click();
    await until('main', async () => /main/.test(await branch(vscode)));
    await vscode.command('Stepformer: Save Recording…');
    const input = vscode.page.locator('.quick-input-widget input').first();
    await until('the proposal of a file', async () => /sudoku\.stepformer$/.test(await input.inputValue()));
    await vscode.press('Enter');
    await until('it to be saved', async () =>
      /Saved sudoku\.stepformer/.test((await vscode.page.locator('.notifications-toasts').textContent()) ?? ''),
    );
    await vscode.stop();

    await vscode.press('Control+P');
    await input.fill('sudoku.stepformer');
    await row(vscode, 'sudoku.stepformer').waitFor();
    await vscode.press('Enter');
    await until('the recording', async () => (await vscode.isStopped()) && /main/.test(await branch(vscode)));
    await vscode.screenshot('sudoku-opened');
    await vscode.command('Stepformer: Branches…');
    await row(vscode, /digit/).click();
    await until('the other future', async () => !/main/.test(await branch(vscode)));
    await vscode.stopsAt(lineOf('printf("%d: retreat'));
    await toTheNextRetreat(vscode);
    await vscode.screenshot('sudoku-on');
  });
});
