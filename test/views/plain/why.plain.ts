/** The Why view in a plain page: questions are asked and answered, hops travel, a changed past has its own future. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { WhyQuestion } from '../../../extension/views/link/messages.ts';
import { type Driver, drive, file } from '../../debug-adapter/driver.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { complaints } from './axe.ts';
import { PlainPage } from './plain-page.ts';

const browser = await launchChromium();
after(() => browser.close());

const COUNT = file(
  'why-count.c',
  `#include <stdio.h>
static int add(int a, int b) {
  int total = a + b;
  return total;
}
int main(void) {
  int first = getchar() - '0';
  int sum = 0;
  for (int i = 0; i < 300; i++) {
    sum = add(sum, first);
  }
  printf("%d\\n", sum);
  return 0;
}
`,
);

/** Stopped before the print. */
async function stopped(): Promise<Driver> {
  const driver = await drive(COUNT, { stdin: '2\n' });
  driver.ask('setBreakpoints', { source: { path: COUNT }, breakpoints: [{ line: 12 }] });
  driver.move('configurationDone');
  if (driver.where() !== 'main:12') driver.move('continue', { threadId: 1 });
  assert.equal(driver.where(), 'main:12');
  return driver;
}

async function opened(driver: Driver) {
  const plain = await PlainPage.open(browser, driver, { tab: 'why' });
  const { page } = plain;
  return { plain, page, headline: page.locator('.answer .headline') };
}

test('a local is offered, answered by a sentence and rows; an operand unfolds in place; a hop travels', async () => {
  const driver = await stopped();
  const { plain, page, headline } = await opened(driver);
  await page.getByRole('button', { name: 'Why is sum 600?' }).click();
  await headline.waitFor();
  assert.equal(await headline.textContent(), 'sum is 600 because a + b was 598 + 2.');
  assert.deepEqual(await page.locator('.row .title').allTextContents(), ['sum = 600', 'total = 600', '600 = 598 + 2']);
  await page.locator('.operand', { hasText: 'b' }).click();
  await page.locator('.operands .row .title', { hasText: 'first = 2' }).waitFor();
  const before = driver.ask('stepformer/position').token;
  await page.locator('.row .moment').nth(1).click();
  await page.locator('.pill:not(.now)', { hasText: 'tokens later' }).waitFor();
  assert.ok(driver.ask('stepformer/position').token < before);
  assert.equal(driver.where(), 'add:3');
  assert.equal(await headline.textContent(), 'sum is 600 because a + b was 598 + 2.', 'the answer stays');
  await plain.close();
});

test('the keyboard walks the rows, Enter travels; back and forward leaf through questions', async () => {
  const driver = await stopped();
  const { plain, page, headline } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'origin', expression: 'sum' } });
  await page.locator('.row .title').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator(':focus').textContent(), 'total = 600');
  await page.keyboard.press('Enter');
  await page.locator('.pill', { hasText: 'tokens later' }).first().waitFor();
  assert.equal(driver.where(), 'add:3');
  plain.show({ tab: 'why', why: { kind: 'calls', function: 'add' } });
  await page.locator('table[aria-label="Calls of add"]').waitFor();
  await page.getByRole('button', { name: 'The question before' }).click();
  await headline.waitFor();
  await page.getByRole('button', { name: 'The question after' }).click();
  await page.locator('table[aria-label="Calls of add"]').waitFor();
  await plain.close();
});

test('a print is a table that sorts, filters and travels, with a chart; few rows are drawn', async () => {
  const driver = await stopped();
  const { plain, page } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'print', path: COUNT, line: 3, expression: 'a' } });
  const values = page.locator('.frame td.code');
  await values.first().waitFor();
  assert.match((await page.locator('.tools').textContent()) ?? '', /300 rows/);
  assert.ok((await values.count()) < 60, 'only those in sight');
  await page.locator('.plot path.steps').waitFor();
  await page.getByRole('button', { name: 'a', exact: true }).click();
  await page.getByRole('button', { name: 'a ↑' }).click();
  await page.getByRole('button', { name: 'a ↓' }).waitFor();
  assert.equal(await values.first().textContent(), '598');
  await page.getByRole('searchbox').fill('< 5');
  assert.deepEqual(await values.allTextContents(), ['4', '2', '0']);
  await page.locator('.frame td button').last().click();
  await page.locator('.frame tr.later').first().waitFor();
  assert.equal(driver.where(), 'add:3');
  assert.equal(driver.ask('evaluate', { expression: 'a' }).result, '0');
  // The question stands in the box, to be changed.
  assert.equal(await page.locator('.ask .subject').inputValue(), 'a');
  assert.equal(await page.getByRole('spinbutton').inputValue(), '3');
  await page.getByLabel('Condition').fill('a > 590');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.locator('.tools', { hasText: '4 rows' }).waitFor();
  assert.deepEqual(await values.allTextContents(), ['592', '594', '596', '598']);
  await plain.close();
});

