/** Commands that start and move sessions. */
import * as vscode from 'vscode';
import { configurationFor, openProgram } from './configurations.ts';
import { told } from './quick.ts';
import type { Sessions } from './sessions.ts';

export function registerCommands(sessions: Sessions): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand('stepformer.debugFile', (file?: vscode.Uri) => start(file, false)),
    registerCommand('stepformer.runFile', (file?: vscode.Uri) => start(file, true)),
    registerCommand('stepformer.stepInstruction', () => step(sessions, 'next', 'instruction')),
    registerCommand('stepformer.stepBackInstruction', () => step(sessions, 'stepBack', 'instruction')),
    // The protocol has no reverse of these. Where the disassembly is in front, steps are of instructions.
    ...REVERSE.flatMap(([name, request]) => [
      registerCommand(`stepformer.${name}`, () => step(sessions, request, 'line')),
      registerCommand(`stepformer.${name}Instruction`, () => step(sessions, request, 'instruction')),
    ]),
    registerCommand('stepformer.getStarted', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'stepformer.stepformer#start', false),
    ),
  );
}

/** Starts a file; without one the file in front, or else any that is visible. */
async function start(file: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
  const program = file instanceof vscode.Uri ? file : (openProgram() ?? visibleProgram());
  if (!program) {
    const choice = await vscode.window.showErrorMessage('Open a C, WAT or wasm file first.', 'Open Examples');
    if (choice) await vscode.commands.executeCommand('stepformer.openExamples');
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(program);
  await vscode.debug.startDebugging(folder, configurationFor(program), { noDebug });
}

/** The walkthrough's buttons are pressed while the walkthrough is in front. */
function visibleProgram(): vscode.Uri | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => ['c', 'cpp'].includes(document.languageId))?.document
    .uri;
}

const REVERSE = [
  ['stepBackInto', 'stepformer/stepBackIn'],
  ['stepBackOut', 'stepformer/stepBackOut'],
] as const;

/** A step, in whichever view the focus is. */
function step(
  sessions: Sessions,
  direction: 'next' | 'stepBack' | (typeof REVERSE)[number][1],
  granularity: 'line' | 'instruction',
): Promise<void> {
  return told(() => sessions.ask(direction, { threadId: 1, granularity }))();
}
