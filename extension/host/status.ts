/**
 * The status bar: where the session is, and how fast the model generates; a click shows the trace. Without a session
 * the language's own place there says that the file can be debugged.
 */
import * as vscode from 'vscode';
import type { Status } from '../../debug-adapter/protocol/protocol.ts';
import { ago } from './banner.ts';
import { number } from './quick.ts';
import type { Sessions } from './sessions.ts';

export function registerStatus(sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('position', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Stepformer: Position';
  item.command = 'stepformer.showTrace';
  const update = () => {
    const status = sessions.now;
    if (!status) {
      item.hide();
      return;
    }
    item.text = text(status);
    item.backgroundColor = status.past ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.tooltip = tooltip(status);
    item.show();
  };
  update();
  const hint = vscode.languages.createLanguageStatusItem('stepformer', [
    { language: 'c' },
    { language: 'cpp' },
    { language: 'wat' },
  ]);
  hint.name = 'Stepformer';
  hint.text = 'Runs inside a transformer';
  hint.detail = 'F5';
  hint.command = { command: 'stepformer.debugFile', title: 'Debug' };
  return vscode.Disposable.from(item, hint, sessions.onDidChange(update));
}

function text({ token, traceLine, past, now, state, tokensPerSecond }: Status): string {
  const icon = state === 'running' ? '$(sync~spin)' : past ? '$(history)' : '$(eye)';
  const when =
    state === 'running' ? '' : past ? ` · past: ${ago(now - token)}` : state === 'ended' ? ' · end' : ' · now';
  const speed = tokensPerSecond > 0 ? ` · ${speedText(tokensPerSecond)} tok/s` : '';
  return `${icon} token ${number(state === 'running' ? now : token)} · line ${number(traceLine + 1)}${when}${speed}`;
}

function speedText(speed: number): string {
  if (speed >= 1_000_000) return `${(speed / 1_000_000).toFixed(1)}M`;
  return speed >= 10_000 ? `${Math.round(speed / 1000)}k` : number(speed);
}

function tooltip({ token, traceLine, past, now, tokensPerSecond }: Status): string {
  const where = past
    ? `In the past: ${number(now - token)} tokens before the last one generated.`
    : 'At the last line that the transformer has generated.';
  const speed = tokensPerSecond > 0 ? `\nThe transformer generated ${number(tokensPerSecond)} tokens per second.` : '';
  return `Stepformer is before trace line ${number(traceLine + 1)}, token ${number(token)} of ${number(now + 1)}.\n${where}${speed}\nClick to show the trace.`;
}
