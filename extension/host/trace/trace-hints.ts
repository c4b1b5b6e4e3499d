/**
 * What stands beside the lines of a trace page, and what is said about one where the pointer rests: asked of the session in
 * front for the lines in sight.
 */
import * as vscode from 'vscode';
import { PAGE_LINES, pageOfUri, TRACE_SCHEME } from '../../../debug-adapter/recording/trace-pages.ts';
import type { WhyQuestion } from '../../views/link/messages.ts';
import { number, placeText, told } from '../quick.ts';
import { type Sessions, uriOf } from '../sessions.ts';
import { columnsOf, type TraceLine, tokenAt } from './columns.ts';

const PAGES: vscode.DocumentSelector = { scheme: TRACE_SCHEME };

/** Commands that a hover leads to. */
const WHY = 'stepformer.why.ask';
const GO = 'stepformer.trace.go';

export function registerTraceHints(sessions: Sessions): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const update = () => changed.fire();
  return vscode.Disposable.from(
    changed,
    sessions.onDidStop(update),
    sessions.onDidEdit(update),
    vscode.languages.registerInlayHintsProvider(PAGES, {
      onDidChangeInlayHints: changed.event,
      provideInlayHints: (document, range) => hintsOf(sessions, document, range),
    }),
    vscode.languages.registerHoverProvider(PAGES, {
      provideHover: (document, position) => hoverOf(sessions, document, position),
    }),
    vscode.commands.registerCommand(
      GO,
      told((token: number) => sessions.travel({ token })),
    ),
  );
}

/** Some lines of a page; none where no session has them. */
async function linesOf(
  sessions: Sessions,
  document: vscode.TextDocument,
  first: number,
  count: number,
): Promise<readonly TraceLine[]> {
  const page = pageOfUri(document.uri.toString());
  if (page === undefined || !sessions.active) return [];
  const wanted = { traceLine: page * PAGE_LINES + first, count };
  const answer = await sessions.ask('stepformer/lines', wanted).catch(() => undefined);
  return answer?.lines ?? [];
}

async function hintsOf(
  sessions: Sessions,
  document: vscode.TextDocument,
  { start, end }: vscode.Range,
): Promise<vscode.InlayHint[]> {
  const last = Math.min(end.line, document.lineCount - 1);
  const lines = await linesOf(sessions, document, start.line, last - start.line + 1);
  return lines.flatMap((line, i) => {
    // The page may lag behind what the session has.
    if (start.line + i >= document.lineCount) return [];
    const at = document.lineAt(start.line + i).range.end;
    const [instruction, meaning, inC] = columnsOf(line, lines[i - 1], at.character);
    return [instruction, meaning, [sourcePart(inC, line)]].map((label) => {
      const hint = new vscode.InlayHint(at, label);
      hint.paddingLeft = true;
      return hint;
    });
  });
}

/** The line of C, which can be followed. */
function sourcePart(text: string, { place }: TraceLine): vscode.InlayHintLabelPart {
  const part = new vscode.InlayHintLabelPart(text === '' ? '\u00a0' : text);
  if (place) part.location = new vscode.Location(uriOf(place.path), new vscode.Position(place.line - 1, 0));
  return part;
}

async function hoverOf(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const which = tokenAt(document.lineAt(position.line).text, position.character);
  const [line] = which < 0 ? [] : await linesOf(sessions, document, position.line, 1);
  if (!line) return undefined;
  const token = line.token + which;
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: [WHY, GO] };
  const where = [placeText(line.place), `token ${number(token)}`].filter(Boolean).join(' · ');
  text.appendMarkdown([code(line.instruction), code(line.meaning), where].filter(Boolean).join(' · '));
  const ask = (question: WhyQuestion) => link(WHY, question);
  text.appendMarkdown(
    `\n\n[Why?](${ask({ kind: 'origin', token })} "Where this value came from") · ` +
      `[Read by…](${ask({ kind: 'readers', token })} "Who read this value") · ` +
      `[Go there](${link(GO, token)} "Move the session to this token")`,
  );
  return new vscode.Hover(text);
}

const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('`', "'")}\``);

const link = (command: string, argument: unknown): string =>
  `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
