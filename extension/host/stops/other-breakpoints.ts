/**
 * Breakpoints that VS Code has no place for: on output that contains a text, and on heads that attend to a token or to what
 * a line of C wrote. They are set by commands, listed and removed in a list, and hold in every session that is started.
 */
import * as vscode from 'vscode';
import type { SentWith } from '../../../debug-adapter/protocol/protocol.ts';
import { type Choice, chosen, number, placeText, told } from '../quick.ts';
import { pathOf, type Sessions } from '../sessions.ts';

/** What heads may attend to, as the protocol has it. */
export type AttendedTo = SentWith<'stepformer/setAttentionBreakpoints'>['breakpoints'][number];

type Other = { kind: 'output'; text: string } | ({ kind: 'attention' } & AttendedTo);

const REMOVE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove this breakpoint' };

export function registerOtherBreakpoints(sessions: Sessions): vscode.Disposable {
  const all = new OtherBreakpoints(sessions);
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    all,
    registerCommand(
      'stepformer.breakOnOutput',
      told((text?: unknown) => all.addOutput(typeof text === 'string' ? text : undefined)),
    ),
    registerCommand(
      'stepformer.breakOnAttention',
      told((to?: unknown) => all.addAttention(to)),
    ),
    registerCommand(
      'stepformer.otherBreakpoints',
      told(() => all.show()),
    ),
  );
}

class OtherBreakpoints implements vscode.Disposable {
  private readonly sessions: Sessions;
  private readonly listener: vscode.Disposable;
  private all: Other[] = [];

  constructor(sessions: Sessions) {
    this.sessions = sessions;
    this.listener = sessions.onDidLoad((session) => {
      // The tokens of one recording are not those of another.
      this.all = this.all.filter((one) => one.kind === 'output' || one.token === undefined);
      if (this.all.length > 0) void told(() => this.send(session))();
    });
  }

  dispose(): void {
    this.listener.dispose();
  }

  async addOutput(given?: string): Promise<void> {
    const prompt = 'Stops, in both directions, before the text is complete';
    const text = given ?? (await vscode.window.showInputBox({ title: 'Stop when output contains…', prompt }));
    if (text) await this.add({ kind: 'output', text });
  }

  /** Of a token or a head that a view hands over; of the line with the cursor; or of the token at the position. */
  async addAttention(to: unknown): Promise<void> {
    const given = isAttendedTo(to) ? to : (lineAtCursor(to) ?? (await this.tokenHere()));
    await this.add({ kind: 'attention', ...given });
  }

  /** The list, in which they are removed. */
  async show(): Promise<void> {
    const pick = vscode.window.createQuickPick<Choice>();
    pick.title = 'Output and attention breakpoints';
    const rows = new Map<vscode.QuickPickItem, Other>();
    const fill = () => {
      rows.clear();
      for (const one of this.all) rows.set(row(one), one);
      pick.items = [...(rows.keys() as Iterable<Choice>), ...this.additions];
      pick.placeholder = this.all.length > 0 ? 'Breakpoints; the button removes one' : 'There are none yet';
    };
    fill();
    const remove = told(async (removed: Other | undefined) => {
      this.all = this.all.filter((one) => one !== removed);
      fill();
      await this.sendIfAny();
    });
    pick.onDidTriggerItemButton(({ item }) => void remove(rows.get(item)));
    await chosen(pick);
  }

  private readonly additions: readonly Choice[] = [
    { label: '$(add) Stop when output contains…', alwaysShow: true, act: () => this.addOutput() },
    {
      label: '$(add) Stop when the line with the cursor is attended to',
      alwaysShow: true,
      act: () => this.addAttention(undefined),
    },
  ];

  private async add(one: Other): Promise<void> {
    this.all.push(one);
    const refusal = await this.sendIfAny();
    if (refusal === undefined) {
      void vscode.window.setStatusBarMessage(`$(debug-breakpoint-data) ${row(one).label}`, 5000);
      return;
    }
    this.all.pop();
    await this.sendIfAny();
    throw new Error(refusal);
  }

  /** Of the session in front; where there is none they wait for the next. */
  private async sendIfAny(): Promise<string | undefined> {
    const { active } = this.sessions;
    return active && this.send(active);
  }

  /** Tells a session of all; returns why the last of a kind cannot be, if so. */
  private async send(session: vscode.DebugSession): Promise<string | undefined> {
    const output = this.all.flatMap((one) => (one.kind === 'output' ? [{ text: one.text }] : []));
    const attention = this.all.flatMap((one) => (one.kind === 'attention' ? [attendedTo(one)] : []));
    const answers = [
      await this.sessions.ask('stepformer/setOutputBreakpoints', { breakpoints: output }, session),
      await this.sessions.ask('stepformer/setAttentionBreakpoints', { breakpoints: attention }, session),
    ];
    const refused = answers.map(({ breakpoints }) => breakpoints.at(-1)).find((last) => last?.verified === false);
    return refused && (refused.message ?? 'This breakpoint cannot be set.');
  }

  private async tokenHere(): Promise<AttendedTo> {
    const { token } = await this.sessions.ask('stepformer/position', {});
    return { token };
  }
}

function isAttendedTo(value: unknown): value is AttendedTo {
  if (typeof value !== 'object' || value === null || value instanceof vscode.Uri) return false;
  return ['token', 'place', 'layer', 'role'].some((field) => field in value);
}

/** Of an editor that shows a source; `uri`: what its menu hands over. */
function lineAtCursor(uri: unknown): AttendedTo | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !['c', 'cpp', 'wat'].includes(editor.document.languageId)) return undefined;
  if (uri instanceof vscode.Uri && uri.toString() !== editor.document.uri.toString()) return undefined;
  return { place: { path: pathOf(editor.document.uri), line: editor.selection.active.line + 1 } };
}

function attendedTo({ token, place, layer, head, role }: AttendedTo): AttendedTo {
  return { token, place, layer, head, role };
}

function row(one: Other): Choice {
  if (one.kind === 'output')
    return { label: `$(output) ${JSON.stringify(one.text)} is printed`, buttons: [REMOVE], act };
  const { token, place, layer, head, role } = one;
  const by = role ?? (layer === undefined ? 'any head' : `L${layer}${head === undefined ? '' : `·H${head}`}`);
  const to = token === undefined ? `what ${placeText(place)} wrote` : `token ${number(token)}`;
  return { label: `$(eye) ${to} is attended to`, description: `by ${by}`, buttons: [REMOVE], act };
}

/** Taking a breakpoint from the list leaves it as it is. */
const act = () => {};