test('the calls around a moment unfold, and lead there', async () => {
  const driver = await stopped();
  driver.ask('setBreakpoints', { source: { path: COUNT }, breakpoints: [{ line: 3, condition: 'b == 2 && a == 4' }] });
  driver.move('reverseContinue', { threadId: 1 });
  assert.equal(driver.where(), 'add:3');
  const { plain, page } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'callTree' } });
  const here = page.locator('.tree [aria-current]');
  await here.waitFor();
  assert.match((await here.textContent()) ?? '', /add\(a = 4, b = 2\) → 6/);
  const [main] = await page.locator('.tree code').allTextContents();
  assert.match(main, /_start|main/);
  await page.getByText('add(a = 0, b = 2) → 2').locator('..').locator('.moment').click();
  await page.locator('.pill', { hasText: 'tokens later' }).waitFor();
  assert.equal(driver.ask('evaluate', { expression: 'a' }).result, '0');
  await plain.close();
});

test('a chart travels by click and by keyboard', async () => {
  const driver = await stopped();
  const { plain, page } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'history', expression: 'sum' } });
  const plot = page.getByRole('slider');
  await plot.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^2 at token/);
  await page.keyboard.press('Enter');
  await page.locator('.pill', { hasText: 'tokens later' }).waitFor();
  assert.equal(driver.ask('evaluate', { expression: 'i', context: 'watch' }).result, '0');
  await plain.close();
});

test('another input byte makes another future; the old one stays', async () => {
  const driver = await stopped();
  const { plain, page, headline } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'origin', expression: 'first' } });
  await headline.waitFor();
  assert.match((await headline.textContent()) ?? '', /you typed '2'/);
  const fork = page.getByRole('button', { name: 'Fork from here' });
  assert.equal(await fork.isDisabled(), true, 'the same value is no other');
  await page.getByLabel('Another value of first').fill('3');
  await fork.click();
  await page.getByText('You stand on a new branch').waitFor();
  const { branches } = driver.ask('stepformer/branches');
  assert.deepEqual(
    branches.map(({ current }: { current: boolean }) => current),
    [false, true],
  );
  driver.move('continue', { threadId: 1 });
  assert.equal(driver.ask('evaluate', { expression: 'sum' }).result, '900');
  await plain.close();
});

test('answers of every kind pass axe in every theme', async () => {
  const driver = await stopped();
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const plain = await PlainPage.open(browser, driver, { tab: 'why', theme });
    const shown = async (why: WhyQuestion, sign: string) => {
      plain.show({ tab: 'why', why });
      await plain.page.locator(sign).first().waitFor();
      assert.deepEqual(await complaints(plain), [], `${theme}, ${why.kind}`);
    };
    await shown({ kind: 'origin', expression: 'sum' }, '.readers, .chart');
    await shown({ kind: 'print', path: COUNT, line: 3, expression: 'a' }, '.frame td.code');
    await shown({ kind: 'calls', function: 'add' }, 'table[aria-label="Calls of add"]');
    await shown({ kind: 'search', text: 'sum == 4' }, '.hits');
    await shown({ kind: 'callTree' }, '.tree');
    await shown({ kind: 'control' }, '.control');
    await plain.close();
  }
});

test('Escape leads back to the question before', async () => {
  const driver = await stopped();
  const { plain, page, headline } = await opened(driver);
  plain.show({ tab: 'why', why: { kind: 'origin', expression: 'sum' } });
  await headline.waitFor();
  plain.show({ tab: 'why', why: { kind: 'calls', function: 'add' } });
  await page.locator('.frame td button').first().focus();
  await page.keyboard.press('Escape');
  await headline.waitFor();
  await plain.close();
});

test('what cannot be asked says why, in the place of an answer', async () => {
  const driver = await stopped();
  const { plain, page } = await opened(driver);
  await page.getByLabel(/variable or expression/).fill('nothing');
  await page.keyboard.press('Enter');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.match((await alert.textContent()) ?? '', /nothing/);
  await plain.close();
});
