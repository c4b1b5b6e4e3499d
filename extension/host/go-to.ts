/**
 * "Go to…": moments of the recording by what people know of them: a number (of a token, a trace line, or percent), what was
 * printed, an open call, the start, now. All of them have been; nothing is run to get there.
 */
import * as vscode from 'vscode';
import type { OutputChunk, SentWith, Whereabouts } from '../../debug-adapter/protocol/protocol.ts';
import type { Sessions } from './sessions.ts';

/** A row with what taking it does. */
interface Choice extends vscode.QuickPickItem {
  act(): Promise<unknown>;
}

export function registerGoTo(sessions: Sessions): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  const told = (action: () => Promise<unknown>) => async () => {
    try {
      await action();
    } catch (error) {
      void vscode.window.showInformationMessage((error as Error).message);
    }
  };
  return vscode.Disposable.from(
    registerCommand(
      'stepformer.goTo',
      told(() => new GoTo(sessions).show()),
    ),
    registerCommand(
      'stepformer.backToNow',
      told(() => new GoTo(sessions).now()),
    ),
  );
}

class GoTo {
  private readonly sessions: Sessions;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  async now(): Promise<void> {
    const { reached } = await this.where();
    await this.travel({ traceLine: reached });
  }

  async show(): Promise<void> {
    const where = await this.where();
    const fixed: Choice[] = [
      {
        label: where.ended ? '$(debug-stop) End' : '$(eye) Now',
        description: where.ended ? 'the end of the program' : 'the furthest line that was executed',
        act: () => this.travel({ traceLine: where.reached }),
      },
      {
        label: '$(debug-start) Start',
        description: 'the first line of the program',
        act: () => this.travel({ traceLine: where.home }),
      },
      { label: '$(output) Output…', description: 'where something was printed', act: () => this.pickOutput() },
      { label: '$(call-incoming) Call…', description: 'the start of an open call', act: () => this.pickCall() },
    ];
    const pick = vscode.window.createQuickPick<Choice>();
    pick.title = 'Go to a moment of the recording';
    pick.placeholder = 'Type a number of a token or trace line, or percent (40%), or choose';
    pick.items = fixed;
    pick.onDidChangeValue((value) => {
      const numbered = this.numbered(value, where);
      pick.items = [...numbered, ...fixed];
      // VS Code sorts rows by where they match.
      if (numbered.length > 0) pick.activeItems = [numbered[0]];
    });
    await chosen(pick);
  }

  /** What a number may mean. What it is filtered by is itself. */
  private numbered(value: string, { now, reached }: Whereabouts): Choice[] {
    const match = /^\s*([\d,. ]*\d)\s*(%?)\s*$/.exec(value);
    if (!match) return [];
    const row = (label: string, to: SentWith<'stepformer/travel'>): Choice => ({
      label,
      alwaysShow: true,
      act: () => this.travel(to),
    });
    if (match[2]) {
      const share = Math.min(Number(match[1].replace(',', '.')), 100);
      const traceLine = Math.round((reached * share) / 100);
      return [row(`$(arrow-right) ${share} %: line ${number(traceLine + 1)}`, { traceLine })];
    }
    const wanted = Number(match[1].replace(/\D/g, ''));
    return [
      ...(wanted >= 1 && wanted - 1 <= reached
        ? [row(`$(arrow-right) Line ${number(wanted)} of the trace`, { traceLine: wanted - 1 })]
        : []),
      ...(wanted <= now ? [row(`$(arrow-right) Token ${number(wanted)}`, { token: wanted })] : []),
    ];
  }

  private async pickOutput(): Promise<void> {
    const { chunks } = await this.sessions.ask('stepformer/output', {});
    const pick = vscode.window.createQuickPick<Choice>();
    pick.placeholder = chunks.length > 0 ? 'Go to where this was printed' : 'Nothing has been printed yet';
    pick.items = chunks.map((chunk) => ({ ...outputRow(chunk), act: () => this.travel({ token: chunk.token }) }));
    await chosen(pick);
  }

  private async pickCall(): Promise<void> {
    const { stackFrames } = await this.sessions.ask('stackTrace', { threadId: 1, levels: 200 });
    const pick = vscode.window.createQuickPick<Choice>();
    pick.placeholder = 'Go to the start of this call';
    pick.items = stackFrames.map(({ id, name, line, source }) => ({
      label: name,
      description: `${source?.name ?? ''}:${line}`,
      act: () => this.sessions.ask('restartFrame', { frameId: id }),
    }));
    await chosen(pick);
  }

  private where(): Promise<Whereabouts> {
    return this.sessions.ask('stepformer/position', {});
  }

  private async travel(to: SentWith<'stepformer/travel'>): Promise<void> {
    if (!(await this.sessions.travel(to))) {
      throw new Error('That token is a part of the prompt: it was there before the first step.');
    }
  }
}

function outputRow({ text, traceLine, place }: OutputChunk): vscode.QuickPickItem {
  const where = place ? `${vscode.Uri.file(place.path).path.split('/').at(-1)}:${place.line} · ` : '';
  return { label: JSON.stringify(text).slice(1, -1), description: `${where}line ${number(traceLine + 1)}` };
}

/** Shows a list and does what is chosen from it. */
async function chosen(pick: vscode.QuickPick<Choice>): Promise<void> {
  const choice = await new Promise<Choice | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  await choice?.act();
}

const number = (value: number) => value.toLocaleString('en');
