/** The extension through VS Code's API: what it registers, how sessions start, what documents and problems it makes. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { active, ask, command, endSession, file, nextStop, stops, TYPE, until, where } from './sessions.ts';

const SOURCES = 'stepformer-source';

/** `$square` multiplies `$x` by itself; `main` calls it with 4. */
const SQUARE =
  'AGFzbQEAAAABCgJgAX8Bf2AAAX8DAwIAAQcIAQRtYWluAAEKEAIHACAAIABsCwYAQQQQAAsAGgRuYW1lAQkBAAZzcXVhcmUCCAIAAQABeAEA';

export function suite(): void {
  const folder = process.env.STEPFORMER_TEST_FOLDER ?? '';
  const extension = vscode.extensions.getExtension('stepformer.stepformer');

  describe('Extension host', () => {
    before(async () => {
      assert.ok(extension, 'the extension is installed');
      await extension.activate();
      vscode.debug.registerDebugAdapterTrackerFactory(TYPE, {
        createDebugAdapterTracker: () => ({
          onDidSendMessage: ({ type, event, body }) => {
            if (type === 'event' && event === 'stopped') stops.push(body);
          },
        }),
      });
    });

    afterEach(endSession);

    it('every contributed command is registered, every menu names one', async () => {
      const { commands, menus } = extension?.packageJSON.contributes ?? {};
      const registered = new Set(await vscode.commands.getCommands(true));
      const contributed = commands.map(({ command }: { command: string }) => command);
      for (const command of contributed) assert.ok(registered.has(command), command);
      for (const item of Object.values(menus).flat() as { command: string }[])
        assert.ok(contributed.includes(item.command), item.command);
    });

    it('the languages of programs and traces are known', async () => {
      const known = await vscode.languages.getLanguages();
      for (const language of ['stepformer-program', 'stepformer-trace', 'wat'])
        assert.ok(known.includes(language), language);
    });

    it('starts an open C file without a launch configuration', async () => {
      await vscode.window.showTextDocument(file('add.c'));
      const { reason } = await nextStop(() => command('workbench.action.debug.start'));
      assert.equal(reason, 'entry');
      assert.equal(active().configuration.program, file('add.c').fsPath);
      const { name, line } = await where(active());
      assert.deepEqual([name, line], ['main', 4]);
    });

    it('steps, steps back, evaluates, and ends inspectable', async () => {
      await nextStop(() => command('stepformer.debugFile', file('add.c')));
      const session = active();
      for (let step = 0; step < 3; step++) await nextStop(() => ask(session, 'next', { threadId: 1 }));
      const { id: frameId, line } = await where(session);
      assert.equal(line, 7);
      assert.equal((await ask(session, 'evaluate', { expression: 'a * b', frameId })).result, '15');
      await nextStop(() => ask(session, 'stepBack', { threadId: 1 }));
      assert.equal((await where(session)).line, 6);
      await nextStop(() => ask(session, 'continue', { threadId: 1 }));
      assert.equal((await ask(session, 'stepformer/position')).past, false);
      await nextStop(() => ask(session, 'reverseContinue', { threadId: 1 }));
      assert.equal((await where(session)).line, 4);
    });

    it('runs without debugging and ends by itself', async () => {
      const ended = new Promise((resolve) => vscode.debug.onDidTerminateDebugSession(resolve));
      await command('stepformer.runFile', file('add.c'));
      await ended;
    });

    it('shows the trace as a document with the position in it', async () => {
      await nextStop(() => command('stepformer.debugFile', file('add.c')));
      const { traceLine: line } = await ask(active(), 'stepformer/position');
      await command('stepformer.showTrace');
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.scheme, 'stepformer-trace');
      assert.equal(editor?.document.languageId, 'stepformer-trace');
      assert.equal(editor?.selection.active.line, line);
      assert.match(editor?.document.lineAt(line).text ?? '', /commit/);
    });

    it('a breakpoint on a trace line hits, and the document grows along', async () => {
      await nextStop(() => command('stepformer.debugFile', file('add.c')));
      await command('stepformer.showTrace');
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      const { traceLine: line } = await ask(active(), 'stepformer/position');
      const at = new vscode.Location(document.uri, new vscode.Position(line + 4, 0));
      vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
      const { reason } = await nextStop(() => ask(active(), 'continue', { threadId: 1 }));
      assert.equal(reason, 'breakpoint');
      assert.equal((await ask(active(), 'stepformer/position')).traceLine, line + 4);
      await until('the document to grow', () => document.lineCount > line + 5);
    });

    it('shows a module without a source in the text that its bytes give, and stops at breakpoints there', async () => {
      writeFileSync(file('square.wasm').fsPath, Buffer.from(SQUARE, 'base64'));
      await nextStop(() => command('stepformer.debugFile', file('square.wasm')));
      const shown = () => vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === SOURCES);
      const { document } = await until('the text', shown);
      assert.equal(document.languageId, 'wat');
      const line = document
        .getText()
        .split('\n')
        .findIndex((text) => text.includes('i32.mul'));
      assert.ok(line > 0);
      const at = new vscode.Location(document.uri, new vscode.Position(line, 0));
      vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
      await until('the breakpoint', async () => {
        const [breakpoint] = vscode.debug.breakpoints;
        // biome-ignore lint/suspicious/noExplicitAny: a breakpoint as the adapter knows it
        const known: any = await active().getDebugProtocolBreakpoint(breakpoint);
        return known?.verified;
      });
      const { reason } = await nextStop(() => ask(active(), 'continue', { threadId: 1 }));
      assert.equal(reason, 'breakpoint');
      const { name, id: frameId } = await where(active());
      assert.equal(name, '$square');
      assert.equal((await ask(active(), 'evaluate', { expression: '$x', frameId })).result, '4');
    });

    it('travels to a token, and says so where the user is', async () => {
      await nextStop(() => command('stepformer.debugFile', file('add.c')));
      const session = active();
      const { token } = await ask(session, 'stepformer/position');
      for (let step = 0; step < 2; step++) await nextStop(() => ask(session, 'next', { threadId: 1 }));
      const { reason } = await nextStop(() => ask(session, 'stepformer/travel', { token }));
      assert.equal(reason, 'goto');
      assert.equal((await where(session)).line, 4);
    });

    it('puts compile errors into Problems', async () => {
      const broken = file('host-broken.c');
      writeFileSync(broken.fsPath, 'int main(void) {\n  return x;\n}\n');
      // A failed launch shows a message, which VS Code refuses to do in tests.
      await Promise.resolve(command('stepformer.debugFile', broken)).catch(() => {});
      const [problem] = await until('a problem', () => {
        const found = vscode.languages.getDiagnostics(broken);
        return found.length > 0 && found;
      });
      assert.match(problem.message, /undeclared identifier 'x'/);
      assert.equal(problem.range.start.line, 1);
      assert.equal(problem.source, 'clang');
    });

    it('copies the examples and leaves changed copies alone', async () => {
      const target = vscode.Uri.file(path.join(folder, 'copies'));
      await command('stepformer.openExamples', target);
      const copy = path.join(target.fsPath, 'add.c');
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, copy);
      writeFileSync(copy, '/* mine */\nint main(void) { return 0; }\n');
      await command('stepformer.openExamples', target);
      assert.match(readFileSync(copy, 'utf8'), /mine/);
    });
  });
}
