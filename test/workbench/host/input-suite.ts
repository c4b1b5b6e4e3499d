/** Programs that talk with whoever runs them, in a terminal of the extension's; and what a recording keeps of that. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { active, ask, command, endSession, file, nextStop, until } from './sessions.ts';

const GREETER = `#include <stdio.h>
int main(void) {
  char name[20];
  printf("who? ");
  fflush(stdout);
  if (scanf("%19s", name) == 1) printf("hello %s\\n", name);
  return 0;
}
`;

/** Starts the program in a terminal, up to its first line. */
async function start(): Promise<vscode.DebugSession> {
  writeFileSync(file('greeter.c').fsPath, GREETER);
  await nextStop(() =>
    vscode.debug.startDebugging(undefined, {
      type: 'stepformer',
      request: 'launch',
      name: 'greeter',
      program: file('greeter.c').fsPath,
      console: 'integratedTerminal',
    }),
  );
  return active();
}

const printed = async (session: vscode.DebugSession) =>
  (await ask(session, 'stepformer/output')).chunks.map(({ text }: { text: string }) => text).join('');

/** Types into the terminal in front. */
const type = (text: string) => command('workbench.action.terminal.sendSequence', { text });

export function inputSuite(): void {
  describe('Input in the extension host', () => {
    afterEach(async () => {
      await endSession();
      for (const terminal of vscode.window.terminals) terminal.dispose();
    });

    it('what is typed in the terminal is read, backspace and all', async () => {
      const session = await start();
      await until('the terminal', () => vscode.window.terminals.find(({ name }) => name === 'greeter'));
      await ask(session, 'continue', { threadId: 1 });
      await until('the question', async () => /who/.test(await printed(session)));
      await until('the terminal in front', () => vscode.window.activeTerminal?.name === 'greeter');
      const { reason } = await nextStop(() => type('anx\x7fn\r'));
      assert.equal(reason, 'end');
      assert.equal(await printed(session), 'who? hello ann\n');
    });

    it('a restart begins with the input that was typed, and a recording has it', async () => {
      const session = await start();
      await ask(session, 'continue', { threadId: 1 });
      await until('the terminal in front', () => vscode.window.activeTerminal?.name === 'greeter');
      await nextStop(() => type('bob\r'));
      await nextStop(() => command('workbench.action.debug.restart'));
      const again = active();
      await nextStop(() => ask(again, 'continue', { threadId: 1 }));
      assert.equal(await printed(again), 'who? hello bob\n');
      const saved = file('greeter.stepformer');
      await command('stepformer.saveRecording', saved);
      await until('the file', () => vscode.workspace.fs.stat(saved).then(undefined, () => undefined));
      await endSession();
      await nextStop(() => command('vscode.open', saved));
      assert.equal(active().configuration.request, 'attach');
      assert.equal(await printed(active()), 'who? hello bob\n');
    });
  });
}
