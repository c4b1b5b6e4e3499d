/** The extension's entry: registers what VS Code asks for, and nothing runs until it asks. */
import type * as vscode from 'vscode';
import { registerAdapter } from './adapter-process.ts';
import { registerBanner } from './banner.ts';
import { registerCommands } from './commands.ts';
import { registerConfigurations } from './configurations.ts';
import { registerExpressions } from './evaluatable.ts';
import { registerExamples } from './examples.ts';
import { registerInput } from './input/program-input.ts';
import { registerLanguages } from './languages/languages.ts';
import { registerMainLens } from './main-lens.ts';
import { registerBookmarks } from './moments/bookmarks.ts';
import { registerCoverage } from './moments/coverage.ts';
import { registerGoTo } from './moments/go-to.ts';
import { registerPanel } from './panel.ts';
import { registerProblems } from './problems.ts';
import { registerProfile } from './profile/profile-view.ts';
import { registerBranches } from './recordings/branches.ts';
import { registerRecordings } from './recordings/recordings.ts';
import { Sessions } from './sessions.ts';
import { registerSources } from './source-documents.ts';
import { registerStatus } from './status.ts';
import { registerGoingOn } from './stops/going-on.ts';
import { registerOtherBreakpoints } from './stops/other-breakpoints.ts';
import { registerTrace } from './trace/trace-documents.ts';
import { registerWhyCommands } from './why/why-commands.ts';
import { registerWhyHover } from './why/why-hover.ts';

export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  context.subscriptions.push(
    sessions,
    registerAdapter(context),
    registerConfigurations(),
    registerCommands(sessions),
    registerGoTo(sessions),
    registerBookmarks(sessions),
    registerCoverage(sessions),
    registerProfile(sessions),
    registerOtherBreakpoints(sessions),
    registerWhyCommands(sessions),
    registerWhyHover(sessions),
    registerInput(sessions),
    registerGoingOn(sessions),
    registerRecordings(sessions),
    registerBranches(sessions),
    registerBanner(sessions),
    registerProblems(sessions),
    registerStatus(sessions),
    registerTrace(context, sessions),
    registerSources(sessions),
    registerPanel(context, sessions),
    registerExpressions(),
    registerMainLens(),
    registerExamples(context),
    registerLanguages(context),
  );
}
