/**
 * Recordings as files: a session is saved to one, and one is opened by a session that goes on where it was. A file of the
 * kind that is opened like any other document starts that session too: its editor is no more than a doorway.
 */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../adapter-process.ts';
import { fileName, told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';

const EXTENSION = 'stepformer';
const FILTERS = { 'Stepformer recordings': [EXTENSION] };

export function registerRecordings(sessions: Sessions): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(
      'stepformer.saveRecording',
      // The debug toolbar hands over what it knows of the session, tests a file.
      told((target?: unknown) => save(sessions, target instanceof vscode.Uri ? target : undefined)),
    ),
    registerCommand(
      'stepformer.openRecording',
      told((file?: unknown) => open(file instanceof vscode.Uri ? file : undefined)),
    ),
    vscode.window.registerCustomEditorProvider('stepformer.recording', new Doorway()),
  );
}

async function save(sessions: Sessions, target?: vscode.Uri): Promise<void> {
  const session = sessions.active;
  // Fails with a sentence where there is nothing to save, before anybody is asked for a file.
  await sessions.ask('stepformer/position', {});
  const file = target ?? (await vscode.window.showSaveDialog({ defaultUri: proposal(session), filters: FILTERS }));
  if (!file) return;
  const { bytes } = await sessions.ask('stepformer/saveRecording', { path: file.fsPath }, session);
  void vscode.window.showInformationMessage(
    `Saved ${fileName(file.path)} (${size(bytes)}). Whoever is given it is given the program's sources and its input.`,
  );
}

/** Beside the program, by its name. */
function proposal(session: vscode.DebugSession | undefined): vscode.Uri | undefined {
  const of = session?.configuration.recording ?? [session?.configuration.program].flat()[0];
  if (typeof of !== 'string') return undefined;
  return vscode.Uri.file(`${of.replace(/\.\w+$/, '')}.${EXTENSION}`);
}

async function open(file?: vscode.Uri): Promise<void> {
  const chosen = file ?? (await vscode.window.showOpenDialog({ filters: FILTERS, openLabel: 'Open Recording' }))?.[0];
  if (chosen) await start(chosen);
}

async function start(file: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  await vscode.debug.startDebugging(folder, {
    type: DEBUG_TYPE,
    request: 'attach',
    name: fileName(file.path),
    recording: file.fsPath,
  });
}

/** Opens a recording and closes itself: there is nothing to see in the file, and a window that comes back starts nothing. */
class Doorway implements vscode.CustomReadonlyEditorProvider {
  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.html = '<!doctype html><title>Recording</title><p>Opening the recording in the debugger…</p>';
    await start(uri);
    panel.dispose();
  }
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
