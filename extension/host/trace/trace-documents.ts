/**
 * The trace as documents: read-only pages of 10,000 lines whose lines never move, so that a breakpoint in the gutter
 * keeps meaning the same trace line. Pages are read from the session in front, grow while the model generates, and
 * stay readable after it has ended. They share a tab, in which the line of the position is marked.
 */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import {
  documentLine,
  pageOf,
  pageOfUri,
  pageUri,
  TRACE_SCHEME,
} from '../../../debug-adapter/recording/trace-pages.ts';
import type { Sessions } from '../sessions.ts';
import { columnBeside } from './beside.ts';
import { aligned } from './columns.ts';
import { LineNumbers } from './line-numbers.ts';
import { registerTraceHints } from './trace-hints.ts';

const NOTHING =
  'No trace yet. Open a C file and press F5: every instruction that the transformer executes becomes a line here.\n';

/** Milliseconds between two readings of a page that grows. */
const PATIENCE = 100;

export function registerTrace(context: vscode.ExtensionContext, sessions: Sessions): vscode.Disposable {
  return vscode.Disposable.from(new TraceDocuments(context, sessions), registerTraceHints(sessions));
}

class TraceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly sessions: Sessions;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly pages = new Map<string, AnswerOf<'stepformer/tracePage'>>();
  private readonly marker: vscode.TextEditorDecorationType;
  private readonly numbers = new LineNumbers();
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** How often the mark was set. */
  private marking = 0;

  constructor({ extensionUri }: vscode.ExtensionContext, sessions: Sessions) {
    this.sessions = sessions;
    this.marker = vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      gutterIconPath: vscode.Uri.joinPath(extensionUri, 'extension', 'icons', 'position.svg'),
      gutterIconSize: 'contain',
      backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
      overviewRulerColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
      overviewRulerLane: vscode.OverviewRulerLane.Full,
      // Text that is put in front of the line or behind it is no part of it.
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: { margin: '0 0 0 3em', contentText: '◂ position', color: new vscode.ThemeColor('descriptionForeground') },
    });
    this.disposables = [
      this.changed,
      this.marker,
      this.numbers,
      vscode.workspace.registerTextDocumentContentProvider(TRACE_SCHEME, this),
      vscode.commands.registerCommand('stepformer.showTrace', (line?: number) => this.show(line)),
      sessions.onDidStart(() => this.pages.clear()),
      // Comes with every load, a restart's too.
      sessions.onDidDiagnose(() => this.pages.clear()),
      sessions.onDidStop(() => this.follow()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === TRACE_SCHEME) this.mark();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.mark()),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const page = pageOfUri(uri.toString());
    if (page === undefined) return 'This is not a page of a trace.\n';
    const key = uri.toString();
    if (this.sessions.active) {
      try {
        this.pages.set(key, await this.sessions.ask('stepformer/tracePage', { page }));
      } catch {
        // Not launched yet, or over: what was read before still stands.
      }
    }
    return aligned(this.pages.get(key)?.text ?? '') || NOTHING;
  }

  /** Opens the page of a trace line, or of the position. */
  private async show(wanted?: number): Promise<void> {
    try {
      const line = Number.isInteger(wanted) ? Number(wanted) : await this.position();
      await this.open(line, false);
    } catch (error) {
      void vscode.window.showInformationMessage((error as Error).message);
    }
  }

  /** Shows the page of a line, at that line. `follows`: only where a page is in sight, and the keyboard stays where it is. */
  private async open(line: number, follows: boolean): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(pageUri(pageOf(line))));
    await this.fresh(document, line);
    const [shown] = editors();
    if (follows && !shown) return;
    const at = new vscode.Position(Math.min(documentLine(line), document.lineCount) - 1, 0);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? columnBeside(),
      preserveFocus: follows,
      preview: false,
      // From the first picture on: who looks sees no other line, and none of its numbers.
      selection: new vscode.Range(at, at),
    });
    this.numbers.show(editor, at.line);
    this.markLine(line);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    await closeOthers(editor);
    void this.mark();
  }

  /** A page that was opened earlier may end before the line. */
  private async fresh(document: vscode.TextDocument, line: number): Promise<void> {
    if (hasLine(document, line)) return;
    const arrived = new Promise<void>((resolve) => {
      const listener = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document) finish();
      });
      const timer = setTimeout(() => finish(), 1000);
      const finish = () => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
    });
    this.changed.fire(document.uri);
    await arrived;
  }

  /** After a stop: pages grow, and a trace that is in sight moves along. */
  private follow(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === TRACE_SCHEME && !this.pages.get(uri.toString())?.final) this.changed.fire(uri);
      }
      if (editors().length > 0) await this.open(await this.position(), true);
    }, PATIENCE);
  }

  private async mark(): Promise<void> {
    const mine = ++this.marking;
    if (editors().length === 0) return;
    const line = this.sessions.active ? await this.position().catch(() => -1) : -1;
    // Asked again meanwhile: what is known now is out of date.
    if (mine === this.marking) this.markLine(line);
  }

  private markLine(line: number): void {
    for (const editor of editors()) {
      const { document } = editor;
      // A page that lags behind has no such line yet, and is marked when it has.
      const isThere = line >= 0 && document.lineCount >= documentLine(line);
      const isHere = isThere && pageOfUri(document.uri.toString()) === pageOf(line);
      const at = new vscode.Position(documentLine(line) - 1, 0);
      editor.setDecorations(this.marker, isHere ? [new vscode.Range(at, at)] : []);
    }
  }

  /** The trace line of the position. */
  private async position(): Promise<number> {
    return (await this.sessions.ask('stepformer/position', {})).traceLine;
  }
}

function editors(): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme === TRACE_SCHEME);
}

/** Whether a page has a trace line; behind its last is an empty one, which will be that line when it comes. */
function hasLine(document: vscode.TextDocument, line: number): boolean {
  return document.lineCount > documentLine(line);
}

/** Pages share a tab: closes those beside an editor's own that show another. */
async function closeOthers({ document, viewColumn }: vscode.TextEditor): Promise<void> {
  const group = vscode.window.tabGroups.all.find((one) => one.viewColumn === viewColumn);
  const others = (group?.tabs ?? []).filter(
    ({ input }) =>
      input instanceof vscode.TabInputText &&
      input.uri.scheme === TRACE_SCHEME &&
      input.uri.toString() !== document.uri.toString(),
  );
  if (others.length > 0) await vscode.window.tabGroups.close(others, true);
}
