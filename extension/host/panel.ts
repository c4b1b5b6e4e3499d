/**
 * The Transformer panel and its views in editors: pages that share one session and one selection. What a view shows it
 * asks the adapter for; here is only what VS Code has to do for it.
 */
import * as vscode from 'vscode';
import type { SourceLine, TokenAttention } from '../../debug-adapter/protocol/protocol.ts';
import type {
  FromPage,
  Opening,
  Selection,
  ShippedModel,
  Tab,
  ViewMessage,
  WhyQuestion,
} from '../views/link/messages.ts';
import { WriterMark } from './moments/writer-mark.ts';
import { type PageActions, PageLink } from './page-link.ts';
import { told } from './quick.ts';
import { savePicture } from './save-picture.ts';
import type { Sessions } from './sessions.ts';
import { columnBeside, VIEW_TYPE } from './trace/beside.ts';
import { Trail } from './trail.ts';
import { showPage } from './webview-page.ts';

export function registerPanel(context: vscode.ExtensionContext, sessions: Sessions): vscode.Disposable {
  const panel = new Panel(context.extensionUri, sessions);
  const options = { webviewOptions: { retainContextWhenHidden: true } };
  return vscode.Disposable.from(panel, vscode.window.registerWebviewViewProvider(VIEW_TYPE, panel, options));
}

