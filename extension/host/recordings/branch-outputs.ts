/** What two branches printed, side by side in VS Code's own comparison: documents that stay as they were when asked for. */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../quick.ts';

type Comparison = AnswerOf<'stepformer/compareBranches'>;

const SCHEME = 'stepformer-output';

export class BranchOutputs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  private count = 0;

  dispose(): void {
    this.registration.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Shows the branch that is shown at the right, the other at the left. */
  async compare(comparison: Comparison): Promise<void> {
    const { here, there } = comparison;
    this.count++;
    const left = this.document(comparison, 'there');
    const right = this.document(comparison, 'here');
    await vscode.commands.executeCommand('vscode.diff', left, right, `${there.name} ↔ ${here.name}`, {
      preview: false,
    });
  }

  private document(comparison: Comparison, side: 'here' | 'there'): vscode.Uri {
    const { name } = comparison[side];
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: `${this.count}` });
    this.texts.set(uri.toString(), textOf(comparison, side));
    return uri;
  }
}

/** What a branch printed from the first difference on, and the variables at its position. */
function textOf({ differs, variables, ...sides }: Comparison, side: 'here' | 'there'): string {
  const { function: fn, traceLine, output } = sides[side];
  const same =
    differs === undefined
      ? 'The same as far as both go.'
      : `Different from line ${number(differs + 1)} of the trace on.`;
  const printed = output.map(({ text }) => text).join('');
  const values = variables.flatMap(({ name: variable, [side]: value }) =>
    value === undefined ? [] : [`${variable} = ${value}`],
  );
  return [
    same,
    '',
    'Printed since:',
    printed.replace(/\n$/, ''),
    '',
    `Variables of ${fn}, before line ${number(traceLine + 1)} of the trace:`,
    ...values,
    '',
  ].join('\n');
}
