/** What every language here reports about a text, and how it becomes a diagnostic of the protocol. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';

/** A place in a text with what is wrong there; line and column count from 1, in UTF-16 units. */
export interface Finding {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** `error`: the text is wrong; `warning`: it is right, but cannot run inside the transformer. */
  readonly severity: 'error' | 'warning';
}

/** More than these help nobody, and a page of the trace has 10,000 lines. */
export const MOST_FINDINGS = 100;

export function diagnosticOf({ message, line, column, length, severity }: Finding): Diagnostic {
  const start = { line: Math.max(0, line - 1), character: Math.max(0, column - 1) };
  return {
    range: { start, end: { line: start.line, character: start.character + Math.max(1, length) } },
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: 'stepformer',
    message,
  };
}

/** A word of a line: characters `start` up to but not including `end`, from 0. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What to show about a span of a line. */
export interface HoverText {
  readonly markdown: string;
  readonly span: Span;
}
