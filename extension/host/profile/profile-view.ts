/**
 * What the tokens were spent on, on request: in front of each line of a source how often it was executed and its share of all
 * tokens, a table of functions, and the profile as a file that other tools open.
 */
import * as vscode from 'vscode';
import { Overlay } from '../overlay.ts';
import { choose, fileName, placeText, told } from '../quick.ts';
import { pathOf, type Sessions, uriOf } from '../sessions.ts';
import { type Heat, heatOf, marginOf, type Profile, rowOf, WIDTH, wordsOf } from './margin.ts';

const COLOURS: Record<Heat, string> = { hot: 'charts.red', warm: 'charts.orange', cool: 'descriptionForeground' };

export function registerProfile(sessions: Sessions): vscode.Disposable {
  const counted = vscode.window.createTextEditorDecorationType({});
  const overlay = new Overlay(sessions, {
    ask: () => sessions.ask('stepformer/profile', {}),
    paint: (editor, profile) => editor.setDecorations(counted, profile ? marks(editor.document, profile) : []),
  });
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    counted,
    overlay,
    registerCommand(
      'stepformer.showProfile',
      told(() => overlay.toggle()),
    ),
    registerCommand(
      'stepformer.profileFunctions',
      told(() => chooseFunction(sessions)),
    ),
    registerCommand(
      'stepformer.exportProfile',
      // Tests hand over the file.
      told((target?: unknown) => exportProfile(sessions, target instanceof vscode.Uri ? target : undefined)),
    ),
  );
}

/** In front of every line of a source with code; lines without it are moved as far. */
function marks(document: vscode.TextDocument, { tokens: all, lines }: Profile): vscode.DecorationOptions[] {
  const path = pathOf(document.uri);
  const own = new Map(lines.filter(({ place }) => place.path === path).map((line) => [line.place.line - 1, line]));
  if (own.size === 0) return [];
  return Array.from({ length: document.lineCount }, (_, line) => {
    const found = own.get(line);
    const { range } = document.lineAt(line);
    const colour = found ? COLOURS[heatOf(found.tokens, all)] : COLOURS.cool;
    const before = {
      contentText: marginOf(found ?? { count: 0, tokens: 0 }, all),
      color: new vscode.ThemeColor(colour),
      width: `${WIDTH}ch`,
      margin: '0 1ch 0 0',
    };
    return {
      range,
      ...(found && { hoverMessage: new vscode.MarkdownString(wordsOf(found, all)) }),
      renderOptions: { before },
    };
  });
}

/** The table of functions; taking one shows it. */
async function chooseFunction(sessions: Sessions): Promise<void> {
  const { tokens, functions } = await sessions.ask('stepformer/profile', {});
  const rows = functions.map((fn) => ({
    ...rowOf(fn, tokens),
    description: placeText(fn.place),
    act: () => fn.place && open(fn.place),
  }));
  await choose('Functions by the tokens that they took; take one to see it', rows, 'Profile');
}

async function open({ path, line }: { path: string; line: number }): Promise<void> {
  const at = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uriOf(path), { selection: new vscode.Range(at, at) });
}

const FILTERS = { "V8's format, for VS Code and Chrome": ['cpuprofile'], Speedscope: ['json'] };

async function exportProfile(sessions: Sessions, target?: vscode.Uri): Promise<void> {
  const session = sessions.active;
  // Fails with a sentence where there is nothing to export, before anybody is asked for a file.
  await sessions.ask('stepformer/position', {});
  const program = [session?.configuration.program].flat()[0];
  const proposal =
    typeof program === 'string' ? vscode.Uri.file(`${program.replace(/\.\w+$/, '')}.cpuprofile`) : undefined;
  const file = target ?? (await vscode.window.showSaveDialog({ defaultUri: proposal, filters: FILTERS }));
  if (!file) return;
  await sessions.ask('stepformer/exportProfile', { path: file.fsPath }, session);
  const choice = await vscode.window.showInformationMessage(`Wrote ${fileName(file.path)}.`, 'Open');
  if (choice) await vscode.commands.executeCommand('vscode.open', file);
}
