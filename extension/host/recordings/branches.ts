/**
 * Branches of the recording: which one is shown stands in the status bar as soon as there are several; from there one
 * switches, renames, drops, compares what two printed, or takes an edit back.
 */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { type Choice, choose, chosen, number, told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';
import { BranchOutputs } from './branch-outputs.ts';
import { EditedLines } from './edited-lines.ts';

type Branch = AnswerOf<'stepformer/branches'>['branches'][number];

const RENAME: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Rename this branch' };
const DROP: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Drop this branch' };
const COMPARE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('diff'),
  tooltip: 'Compare what it printed with what the branch that is shown printed',
};

export function registerBranches(sessions: Sessions): vscode.Disposable {
  const branches = new Branches(sessions);
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    branches,
    registerCommand(
      'stepformer.branches',
      told(() => branches.show()),
    ),
    registerCommand(
      'stepformer.compareBranches',
      told(() => branches.chooseOther()),
    ),
    registerCommand(
      'stepformer.undoEdit',
      told(() => sessions.ask('stepformer/undoEdit', {})),
    ),
  );
}

class Branches implements vscode.Disposable {
  private readonly sessions: Sessions;
  private readonly outputs = new BranchOutputs();
  private readonly edited = new EditedLines();
  private readonly item = vscode.window.createStatusBarItem('branch', vscode.StatusBarAlignment.Left, 9);
  private readonly disposables: vscode.Disposable[];

  constructor(sessions: Sessions) {
    this.sessions = sessions;
    this.item.name = 'Stepformer: Branch';
    this.item.command = 'stepformer.branches';
    this.disposables = [
      this.item,
      this.outputs,
      this.edited,
      sessions.onDidStop(() => void this.update()),
      sessions.onDidEdit(() => void this.update()),
      sessions.onDidChange(() => {
        if (!sessions.active) this.tell([]);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** The list, from which everything is done. */
  async show(): Promise<void> {
    const pick = vscode.window.createQuickPick<Choice>();
    pick.title = 'Branches of the recording';
    pick.placeholder = 'Switch to a branch';
    const rows = new Map<vscode.QuickPickItem, Branch>();
    const fill = async () => {
      const branches = await this.branches();
      rows.clear();
      for (const branch of branches) rows.set(this.row(branch, branches), branch);
      pick.items = [...rows.keys()] as Choice[];
    };
    await fill();
    const press = told(async (button: vscode.QuickInputButton, branch: Branch) => {
      if (button === DROP) {
        await this.sessions.ask('stepformer/dropBranch', { id: branch.id });
        await fill();
        await this.update();
      } else {
        pick.hide();
        await (button === RENAME ? this.rename(branch) : this.compare(branch));
      }
    });
    pick.onDidTriggerItemButton(({ button, item }) => {
      const branch = rows.get(item);
      if (branch) void press(button, branch);
    });
    await chosen(pick);
  }

  /** Asks with which branch to compare. */
  async chooseOther(): Promise<void> {
    const branches = await this.branches();
    const others = branches.filter(({ current }) => !current);
    if (others.length === 0) {
      throw new Error('There is one branch only: change a value in the past, and another begins.');
    }
    await choose(
      'Compare what the branch that is shown printed with…',
      others.map((branch) => ({
        label: `$(git-branch) ${branch.name}`,
        description: beginning(branch, branches),
        act: () => this.compare(branch),
      })),
    );
  }

  private async rename({ id, name }: Branch): Promise<void> {
    const wanted = await vscode.window.showInputBox({ title: 'Rename the branch', value: name });
    if (!wanted?.trim()) return;
    await this.sessions.ask('stepformer/renameBranch', { id, name: wanted.trim() });
    await this.update();
  }

  private async compare(branch: Branch): Promise<void> {
    await this.outputs.compare(await this.sessions.ask('stepformer/compareBranches', { with: branch.id }));
  }

  private row(branch: Branch, branches: readonly Branch[]): Choice {
    const { id, current, name } = branch;
    return {
      label: `$(${current ? 'check' : 'git-branch'}) ${name}`,
      description: [current ? 'shown' : '', beginning(branch, branches)].filter(Boolean).join(' · '),
      detail: branch.edits.map(({ text }) => text).join(', ') || undefined,
      buttons: current ? [RENAME] : [COMPARE, RENAME, DROP],
      act: () => (current ? undefined : this.sessions.ask('stepformer/switchBranch', { id })),
    };
  }

  private async branches(): Promise<readonly Branch[]> {
    return (await this.sessions.ask('stepformer/branches', {})).branches;
  }

  private async update(): Promise<void> {
    this.tell(await this.branches().catch(() => []));
  }

  /** One branch needs no name. */
  private tell(branches: readonly Branch[]): void {
    const shown = branches.find(({ current }) => current);
    this.edited.show(shown?.edits ?? []);
    if (!shown || branches.length < 2) {
      this.item.hide();
      return;
    }
    this.item.text = `$(git-branch) ${shown.name}`;
    this.item.tooltip = `One of ${branches.length} branches of the recording. Click to switch, rename, compare or drop.`;
    this.item.show();
  }
}

function beginning({ parent, from }: Branch, branches: readonly Branch[]): string {
  if (parent === undefined) return 'what the program did by itself';
  const of = branches.find(({ id }) => id === parent)?.name ?? '';
  return `from ${of}, line ${number((from ?? 0) + 1)} of the trace`;
}
