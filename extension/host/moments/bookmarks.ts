/** Bookmarks: moments of the recording with a note. They are kept by the session, and in the recording's file. */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { type Choice, chosen, number, told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';

type Bookmark = AnswerOf<'stepformer/bookmarks'>['bookmarks'][number];

const REMOVE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove this bookmark' };

export function registerBookmarks(sessions: Sessions): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(
      'stepformer.bookmark',
      told((note?: unknown) => add(sessions, typeof note === 'string' ? note : undefined)),
    ),
    registerCommand(
      'stepformer.bookmarks',
      told(() => list(sessions)),
    ),
  );
}

async function add(sessions: Sessions, given?: string): Promise<void> {
  const { traceLine } = await sessions.ask('stepformer/position', {});
  const prompt = `A note for this moment, before line ${number(traceLine + 1)} of the trace`;
  const note = given ?? (await vscode.window.showInputBox({ title: 'Bookmark this moment', prompt }));
  if (note === undefined) return;
  await sessions.ask('stepformer/addBookmark', { traceLine, note });
}

async function list(sessions: Sessions): Promise<void> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = 'Bookmarks';
  const marks = new Map<Choice, Bookmark>();
  const fill = async () => {
    const { bookmarks } = await sessions.ask('stepformer/bookmarks', {});
    marks.clear();
    for (const bookmark of bookmarks) marks.set(row(sessions, bookmark), bookmark);
    pick.items = [...marks.keys()];
    pick.placeholder = marks.size > 0 ? 'Go to a bookmark' : 'There are none yet: Stepformer: Bookmark This Moment…';
  };
  await fill();
  const remove = told(async (item: Choice) => {
    const bookmark = marks.get(item);
    if (bookmark) await sessions.ask('stepformer/removeBookmark', { id: bookmark.id });
    await fill();
  });
  pick.onDidTriggerItemButton(({ item }) => void remove(item));
  await chosen(pick);
}

function row(sessions: Sessions, { note, traceLine, token }: Bookmark): Choice {
  return {
    label: `$(bookmark) ${note || 'without a note'}`,
    description: `line ${number(traceLine + 1)} · token ${number(token)}`,
    buttons: [REMOVE],
    act: () => sessions.travel({ traceLine }),
  };
}
