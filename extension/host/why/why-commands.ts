/**
 * Questions about values and calls, from where these stand: rows of the Variables and Watch views, and what the cursor is on
 * in an editor. Here they are put together; the Why view answers them.
 */
import * as vscode from 'vscode';
import type { WhyQuestion } from '../../views/link/messages.ts';
import { expressionAt } from '../evaluatable.ts';
import { told } from '../quick.ts';
import { pathOf, type Sessions } from '../sessions.ts';

/** What stands in a menu: a row of Variables or Watch, or a byte of the Memory view. */
interface Row {
  readonly variable?: { readonly evaluateName?: string };
  readonly name?: string;
  readonly address?: number;
}

/** What VS Code hands over: that, the document of an editor, or nothing. */
type Subject = Row | vscode.Uri | undefined;

export function registerWhyCommands(sessions: Sessions): vscode.Disposable {
  const command = (name: string, question: (subject: Subject) => Promise<WhyQuestion | undefined>) =>
    vscode.commands.registerCommand(
      `stepformer.why.${name}`,
      told(async (subject: Subject) => {
        // Fails with a sentence where nothing is debugged.
        await sessions.ask('stepformer/position', {});
        const asked = await question(subject);
        if (asked) await vscode.commands.executeCommand('stepformer.why.ask', asked);
      }),
    );
  const about = (kind: 'origin' | 'history', title: string) => async (subject: Subject) => {
    const expression = expressionOf(subject) ?? (await ask(title, 'A variable or an expression: board->can[43]'));
    return expression ? { kind, expression, ...frame() } : undefined;
  };
  return vscode.Disposable.from(
    command('origin', about('origin', 'Where did this come from?')),
    command('history', about('history', 'History of a value')),
    command('byte', async (subject) => {
      const address = subject instanceof vscode.Uri ? undefined : subject?.address;
      return address === undefined ? undefined : { kind: 'origin', expression: `*(unsigned char *)${address}` };
    }),
    command('print', () => print()),
    command('calls', async () => {
      const called = wordAtCursor() ?? (await ask('Calls of a function', 'The name of a function'));
      return called ? { kind: 'calls', function: called } : undefined;
    }),
  );
}

/** The expression that a row or the cursor stands for. */
function expressionOf(subject: Subject): string | undefined {
  const row = subject instanceof vscode.Uri ? undefined : (subject?.variable?.evaluateName ?? subject?.name);
  if (row) return row;
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  return document.getText(selection).trim() || expressionAt(document, selection.active);
}

function wordAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active);
  return range && editor?.document.getText(range);
}

/** The frame that is looked at: names mean what they mean there. */
function frame(): { frameId?: number } {
  const item = vscode.debug.activeStackItem;
  return item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
}

/** An expression at every execution of the line with the cursor, with a condition if one is wanted. */
async function print(): Promise<WhyQuestion | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new Error('Put the cursor on the line at which to print, then ask again.');
  const { document, selection } = editor;
  const line = selection.active.line + 1;
  const title = `Print at line ${line}, in the whole recording`;
  const proposal = document.getText(selection).trim() || expressionAt(document, selection.active);
  const expression = await ask(
    title,
    'An expression, evaluated at each execution of the line; several with ; between them',
    proposal,
  );
  if (!expression) return undefined;
  const condition = await ask(title, 'Only where this holds; empty: everywhere', '');
  if (condition === undefined) return undefined;
  const only = condition === '' ? {} : { condition };
  return { kind: 'print', path: pathOf(document.uri), line, expression, ...only };
}

async function ask(title: string, prompt: string, value?: string): Promise<string | undefined> {
  return (await vscode.window.showInputBox({ title, prompt, value }))?.trim();
}
