/** Launch configurations: from F5 without any launch.json to the complete one that the adapter gets. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './adapter-process.ts';

/** File names that can be debugged. */
export const PROGRAM = /\.(c|cc|cpp|cxx|wat|wasm)$/i;

const NAME = 'Debug inside the transformer';

export function registerConfigurations(): vscode.Disposable {
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, { resolveDebugConfiguration: resolve }),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, { provideDebugConfigurations: provide }, Initial),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, { provideDebugConfigurations: provide }, Dynamic),
  );
}

/** The configuration for one file. */
export function configurationFor(file: vscode.Uri): vscode.DebugConfiguration {
  return { type: DEBUG_TYPE, request: 'launch', name: NAME, program: file.fsPath };
}

/** The file in front, if it can be debugged; a module has a tab but no text editor. */
export function openProgram(): vscode.Uri | undefined {
  const text = vscode.window.activeTextEditor?.document;
  if (text && (['c', 'cpp'].includes(text.languageId) || PROGRAM.test(text.uri.path))) return text.uri;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return uri && PROGRAM.test(uri.path) ? uri : undefined;
}

function provide(): vscode.DebugConfiguration[] {
  return [{ type: DEBUG_TYPE, request: 'launch', name: NAME, program: '$' + '{file}' }];
}

/** Completes a configuration; undefined after saying why there is nothing to start. */
function resolve(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.DebugConfiguration | undefined {
  const complete: vscode.DebugConfiguration = { ...configuration };
  if (complete.request === 'attach') {
    if (!complete.recording) {
      complain('There is no recording to open: set "recording" in the launch configuration to the path of one.');
      return undefined;
    }
  } else if (complete.program === undefined) {
    const file = openProgram();
    if (file === undefined) {
      complain(
        'There is no program to debug: open a C, WAT or wasm file, or set "program" in the launch configuration.',
      );
      return undefined;
    }
    if (file.scheme === 'untitled') {
      complain('This file is not saved yet: the compiler reads it from disk. Save it and start again.');
      return undefined;
    }
    Object.assign(complete, { ...configurationFor(file), ...configuration });
  }
  complete.type ||= DEBUG_TYPE;
  complete.request ||= 'launch';
  complete.name ||= NAME;
  complete.cwd ??= folder?.uri.fsPath;
  if (complete.cwd === undefined) delete complete.cwd;
  // Without input the program asks for it when it reads.
  if (complete.stdin === undefined && complete.stdinFile === undefined) complete.stdin = { ask: true };
  // What this extension does rather than the adapter, see problems.ts, or understands: an exit that is not the session's end.
  complete.showsFailures = true;
  complete.exitedAtEnd = true;
  return complete;
}

function complain(message: string): void {
  void vscode.window.showErrorMessage(message, 'Open Examples').then((choice) => {
    if (choice) void vscode.commands.executeCommand('stepformer.openExamples');
  });
}
