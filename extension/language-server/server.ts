/**
 * The language server: documents in, diagnostics, hovers, outlines, folds and hints out. What the languages are about stands in
 * their own files; here only who is asked, when, and that nothing they do ends the server.
 */
import {
  type Connection,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  MarkupKind,
  SymbolKind,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { scanWat, type WatToken } from '../../engine/wat/scanner.ts';
import { diagnosticOf, type Finding, type HoverText } from './finding.ts';
import { programHover, programProblems } from './program-language.ts';
import { traceHover, traceProblems } from './trace-language.ts';
import { besideLine, callsIn, type LineTold, linesTold } from './trace-structure.ts';
import { watHover, watSymbols } from './wat-language.ts';
import { wastProblems, watProblems } from './wat-problems.ts';

/** Milliseconds of quiet before a changed document is looked at. */
const QUIET = 200;

/** Serves a connection until it ends. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const timers = new Map<string, NodeJS.Timeout>();
  const words = new PerVersion(scanWat);
  const told = new PerVersion(linesTold);

  /** Runs something for the client; what it throws is logged, and the answer is `otherwise`. */
  const guarded = <T>(what: () => T, otherwise: T): T => {
    try {
      return what();
    } catch (error) {
      connection.console.error(String((error as Error).stack ?? error));
      return otherwise;
    }
  };

  const diagnose = async (uri: string) => {
    timers.delete(uri);
    const document = documents.get(uri);
    if (!document) return;
    const { version } = document;
    let diagnostics: Diagnostic[] = [];
    try {
      diagnostics = (await problemsOf(document)).map(diagnosticOf);
    } catch (error) {
      connection.console.error(String((error as Error).stack ?? error));
    }
    // It may have changed or gone meanwhile.
    if (documents.get(uri)?.version === version) await connection.sendDiagnostics({ uri, version, diagnostics });
  };

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      inlayHintProvider: true,
    },
    serverInfo: { name: 'stepformer' },
  }));

  documents.onDidChangeContent(({ document: { uri, version } }) => {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => void diagnose(uri), version <= 1 ? 0 : QUIET),
    );
  });
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
    words.forget(uri);
    told.forget(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onHover(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    return document ? guarded(() => hoverOf(document, position.line, position.character, words), null) : null;
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document?.languageId === 'wat' ? guarded(() => symbolsOf(document), []) : [];
  });

  connection.onFoldingRanges(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document?.languageId === 'stepformer-trace' ? guarded(() => foldsOf(document), []) : [];
  });
  connection.languages.inlayHint.on(({ textDocument, range }) => {
    const document = documents.get(textDocument.uri);
    // Beside pages of a session stands what the session knows.
    const isFile = document?.languageId === 'stepformer-trace' && !document.uri.startsWith('stepformer-trace:');
    return isFile ? guarded(() => hintsOf(document, range.start.line, range.end.line, told), []) : [];
  });

  documents.listen(connection);
  connection.listen();
}

async function problemsOf(document: TextDocument): Promise<Finding[]> {
  const text = document.getText();
  switch (document.languageId) {
    case 'stepformer-program':
      return programProblems(text);
    case 'stepformer-trace':
      return traceProblems(text);
    case 'wat':
      return /\.wast$/i.test(document.uri) ? wastProblems(text) : watProblems(text);
    default:
      return [];
  }
}

function hoverOf(document: TextDocument, line: number, character: number, words: PerVersion<WatToken[]>): Hover | null {
  if (document.languageId === 'wat') {
    const offset = document.offsetAt({ line, character });
    const found = watHover(document.getText(), words.of(document), offset);
    return found ? hover(document, found.markdown, found.start, found.end) : null;
  }
  const start = document.offsetAt({ line, character: 0 });
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  let found: HoverText | undefined;
  if (document.languageId === 'stepformer-trace') found = traceHover(text.trimEnd(), character);
  if (document.languageId === 'stepformer-program') {
    const above = () => document.getText({ start: { line: 0, character: 0 }, end: { line, character: 0 } });
    found = programHover(text.trimEnd(), character, above);
  }
  return found ? hover(document, found.markdown, start + found.span.start, start + found.span.end) : null;
}

function hover(document: TextDocument, value: string, start: number, end: number): Hover {
  return {
    contents: { kind: MarkupKind.Markdown, value },
    range: { start: document.positionAt(start), end: document.positionAt(end) },
  };
}

function symbolsOf(document: TextDocument): DocumentSymbol[] {
  const range = (start: number, end: number) => ({ start: document.positionAt(start), end: document.positionAt(end) });
  return watSymbols(document.getText()).map(({ name, start, end, nameStart, nameEnd }) => ({
    name,
    kind: SymbolKind.Function,
    range: range(start, end),
    selectionRange: range(nameStart, nameEnd),
  }));
}

function foldsOf(document: TextDocument): FoldingRange[] {
  return callsIn(document.getText()).map(({ start, end }) => ({ startLine: start, endLine: end }));
}

/** Beside lines of a trace: their instructions and lines of C, if notes tell them, and what they take and give. */
function hintsOf(document: TextDocument, from: number, to: number, told: PerVersion<LineTold[]>): InlayHint[] {
  const all = told.of(document);
  const hints: InlayHint[] = [];
  for (let line = from; line <= Math.min(to, all.length - 1); line++) {
    const { length } = document
      .getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } })
      .trimEnd();
    const label = besideLine(all[line], all[line - 1], length);
    if (label !== '') hints.push({ position: { line, character: length }, label, paddingLeft: true });
  }
  return hints;
}

/** What is made of the text of documents, once per version. */
class PerVersion<T> {
  private readonly known = new Map<string, { version: number; made: T }>();
  private readonly make: (text: string) => T;

  constructor(make: (text: string) => T) {
    this.make = make;
  }

  of(document: TextDocument): T {
    const known = this.known.get(document.uri);
    if (known?.version === document.version) return known.made;
    const made = this.make(document.getText());
    this.known.set(document.uri, { version: document.version, made });
    return made;
  }

  forget(uri: string): void {
    this.known.delete(uri);
  }
}
