/**
 * The compiler's errors and warnings in the Problems panel, and one message of our own for a program that could not be
 * started: VS Code's would offer to open launch.json, which is hardly ever where the fault is.
 */
import * as vscode from 'vscode';
import type { CompilerDiagnostic } from '../../debug-adapter/protocol/protocol.ts';
import type { Failure, Sessions } from './sessions.ts';

export function registerProblems(sessions: Sessions): vscode.Disposable {
  /** By session: what one says does not touch another. */
  const problems = new Map<string, vscode.DiagnosticCollection>();
  const drop = (id: string) => {
    problems.get(id)?.dispose();
    problems.delete(id);
  };
  return vscode.Disposable.from(
    {
      dispose: () => {
        for (const id of problems.keys()) drop(id);
      },
    },
    // What was said in a session stays until the next one starts.
    sessions.onDidStart(() => {
      for (const id of problems.keys()) if (!sessions.isOpen(id)) drop(id);
    }),
    sessions.onDidDiagnose(async ({ session, diagnostics }) => {
      drop(session.id);
      if (diagnostics.length === 0) return;
      const collection = vscode.languages.createDiagnosticCollection('stepformer');
      problems.set(session.id, collection);
      for (const [file, found] of group(diagnostics)) {
        const uri = vscode.Uri.file(file);
        const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
        collection.set(
          uri,
          found.map((diagnostic) => toProblem(diagnostic, document)),
        );
      }
    }),
    sessions.onDidFail((failure) => void report(failure, problems.has(failure.session.id))),
    // A file that is being mended should not keep shouting at its owner.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      for (const collection of problems.values()) collection.delete(document.uri);
    }),
  );
}

/** `isDiagnosed`: the compiler has said more in the Problems panel. */
async function report({ message }: Failure, isDiagnosed: boolean): Promise<void> {
  if (message === 'cancelled') return;
  const text = isDiagnosed ? `The program does not compile. ${message}` : message;
  const choice = await vscode.window.showErrorMessage(text, ...(isDiagnosed ? ['Show Problems'] : []));
  if (choice) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

function group(diagnostics: readonly CompilerDiagnostic[]): Map<string, CompilerDiagnostic[]> {
  const files = new Map<string, CompilerDiagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (!diagnostic.file) continue;
    const found = files.get(diagnostic.file);
    if (found) found.push(diagnostic);
    else files.set(diagnostic.file, [diagnostic]);
  }
  return files;
}

/** clang says where a problem starts; the word there is what gets underlined. */
function toProblem(
  { line, column, message, severity }: CompilerDiagnostic,
  document?: vscode.TextDocument,
): vscode.Diagnostic {
  const start = new vscode.Position(Math.max(line - 1, 0), Math.max(column - 1, 0));
  const word = document && document.lineCount > start.line ? document.getWordRangeAtPosition(start) : undefined;
  const range = word ? new vscode.Range(start, word.end) : new vscode.Range(start, start.translate(0, 1));
  const problem = new vscode.Diagnostic(range, message, severityOf(severity));
  problem.source = 'clang';
  return problem;
}

function severityOf(severity: string): vscode.DiagnosticSeverity {
  if (severity.includes('error')) return vscode.DiagnosticSeverity.Error;
  return severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
}
