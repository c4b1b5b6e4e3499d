/** The extension's entry: registers what VS Code asks for, and nothing runs until it asks. */
import type * as vscode from 'vscode';
import { registerAdapter } from './adapter-process.ts';
import { registerBanner } from './banner.ts';
import { registerCommands } from './commands.ts';
import { registerConfigurations } from './configurations.ts';
import { registerExpressions } from './evaluatable.ts';
import { registerExamples } from './examples.ts';
import { registerGoTo } from './go-to.ts';
import { startLanguageClient } from './language-client.ts';
import { registerPanel } from './panel.ts';
import { registerProblems } from './problems.ts';
import { Sessions } from './sessions.ts';
import { registerSources } from './source-documents.ts';
import { registerStatus } from './status.ts';
import { registerTrace } from './trace-documents.ts';

export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  context.subscriptions.push(
    sessions,
    registerAdapter(context),
    registerConfigurations(),
    registerCommands(sessions),
    registerGoTo(sessions),
    registerBanner(sessions),
    registerProblems(sessions),
    registerStatus(sessions),
    registerTrace(sessions),
    registerSources(sessions),
    registerPanel(context, sessions),
    registerExpressions(),
    registerExamples(context),
  );
  // Debugging does not need it, so nothing waits for it.
  startLanguageClient(context).then(
    (client) => context.subscriptions.push(client),
    (error: Error) => console.error(`Stepformer's language server did not start: ${error.message}`),
  );
}
