/**
 * What ran in the call that is looked at, on request: beside each line of its function how often it was executed up to
 * now, a bar where it was and a hatch where it was not, and in the hover the share of the tokens that it took.
 */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { Overlay } from '../overlay.ts';
import { number, told } from '../quick.ts';
import { pathOf, type Sessions } from '../sessions.ts';

type Answer = AnswerOf<'stepformer/coverage'>;
type Line = Answer['lines'][number];

/** Of what stands before the text of a line: wide enough for `×9,999` and the bar. */
const WIDTH = '9ch';
const BAR = '▎';
const HATCH = '░';
const NOTHING = '\u00a0';

export function registerCoverage(sessions: Sessions): vscode.Disposable {
  const marks = new CoverageMarks();
  const overlay = new Overlay<Answer>(sessions, {
    ask: () => sessions.ask('stepformer/coverage', {}),
    paint: (editor, answer) => marks.paint(editor, answer),
  });
  return vscode.Disposable.from(
    marks,
    overlay,
    vscode.commands.registerCommand(
      'stepformer.showCoverage',
      told(() => overlay.toggle()),
    ),
  );
}

class CoverageMarks implements vscode.Disposable {
  private readonly ran = vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor('charts.blue'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  private readonly missed = vscode.window.createTextEditorDecorationType({ isWholeLine: true, opacity: '0.55' });
  /** Lines without a count are moved as far as the others. */
  private readonly other = vscode.window.createTextEditorDecorationType({ before: before(NOTHING) });

  dispose(): void {
    for (const decoration of [this.ran, this.missed, this.other]) decoration.dispose();
  }

  paint(editor: vscode.TextEditor, answer: Answer | undefined): void {
    const { document } = editor;
    const path = pathOf(document.uri);
    const lines = answer?.lines.filter(({ place }) => place.path === path && place.line <= document.lineCount) ?? [];
    const counted = new Set(lines.map(({ place }) => place.line));
    const marks = lines.map((line) => ({ line, mark: mark(line, answer as Answer, document) }));
    editor.setDecorations(
      this.ran,
      marks.filter(({ line }) => line.count > 0).map(({ mark }) => mark),
    );
    editor.setDecorations(
      this.missed,
      marks.filter(({ line }) => line.count === 0).map(({ mark }) => mark),
    );
    const others = counted.size === 0 ? [] : [...Array(document.lineCount).keys()];
    editor.setDecorations(
      this.other,
      others.filter((line) => !counted.has(line + 1)).map((line) => new vscode.Range(line, 0, line, 0)),
    );
  }
}

function mark({ place, count, tokens }: Line, call: Answer, document: vscode.TextDocument): vscode.DecorationOptions {
  const { function: name, tokens: all } = call;
  const share = all > 0 ? Math.round((1000 * tokens) / all) / 10 : 0;
  const times = count === 1 ? 'once' : `${number(count)} times`;
  const what =
    count > 0
      ? `Executed ${times} in this call of \`${name}\`: ${number(tokens)} tokens, ${share} % of the call's.`
      : `Not executed in this call of \`${name}\` up to here.`;
  return {
    range: document.lineAt(place.line - 1).range,
    hoverMessage: new vscode.MarkdownString(what),
    renderOptions: { before: before(count > 0 ? `×${number(count)}${NOTHING}${BAR}` : HATCH, count > 0) },
  };
}

function before(contentText: string, isRan = false): vscode.ThemableDecorationAttachmentRenderOptions {
  const color = new vscode.ThemeColor(isRan ? 'charts.blue' : 'descriptionForeground');
  return { contentText: contentText.padStart(8, NOTHING), color, width: WIDTH, margin: '0' };
}
