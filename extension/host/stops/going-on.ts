/** A run that has used up the tokens or the memory it was allowed: whether it goes on is asked beside where that is told. */
import * as vscode from 'vscode';
import { told } from '../quick.ts';
import type { Pause, Sessions } from '../sessions.ts';

const GO_ON = 'Go on';
const WITHOUT_ASKING = 'Go on without asking';

export function registerGoingOn(sessions: Sessions): vscode.Disposable {
  return sessions.onDidPause((pause) => void ask(sessions, pause));
}

/** Memory has an end, so it is asked about each time. */
async function ask(sessions: Sessions, { session, by, text }: Pause): Promise<void> {
  const choices = by === 'tokens' ? [GO_ON, WITHOUT_ASKING] : [GO_ON];
  const choice = await vscode.window.showInformationMessage(`${session.name}: ${text}`, ...choices);
  if (!choice) return;
  await told(() => sessions.ask('stepformer/goOn', { asks: choice === GO_ON }, session))();
}
