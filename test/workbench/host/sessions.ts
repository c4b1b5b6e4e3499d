/** What the suites of the extension host share: sessions, their stops, and patience. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { PATIENCE_TO_SEE } from '../../patience.ts';

export const TYPE = 'stepformer';

/** Waits until `look` finds something. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + PATIENCE_TO_SEE;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${PATIENCE_TO_SEE / 1000} s for ${what}`);
}

/** A promise that says what it is when it does not come. */
export function within<T>(what: string, promise: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_TO_SEE / 1000} s for ${what}`)), PATIENCE_TO_SEE);
  });
  return Promise.race([Promise.resolve(promise).finally(() => clearTimeout(timer)), late]);
}

/** Runs a command of VS Code. */
export const command = <T>(name: string, ...args: unknown[]) =>
  within<T>(name, vscode.commands.executeCommand<T>(name, ...args));

/** Asks the debug adapter. */
// biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field
export const ask = (session: vscode.DebugSession, request: string, args?: object): Promise<any> =>
  within(request, session.customRequest(request, args));

/** The stops of all sessions, in order. */
export const stops: { reason: string }[] = [];

export async function nextStop(move: () => unknown): Promise<{ reason: string }> {
  const seen = stops.length;
  await move();
  return until('a stop', () => stops[seen]);
}

export async function where(session: vscode.DebugSession): Promise<{ name: string; line: number; id: number }> {
  const { stackFrames } = await ask(session, 'stackTrace', { threadId: 1 });
  return stackFrames[0];
}

export function active(): vscode.DebugSession {
  const session = vscode.debug.activeDebugSession;
  assert.ok(session && session.type === TYPE, 'a session of ours is in front');
  return session;
}

/** A file of the folder that is opened. */
export const file = (name: string) => vscode.Uri.file(path.join(process.env.STEPFORMER_TEST_FOLDER ?? '', name));

/** Ends the session, and forgets breakpoints. */
export async function endSession(): Promise<void> {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  await within('the session to stop', vscode.debug.stopDebugging());
  await until('the session to end', () => vscode.debug.activeDebugSession === undefined);
}
