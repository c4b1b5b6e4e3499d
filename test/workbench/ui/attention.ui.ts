/** The Attention view: it opens by itself, lists the heads, follows steps; a click travels; the keyboard does too. */
/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { uiTest } from '../stage.ts';
import { until } from '../workbench.ts';

describe('Attention view', () => {
  uiTest('lists heads, follows the session, and a click travels', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    const view = await vscode.attention();
    const heads = view.locator('tr.head');
    await until('heads', async () => (await heads.count()) > 0);
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.press('F10');
    await vscode.stopsAt(6);
    const sentence = () => view.locator('.sentence').textContent();

    const forward = vscode.page.locator('.part.panel .codicon-arrow-right').first();
    for (let steps = 0; steps < 20 && !/i32\.add took/.test((await sentence()) ?? ''); steps++) {
      const token = /token [\d,]+/.exec(await vscode.status())?.[0];
      await forward.click();
      await until('a step', async () => !(await vscode.status()).includes(`${token} `));
      // The view follows the status bar.
      const now = /line [\d,]+/.exec(await vscode.status())?.[0] ?? '';
      await until('the view to follow', async () => (await view.locator('.pill').first().textContent()) === now);
    }
    assert.match((await sentence()) ?? '', /i32\.add took 5 from token .* and 3 from token/);
    await vscode.screenshot('attention');
    assert.ok((await heads.count()) > 0);
    const operand = heads.filter({ hasText: 'byte of stack top' }).first();
    await operand.locator('button').first().click();
    await view.locator('.detail').getByText('stack top: position').waitFor();
    assert.match((await view.locator('.detail').textContent()) ?? '', /byte 5/);
    await view.locator('.dots .at').first().waitFor();
    await vscode.screenshot('attention-head');
    const here = await vscode.status();
    const target = view.locator('tr.head:not(.idle) button.target', { hasText: /line \d/ }).first();
    await target.click();
    await until(
      'the session to have moved',
      async () => (await vscode.status()) !== here && /past/.test(await vscode.status()),
    );
    await until('the view to say so', async () => (await view.locator('.pill.past').count()) > 0);
    await vscode.screenshot('travelled');
  });

  uiTest('the line that wrote what is read is marked in the editor, until one goes on', 'add.c', async (vscode) => {
    await vscode.press('F5');
    for (const line of [4, 5, 6]) {
      await vscode.stopsAt(line);
      if (line < 6) await vscode.press('F10');
    }
    /** What stands behind lines of C, by the extension. */
    const behind = () =>
      vscode.page.evaluate(() =>
        [...document.querySelectorAll('.view-line')].flatMap((line) =>
          [...line.querySelectorAll('span')].flatMap((span) => {
            const { content } = getComputedStyle(span, '::after');
            return content.includes('◂ wrote')
              ? [`${line.textContent?.replaceAll('\u00a0', ' ').trim()} ${content}`]
              : [];
          }),
        ),
      );
    const view = await vscode.attention();
    const headline = view.locator('.headline');
    const forward = vscode.page.locator('.part.panel .codicon-arrow-right').first();
    for (let steps = 0; steps < 10 && !/^reads b/.test((await headline.textContent()) ?? ''); steps++) {
      const before = await headline.textContent();
      await forward.click();
      await until('another sentence', async () => (await headline.textContent()) !== before);
    }
    await until('the mark', async () => (await behind()).length === 1);
    assert.match((await behind())[0].replaceAll('\u00a0', ' '), /int b = 5;.*◂ wrote the 5 that line 6 reads/);
    await vscode.screenshot('attention-writer');
    await vscode.press('F10');
    await vscode.stopsAt(7);
    await until('it to go', async () => (await behind()).length === 0);
  });

  uiTest('the keyboard reaches tokens and heads', 'add.c', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(4);
    const view = await vscode.attention();
    await until('tokens', async () => (await view.locator('.here .token').count()) > 1);
    await view.locator('.token.focus').focus();
    await vscode.press('ArrowRight');
    await vscode.press('Enter');
    const second = view.locator('.here .token').nth(1);
    await until('the second token in focus', async () => (await second.getAttribute('aria-pressed')) === 'true');
    await view.locator('tr.head button.target').first().focus();
    await vscode.press('ArrowDown');
    assert.equal(await view.evaluate(() => document.activeElement?.tagName), 'BUTTON');
  });
});
