/** The compiler's errors and warnings in the Problems panel. */
import * as vscode from 'vscode';
import type { CompilerDiagnostic } from '../../debug-adapter/protocol/protocol.ts';
import type { Sessions } from './sessions.ts';

export function registerProblems(sessions: Sessions): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('stepformer');
  return vscode.Disposable.from(
    problems,
    sessions.onDidStart(() => problems.clear()),
    sessions.onDidDiagnose(async (diagnostics) => {
      problems.clear();
      for (const [file, found] of group(diagnostics)) {
        const uri = vscode.Uri.file(file);
        const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
        problems.set(
          uri,
          found.map((diagnostic) => toProblem(diagnostic, document)),
        );
      }
    }),
    // A file that is being mended should not keep shouting at its owner.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) problems.delete(document.uri);
    }),
  );
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
