/** A client of the real server, in a process of its own: opens documents, waits for diagnostics, asks for hovers. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  IPCMessageReader,
  IPCMessageWriter,
  type MarkupContent,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export class Client {
  private readonly child: ChildProcess;
  private readonly connection: ProtocolConnection;
  private readonly published = new Map<string, PublishDiagnosticsParams>();
  private readonly waiting = new Set<() => void>();
  private gone = false;
  private readonly versions = new Map<string, number>();
  /** What the server logged: nothing, if all is well. */
  readonly logged: string[] = [];

  private constructor(child: ChildProcess, connection: ProtocolConnection) {
    this.child = child;
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      for (const look of this.waiting) look();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    // Whoever waits for a server that is gone would wait for ever.
    child.once('exit', () => {
      this.gone = true;
      connection.dispose();
      for (const look of this.waiting) look();
    });
    connection.listen();
  }

  /** The server from its source, over standard input and output. */
  static async source(): Promise<Client> {
    const main = file('extension/language-server/main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const reader = new StreamMessageReader(child.stdout as NodeJS.ReadableStream);
    return new Client(
      child,
      createProtocolConnection(reader, new StreamMessageWriter(child.stdin as NodeJS.WritableStream)),
    ).initialized();
  }

  /** The server as it is built, over the channel between Node processes, as VS Code starts it. */
  static async built(): Promise<Client> {
    const child = fork(file('dist/language-server.js'), ['--node-ipc'], { execArgv: [] });
    return new Client(
      child,
      createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child)),
    ).initialized();
  }

  private async initialized(): Promise<Client> {
    await this.connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  /** Opens a document; resolves with its diagnostics. */
  async open(uri: string, languageId: string, text: string): Promise<Diagnostic[]> {
    this.versions.set(uri, 1);
    this.published.delete(uri);
    const textDocument = { uri, languageId, version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    return this.diagnostics(uri);
  }

  /** Sends the change of a range as one types it, without waiting for anything. */
  async change(uri: string, line: number, from: number, to: number, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    const range = { start: { line, character: from }, end: { line, character: to } };
    const contentChanges = [{ range, text }];
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** The diagnostics of the newest version of a document, once they are there. */
  diagnostics(uri: string): Promise<Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.gone) reject(new Error('the server is gone'));
        const found = this.published.get(uri);
        if (found?.version !== this.versions.get(uri)) return;
        this.waiting.delete(look);
        resolve((found as PublishDiagnosticsParams).diagnostics);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Text of the hover at a place (from 0), and what it covers; undefined where there is none. */
  async hover(
    uri: string,
    line: number,
    character: number,
  ): Promise<{ text: string; from: number; to: number } | undefined> {
    const params = { textDocument: { uri }, position: { line, character } };
    const found = await this.connection.sendRequest<Hover | null>('textDocument/hover', params);
    if (!found?.range) return undefined;
    const { value } = found.contents as MarkupContent;
    return { text: value, from: found.range.start.character, to: found.range.end.character };
  }

  symbols(uri: string): Promise<DocumentSymbol[]> {
    return this.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
  }

  folds(uri: string): Promise<FoldingRange[]> {
    return this.connection.sendRequest('textDocument/foldingRange', { textDocument: { uri } });
  }

  /** Hints of some lines (from 0). */
  hints(uri: string, from: number, to: number): Promise<InlayHint[]> {
    const range = { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
    return this.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range });
  }

  /** Ends the server; resolves with its exit code. */
  async end(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return ended;
  }
}
