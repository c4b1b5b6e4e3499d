/**
 * What makes a moment that is not "now" unmistakable: a line above the one that is stopped at, which says how long ago it
 * is and leads back, another colour of the line, and a context key for the buttons. At the end of the program that line says
 * how it ended, and where one can go from there.
 */
import * as vscode from 'vscode';
import type { AnswerOf, Status } from '../../debug-adapter/protocol/protocol.ts';
import { type Sessions, uriOf } from './sessions.ts';

export function registerBanner(sessions: Sessions): vscode.Disposable {
  return new Banner(sessions);
}

/** Where the banner stands. */
interface Spot {
  /** Of the document's URI: its scheme differs between the ends of a remote window. */
  path: string;
  line: number;
  lenses: vscode.Command[];
  past: boolean;
}

class Banner implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly sessions: Sessions;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly pastLine = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    // VS Code's own colour of the line lies over it: in a light theme a yellow, out of which only a strong one is seen.
    light: { backgroundColor: 'rgba(236, 122, 8, 0.45)', borderColor: '#c2410c' },
    dark: { backgroundColor: 'rgba(226, 120, 20, 0.38)', borderColor: '#f59e0b' },
    borderWidth: '1px 0 1px 6px',
    borderStyle: 'solid',
    overviewRulerColor: new vscode.ThemeColor('editorWarning.foreground'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  private readonly disposables: vscode.Disposable[];
  private spot: Spot | undefined;
  /** Counts stops, so that a late answer does not overwrite a newer one. */
  private asked = 0;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
    this.disposables = [
      this.changed,
      this.pastLine,
      vscode.languages.registerCodeLensProvider([{ language: 'c' }, { language: 'cpp' }, { language: 'wat' }], this),
      sessions.onDidStop(() => void this.update()),
      sessions.onDidEdit(() => void this.update()),
      sessions.onDidChange(() => {
        if (sessions.now?.state !== 'stopped' && sessions.now?.state !== 'ended') this.show(undefined);
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.update()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.mark()),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const { spot } = this;
    if (spot?.path !== uri.path) return [];
    const at = new vscode.Range(spot.line - 1, 0, spot.line - 1, 0);
    return spot.lenses.map((command) => new vscode.CodeLens(at, command));
  }

  private async update(): Promise<void> {
    const asked = ++this.asked;
    const { now } = this.sessions;
    const lenses = now ? lensesOf(now, this.sessions.lastStop) : [];
    if (!now || lenses.length === 0) {
      this.show(undefined);
      return;
    }
    const frame = await this.sessions.ask('stackTrace', { threadId: 1, levels: 50 }).then(shownFrame, () => undefined);
    if (asked !== this.asked) return;
    this.show(frame && { ...frame, lenses, past: now.past });
  }

  private show(spot: Spot | undefined): void {
    if (!spot && !this.spot) return;
    this.spot = spot;
    void vscode.commands.executeCommand('setContext', 'stepformer.isPast', spot?.past ?? false);
    this.changed.fire();
    this.mark();
  }

  private mark(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const isHere = this.spot?.past && this.spot.path === editor.document.uri.path;
      const line = Math.min(this.spot?.line ?? 1, editor.document.lineCount) - 1;
      editor.setDecorations(this.pastLine, isHere ? [new vscode.Range(line, 0, line, 0)] : []);
    }
  }
}

/** The frame that VS Code shows: the innermost one that is not the library's. */
function shownFrame({ stackFrames }: AnswerOf<'stackTrace'>): Pick<Spot, 'path' | 'line'> | undefined {
  const frame = stackFrames.find(({ presentationHint, source }) => presentationHint !== 'subtle' && source?.path);
  const path = frame?.source?.path;
  if (!frame || !path) return undefined;
  // A source that is no file, or one of a remote window, has its whole URI as its path.
  const uri = uriOf(path);
  return { path: uri.path, line: frame.line };
}

function lensesOf({ past, now, token, state }: Status, stop: Sessions['lastStop']): vscode.Command[] {
  if (past) {
    return [
      { title: `$(history)\u00a0You are in the past: ${ago(now - token)}`, command: 'stepformer.goTo' },
      { title: 'Back to now', command: 'stepformer.backToNow' },
    ];
  }
  if (state !== 'ended' || !stop?.description) return [];
  const isExit = stop.reason !== 'exception';
  return [
    {
      title: isExit ? `$(debug-stop)\u00a0${stop.description}` : `$(error)\u00a0${stop.text ?? stop.description}`,
      command: 'stepformer.goTo',
    },
    { title: 'Step back', command: 'workbench.action.debug.stepBack' },
    { title: 'Run backwards', command: 'workbench.action.debug.reverseContinue' },
  ];
}

/** "2.3 M tokens ago" */
export function ago(tokens: number): string {
  const units: [number, string][] = [
    [1e6, ' M'],
    [1e4, ' k'],
  ];
  const [size, unit] = units.find(([least]) => tokens >= least) ?? [1, ''];
  const scale = size === 1e4 ? 1000 : size;
  const text = scale === 1 ? tokens.toLocaleString('en') : (tokens / scale).toFixed(scale === 1e6 ? 1 : 0);
  return `${text}${unit} ${tokens === 1 ? 'token' : 'tokens'} ago`;
}
