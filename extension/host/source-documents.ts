/**
 * Sources that are no files, as documents: the text of a module that has none, and what source maps bring along. They are
 * read from the session in front, and stay readable after it has ended.
 */
import * as vscode from 'vscode';
import { SOURCE_SCHEME } from '../../engine/toolchain/debug/texts.ts';
import type { Sessions } from './sessions.ts';

const NOTHING = ';; Not here yet: press F5 on the program that this belongs to.\n';

export function registerSources(sessions: Sessions): vscode.Disposable {
  const known = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const path = uri.toString();
      try {
        known.set(path, (await sessions.ask('source', { source: { path } })).content);
      } catch {
        // No session, or another program's: what was read before still stands.
      }
      return known.get(path) ?? NOTHING;
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SOURCE_SCHEME, provider),
    // A document may be open from before; the program may be another by now.
    sessions.onDidStop(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === SOURCE_SCHEME) changed.fire(uri);
    }),
  );
}
