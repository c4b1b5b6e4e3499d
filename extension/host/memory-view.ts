/** The Memory view's end in the extension host: asks for the piece of memory in sight whenever the session stops. */
import * as vscode from 'vscode';
import { type FromMemory, type MessageHandlers, receive, type ToMemory, type ViewMessage } from '../views/messages.ts';
import type { Sessions } from './sessions.ts';
import { showPage } from './webview-page.ts';

const VIEW = 'stepformer.memory';

export function registerMemoryView(context: vscode.ExtensionContext, sessions: Sessions): vscode.Disposable {
  const view = new MemoryView(context.extensionUri, sessions);
  const options = { webviewOptions: { retainContextWhenHidden: true } };
  return vscode.Disposable.from(view, vscode.window.registerWebviewViewProvider(VIEW, view, options));
}

class MemoryView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly extension: vscode.Uri;
  private readonly sessions: Sessions;
  private readonly disposables: vscode.Disposable[];
  private view: vscode.WebviewView | undefined;
  /** What the view looks at; undefined for the variables of the innermost call. */
  private expression: string | undefined;
  /** Counts requests, so that a late answer does not overwrite a newer one. */
  private asked = 0;

  constructor(extension: vscode.Uri, sessions: Sessions) {
    this.extension = extension;
    this.sessions = sessions;
    this.disposables = [
      sessions.onDidStop(() => void this.show()),
      sessions.onDidChange(() => {
        if (!sessions.active) this.post({ type: 'empty' });
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.show()),
      vscode.commands.registerCommand('stepformer.showMemory', (variable?: VariableInMenu) => this.reveal(variable)),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.onDidReceiveMessage((message: ViewMessage<FromMemory>) => receive(this.handlers, message));
    showPage(view.webview, this.extension, 'memory', 'Memory');
    view.onDidChangeVisibility(() => void this.show());
    view.onDidDispose(() => {
      this.view = undefined;
    });
  }

  private readonly handlers: MessageHandlers<FromMemory> = {
    ready: () => void this.show(),
    look: ({ expression }) => {
      this.expression = expression.trim() || undefined;
      void this.show();
    },
    travel: async ({ token }) => {
      try {
        await this.sessions.travel({ token });
      } catch (error) {
        this.post({ type: 'trouble', message: (error as Error).message });
      }
    },
  };

  /** Of a variable of the Variables view, or of what one types. */
  private async reveal(from?: VariableInMenu): Promise<void> {
    const { memoryReference, evaluateName } = from?.variable ?? {};
    this.expression = memoryReference ?? (evaluateName ? `&${evaluateName}` : undefined);
    await vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus: true });
    await this.show();
  }

  private async show(): Promise<void> {
    if (!this.view?.visible) return;
    const { now } = this.sessions;
    if (!now || now.state === 'running') {
      if (!now) this.post({ type: 'empty' });
      return;
    }
    const asked = ++this.asked;
    try {
      const { expression } = this;
      const memory = await this.sessions.ask('stepformer/memory', expression === undefined ? {} : { expression });
      if (asked === this.asked) this.post({ type: 'memory', memory, expression: expression ?? '' });
    } catch (error) {
      if (asked === this.asked) this.post({ type: 'trouble', message: (error as Error).message });
    }
  }

  private post(message: ViewMessage<ToMemory>): void {
    void this.view?.webview.postMessage(message);
  }
}

/** What VS Code hands to a command of the Variables view's menu. */
interface VariableInMenu {
  variable?: { memoryReference?: string; evaluateName?: string };
}
