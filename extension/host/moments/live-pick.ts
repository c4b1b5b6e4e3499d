/** A list that follows what is typed: rows come from the session, the latest answer wins. */
import * as vscode from 'vscode';
import { type Choice, chosen } from '../quick.ts';

/** Milliseconds without a key before a search begins. */
const PATIENCE = 120;

/** What is looked up: rows for a text, and what to say where there is none of them. */
export interface Lookup {
  readonly title: string;
  readonly placeholder: string;
  /** Rows, every one of them shown: what matches was found where it was looked up. */
  find(text: string): Promise<readonly Choice[]>;
}

/** Shows the list and does what is chosen. */
export async function pickLive({ title, placeholder, find }: Lookup): Promise<void> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = placeholder;
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = async (text: string) => {
    const mine = ++asked;
    pick.busy = true;
    const rows = await find(text).catch((error: Error): Choice[] => [{ label: error.message, act: () => {} }]);
    if (mine !== asked) return;
    pick.busy = false;
    pick.items =
      rows.length > 0 || text === '' ? all(rows) : [{ label: 'Nothing found', alwaysShow: true, act: () => {} }];
  };
  pick.onDidChangeValue((text) => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(text), PATIENCE);
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    asked = -1;
  });
  void look('');
  await chosen(pick);
}

const all = (rows: readonly Choice[]): Choice[] => rows.map((row) => ({ ...row, alwaysShow: true }));
