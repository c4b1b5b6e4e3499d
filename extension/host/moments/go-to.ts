/**
 * "Go to…": moments of the recording by what people know of them: a number (of a token, a trace line, or percent), a
 * reference that a view has copied, what was printed, a call, the start, now. All of them have been; nothing is run to get
 * there.
 */
import * as vscode from 'vscode';
import type { OutputChunk, Whereabouts } from '../../../debug-adapter/protocol/protocol.ts';
import { headName } from '../../views/parts/families.ts';
import { type Choice, choose, chosen, number, placeText, told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';
import { pickCallOf } from './calls.ts';
import { referenceOf } from './reference.ts';
import { searchRecording } from './search.ts';

export function registerGoTo(sessions: Sessions): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(
      'stepformer.goTo',
      told(() => goTo(sessions)),
    ),
    registerCommand(
      'stepformer.search',
      told(() => searchRecording(sessions, (value, where) => named(sessions, value, where))),
    ),
    registerCommand(
      'stepformer.backToNow',
      told(async () => {
        const { reached } = await sessions.ask('stepformer/position', {});
        await sessions.travel({ traceLine: reached });
      }),
    ),
  );
}

async function goTo(sessions: Sessions): Promise<void> {
  const where = await sessions.ask('stepformer/position', {});
  const { reached, home } = where;
  const fixed: Choice[] = [
    {
      label: where.ended ? '$(debug-stop) End' : '$(eye) Now',
      description: where.ended ? 'the end of the program' : 'the furthest line that was executed',
      act: () => sessions.travel({ traceLine: reached }),
    },
    {
      label: '$(debug-start) Start',
      description: 'the first line of the program',
      act: () => sessions.travel({ traceLine: home }),
    },
    { label: '$(output) Output…', description: 'where something was printed', act: () => pickOutput(sessions) },
    { label: '$(call-incoming) Call…', description: 'any call of a function', act: () => pickCallOf(sessions) },
    {
      label: '$(bookmark) Bookmark…',
      description: 'a moment that you have marked',
      act: () => vscode.commands.executeCommand('stepformer.bookmarks'),
    },
    {
      label: '$(search) Search…',
      description: 'functions, output, values',
      act: () => vscode.commands.executeCommand('stepformer.search'),
    },
  ];
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = 'Go to a moment of the recording';
  pick.placeholder = 'Type a number of a token or trace line, or percent (40%), or choose';
  pick.items = fixed;
  pick.onDidChangeValue((value) => {
    const found = named(sessions, value, where);
    pick.items = [...found, ...fixed];
    // VS Code sorts rows by where they match.
    if (found.length > 0) pick.activeItems = [found[0]];
  });
  await chosen(pick);
}

/** The moments that a reference may name, and that have been. */
function named(sessions: Sessions, value: string, { now, reached }: Whereabouts): Choice[] {
  const reference = referenceOf(value);
  const row = (label: string, act: () => unknown): Choice => ({
    label: `$(arrow-right) ${label}`,
    alwaysShow: true,
    act,
  });
  const toLine = (label: string, traceLine: number) => row(label, () => sessions.travel({ traceLine }));
  const line = (wanted: number) =>
    wanted >= 1 && wanted - 1 <= reached ? [toLine(`Line ${number(wanted)} of the trace`, wanted - 1)] : [];
  const token = (at: { token: number; layer?: number; head?: number }) => {
    const { layer, head } = at;
    const named = layer === undefined || head === undefined ? '' : ` · ${headName({ layer, head })}`;
    const look = () => vscode.commands.executeCommand('stepformer.lookAt', at);
    return at.token <= now ? [row(`Token ${number(at.token)}${named}`, look)] : [];
  };
  switch (reference?.kind) {
    case undefined:
      return [];
    case 'share': {
      const traceLine = Math.round((reached * reference.percent) / 100);
      return [toLine(`${reference.percent} %: line ${number(traceLine + 1)}`, traceLine)];
    }
    case 'line':
      return line(reference.line);
    case 'token':
      return token({ token: reference.token, layer: reference.layer, head: reference.head });
    case 'number':
      return [...line(reference.number), ...token({ token: reference.number })];
  }
}

async function pickOutput(sessions: Sessions): Promise<void> {
  const { chunks } = await sessions.ask('stepformer/output', {});
  const rows = chunks.map((chunk) => ({
    ...outputRow(chunk),
    act: () => sessions.travel({ token: chunk.token }),
  }));
  await choose(rows.length > 0 ? 'Go to where this was printed' : 'Nothing has been printed yet', rows);
}

function outputRow({ text, traceLine, place }: OutputChunk): vscode.QuickPickItem {
  const where = place ? `${placeText(place)} · ` : '';
  return { label: JSON.stringify(text).slice(1, -1), description: `${where}line ${number(traceLine + 1)}` };
}
