/**
 * The Attention view's end in the extension host: asks the adapter what the heads did whenever the session stops, and
 * does what is clicked in the view. The page itself is attention/.
 */
import * as vscode from 'vscode';
import {
  type FromAttention,
  type MessageHandlers,
  receive,
  type ToAttention,
  type ViewMessage,
} from '../views/messages.ts';
import type { Sessions } from './sessions.ts';
import { showPage } from './webview-page.ts';

const VIEW = 'stepformer.attention';

/** Pieces of output that the view shows. */
const MOST_CHUNKS = 1000;

export function registerAttentionView(context: vscode.ExtensionContext, sessions: Sessions): vscode.Disposable {
  const view = new AttentionView(context.extensionUri, sessions);
  const options = { webviewOptions: { retainContextWhenHidden: true } };
  return vscode.Disposable.from(view, vscode.window.registerWebviewViewProvider(VIEW, view, options));
}

class AttentionView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly extension: vscode.Uri;
  private readonly sessions: Sessions;
  private readonly disposables: vscode.Disposable[];
  private view: vscode.WebviewView | undefined;
  /** Token in focus; undefined for the first of the position. */
  private focus: number | undefined;
  /** Counts requests, so that a late answer does not overwrite a newer one. */
  private asked = 0;
  /** Sessions that have stopped before. */
  private readonly seen = new Set<string>();
  /** Pieces of output that there were when last asked. */
  private printed = 0;

  constructor(extension: vscode.Uri, sessions: Sessions) {
    this.extension = extension;
    this.sessions = sessions;
    this.disposables = [
      sessions.onDidStop((session) => this.stopped(session)),
      sessions.onDidChange(() => this.idle()),
      vscode.debug.onDidChangeActiveDebugSession(() => {
        this.focus = undefined;
        this.printed = 0;
        void this.show();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    webview.onDidReceiveMessage((message: ViewMessage<FromAttention>) => receive(this.handlers, message));
    showPage(webview, this.extension, 'attention', 'Attention');
    view.onDidChangeVisibility(() => {
      if (view.visible) void this.show();
    });
    view.onDidDispose(() => {
      this.view = undefined;
    });
  }

  private stopped(session: vscode.DebugSession): void {
    this.focus = undefined;
    if (!this.seen.has(session.id)) this.reveal();
    this.seen.add(session.id);
    void this.show();
  }

  /**
   * The first stop of a session brings to sight what one wants to see then: variables and stack, which VS Code shows by
   * itself for breakpoints only, and this view, unless people have said that it should not. The keyboard stays where it is.
   */
  private reveal(): void {
    const wanted = vscode.workspace.getConfiguration('stepformer').get('openAttentionView', true);
    const views = ['workbench.debug.variablesView', ...(wanted && !this.view?.visible ? [VIEW] : [])];
    for (const view of views) void vscode.commands.executeCommand(`${view}.focus`, { preserveFocus: true });
  }

  private idle(): void {
    const { now } = this.sessions;
    if (!this.sessions.active || !now) this.post({ type: 'empty' });
    else if (now.state === 'running') this.post({ type: 'running' });
  }

  private async show(): Promise<void> {
    if (!this.view?.visible) return;
    const { now } = this.sessions;
    if (!this.sessions.active || !now || now.state === 'running') {
      this.idle();
      return;
    }
    const asked = ++this.asked;
    try {
      const token = this.focus === undefined ? {} : { token: this.focus };
      const attention = await this.sessions.ask('stepformer/attention', token);
      if (asked === this.asked) this.post({ type: 'attention', attention, past: now.past });
      await this.showOutput(now.traceLine);
    } catch (error) {
      if (asked === this.asked) this.post({ type: 'trouble', message: (error as Error).message });
    }
  }

  private async showOutput(traceLine: number): Promise<void> {
    const start = Math.max(this.printed - MOST_CHUNKS, 0);
    const { chunks, total } = await this.sessions.ask('stepformer/output', { start });
    this.printed = total;
    this.post({ type: 'output', chunks: chunks.slice(-MOST_CHUNKS), total, traceLine });
  }

  private readonly handlers: MessageHandlers<FromAttention> = {
    ready: () => this.show(),
    focus: ({ token }) => {
      this.focus = token;
      void this.show();
    },
    travel: (message) => this.travel(message),
    open: (place) => open(place),
    trace: ({ traceLine }) => vscode.commands.executeCommand('stepformer.showTrace', traceLine),
    command: ({ command }) => vscode.commands.executeCommand(command),
  };

  private async travel({ token, place }: FromAttention['travel']): Promise<void> {
    try {
      const isTravelled = await this.sessions.travel({ token });
      // A token of the program was never executed: it stands for an instruction, and that for a line of C.
      if (!isTravelled && place) await open(place);
      if (!isTravelled && !place) {
        this.post({
          type: 'note',
          message: `Token ${token} is a part of the prompt: it was there before the first step, there is no moment to travel to.`,
        });
      }
    } catch (error) {
      this.post({ type: 'note', message: (error as Error).message });
    }
  }

  private post(message: ViewMessage<ToAttention>): void {
    void this.view?.webview.postMessage(message);
  }
}

async function open({ path, line }: FromAttention['open']): Promise<void> {
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