class Panel implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly extension: vscode.Uri;
  private readonly sessions: Sessions;
  private readonly disposables: vscode.Disposable[];
  private view: { shown: vscode.WebviewView; link: PageLink } | undefined;
  /** Every page that is open, the panel's among them. */
  private readonly pages = new Set<PageLink>();
  private readonly trail: Trail;
  private readonly writer: WriterMark;
  private stops = 0;
  private marks = 0;
  /** What the panel is to be opened with, until it is there. */
  private opening: Opening | undefined;
  /** Sessions that have stopped before. */
  private readonly seen = new Set<string>();

  constructor(extension: vscode.Uri, sessions: Sessions) {
    this.extension = extension;
    this.sessions = sessions;
    this.writer = new WriterMark(sessions);
    this.trail = new Trail({
      position: () => (sessions.active ? sessions.now?.token : undefined),
      travel: (token) => sessions.travel({ token }),
      show: (selection) => {
        for (const page of this.pages) page.selection(selection);
      },
    });
    const { registerCommand } = vscode.commands;
    this.disposables = [
      this.writer,
      sessions.onDidStop((session) => this.stopped(session)),
      sessions.onDidEdit(() => this.moved()),
      sessions.onDidDepart((journey) => this.trail.depart(journey)),
      sessions.onDidChange(() => this.tell()),
      sessions.onDidMark(() => {
        this.marks++;
        this.tell();
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => this.moved()),
      registerCommand('stepformer.showMemory', (variable?: VariableInMenu) =>
        this.open({ tab: 'memory', memory: memoryOf(variable) }),
      ),
      registerCommand('stepformer.showModel', () => this.openInEditor('model', vscode.ViewColumn.Active)),
      registerCommand('stepformer.goBack', () => this.go(-1)),
      registerCommand('stepformer.goForward', () => this.go(1)),
      registerCommand(
        'stepformer.lookAt',
        told((at: Required<Pick<Selection, 'token'>> & Selection) => this.lookAt(at)),
      ),
      registerCommand('stepformer.why.ask', (why: WhyQuestion) => this.open({ tab: 'why', why })),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const link = this.serve(view.webview, 'Transformer', undefined, view.onDidDispose);
    this.view = { shown: view, link };
    view.onDidDispose(() => {
      this.view = undefined;
    });
    if (this.opening) link.open(this.opening);
    this.opening = undefined;
  }

  /** Shows a view of the panel. The keyboard stays where it is. */
  private async open(opening: Opening): Promise<void> {
    if (this.view) this.view.link.open(opening);
    else this.opening = opening;
    await vscode.commands.executeCommand(`${VIEW_TYPE}.focus`, { preserveFocus: true });
  }

  private openInEditor(tab: Tab, column = columnBeside()): void {
    const title = `${tab[0].toUpperCase()}${tab.slice(1)}`;
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, title, column, {
      retainContextWhenHidden: true,
    });
    this.serve(panel.webview, title, tab, panel.onDidDispose);
  }

  /** Makes a webview a page, of one view or of all. */
  private serve(
    webview: vscode.Webview,
    title: string,
    only: Tab | undefined,
    onDidDispose: vscode.Event<void>,
  ): PageLink {
    const link = new PageLink((message) => void webview.postMessage(message), this.actions);
    webview.onDidReceiveMessage((message: ViewMessage<FromPage>) => link.receive(message));
    this.pages.add(link);
    onDidDispose(() => this.pages.delete(link));
    link.session(this.session());
    link.selection(this.trail.shown);
    showPage(webview, this.extension, { name: 'panel', title, tab: only });
    return link;
  }

  private stopped(session: vscode.DebugSession): void {
    if (!this.seen.has(session.id)) this.reveal();
    this.seen.add(session.id);
    this.moved();
  }

  /** What was selected, and what was answered, belongs to another moment. */
  private moved(): void {
    this.stops++;
    this.trail.moved();
    this.tell();
  }

  private go(by: -1 | 1): void {
    this.trail.go(by).catch((error: Error) => void vscode.window.showErrorMessage(error.message));
  }

  /** Goes to a token and selects it, and the head that is named with it: that is seen in the Attention view. */
  private async lookAt(at: Required<Pick<Selection, 'token'>> & Selection): Promise<void> {
    const travelling = this.sessions.travel({ token: at.token });
    this.trail.depart('journey', at);
    if (!(await travelling)) throw new Error('That token is a part of the prompt: it was there before the first step.');
    if (at.head !== undefined) await this.open({ tab: 'attention' });
  }

  private tell(): void {
    for (const page of this.pages) page.session(this.session());
  }

  /** Read when it is first wanted: neither its code nor its files are loaded before. */
  private async model(): Promise<ShippedModel> {
    const { shippedModel } = await import('../../engine/run/shipped-model.ts');
    return shippedModel(vscode.Uri.joinPath(this.extension, 'dist', 'model').fsPath);
  }

  private session() {
    const { active, now } = this.sessions;
    return { stops: this.stops, marks: this.marks, ...(active && now ? { status: now } : {}) };
  }

  /**
   * The first stop of a session brings to sight what one wants to see then: variables and stack, which VS Code shows by
   * itself for breakpoints only, and this panel, unless people have said that it should not. The keyboard stays where it is.
   */
  private reveal(): void {
    const wanted = vscode.workspace.getConfiguration('stepformer').get('openAttentionView', true);
    // The Variables view has no command `….focus`, as other views do.
    const commands = ['workbench.debug.action.focusVariablesView'];
    if (wanted && !this.view?.shown.visible) commands.push(`${VIEW_TYPE}.focus`);
    for (const command of commands) void vscode.commands.executeCommand(command, { preserveFocus: true });
  }

  private readonly actions: PageActions = {
    ask: async (command, args) => {
      const answer = await this.sessions.ask(command, args as never);
      if (command === 'stepformer/attention') this.writer.tell(answer as TokenAttention);
      return answer;
    },
    model: () => this.model(),
    select: (selection) => this.trail.select(selection),
    travel: (token, journey) => this.sessions.travel({ token }, journey),
    go: (by) => this.go(by),
    savePicture: (picture) => void savePicture(picture),
    showPlace: (place) => void showPlace(place),
    showTrace: (traceLine) => void vscode.commands.executeCommand('stepformer.showTrace', traceLine),
    why: (why) => void this.open({ tab: 'why', why }),
    show: (tab) => void this.open({ tab }),
    run: (command) => void vscode.commands.executeCommand(command),
    showDocument: (name) =>
      void vscode.commands.executeCommand(
        'markdown.showPreview',
        vscode.Uri.joinPath(this.extension, 'docs', `${name}.md`),
      ),
    openInEditor: (tab) => this.openInEditor(tab),
  };
}

async function showPlace({ path, line }: SourceLine): Promise<void> {
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(at, at),
    viewColumn: columnOf(document),
  });
}

/** Where the file is open already. */
function columnOf({ uri }: vscode.TextDocument): vscode.ViewColumn | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())
    ?.viewColumn;
}

/** What VS Code hands to a command of the Variables view's menu. */
interface VariableInMenu {
  variable?: { memoryReference?: string; evaluateName?: string };
}

/** Where a variable lies; empty for the variables of the innermost call. */
function memoryOf(from: VariableInMenu | undefined): string {
  const { memoryReference, evaluateName } = from?.variable ?? {};
  return memoryReference ?? (evaluateName ? `&${evaluateName}` : '');
}
