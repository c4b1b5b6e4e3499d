/** What commands have in common: they say what went wrong instead of failing, and many let one choose from a list. */
import * as vscode from 'vscode';

/** A row of a list, with what taking it does. */
export interface Choice extends vscode.QuickPickItem {
  act(): unknown;
}

/** A command whose errors, sentences from the adapter for the most part, are shown to whoever gave it. */
export function told<A extends unknown[]>(action: (...args: A) => unknown): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      void vscode.window.showInformationMessage((error as Error).message);
    }
  };
}

/** Shows a list and does what is chosen from it; nothing where it is left. */
export async function chosen(pick: vscode.QuickPick<Choice>): Promise<void> {
  const choice = await new Promise<Choice | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  await choice?.act();
}

/** A list that is complete when it opens. */
export async function choose(placeholder: string, items: readonly Choice[], title?: string): Promise<void> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.placeholder = placeholder;
  pick.title = title;
  pick.items = items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  await chosen(pick);
}

/** 12345 as 12,345. */
export const number = (value: number): string => value.toLocaleString('en');

/** Last part of a path or address, of either system. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** `add.c:7`, for a place that is known. */
export const placeText = (place: { path: string; line: number } | undefined): string =>
  place ? `${fileName(place.path)}:${place.line}` : '';
