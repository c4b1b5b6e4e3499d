/** "Open Examples": copies the example programs where they can be changed, and opens the first one to look at. */
import * as vscode from 'vscode';

export function registerExamples(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('stepformer.openExamples', async (target?: vscode.Uri) => {
    const from = vscode.Uri.joinPath(context.extensionUri, 'examples');
    const to = target instanceof vscode.Uri ? target : vscode.Uri.joinPath(context.globalStorageUri, 'examples');
    await copyMissing(from, to);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(to, 'add.c'));
    // Beside the walkthrough, or whatever else is no editor, so that it stays in sight.
    const isPage = !vscode.window.activeTextEditor && vscode.window.tabGroups.activeTabGroup.activeTab !== undefined;
    const column = isPage ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await vscode.window.showTextDocument(document, { viewColumn: column, preview: false });
    // The walkthrough says what comes next by itself.
    if (target instanceof vscode.Uri || isPage) return;
    const choice = await vscode.window.showInformationMessage(
      'add.c adds 3 and 5. Press F5 to step through it inside the transformer.',
      'Show All Examples',
      'Copy to a Folder…',
    );
    if (choice === 'Show All Examples') await pickExample(to);
    if (choice === 'Copy to a Folder…') await copyToFolder(from);
  });
}

/** Copies what is not there yet: changes that somebody made to a copy are theirs. */
async function copyMissing(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const { fs } = vscode.workspace;
  await fs.createDirectory(to);
  const present = new Set((await fs.readDirectory(to)).map(([name]) => name));
  for (const [name, type] of await fs.readDirectory(from)) {
    if (type !== vscode.FileType.File || present.has(name)) continue;
    await fs.copy(vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(to, name));
  }
}

async function pickExample(folder: vscode.Uri): Promise<void> {
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
  const name = await vscode.window.showQuickPick(names, { placeHolder: 'Example to open' });
  if (name) await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, name), { preview: false });
}

async function copyToFolder(from: vscode.Uri): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Copy Examples Here',
  });
  if (!picked) return;
  const to = vscode.Uri.joinPath(picked[0], 'stepformer-examples');
  await copyMissing(from, to);
  await vscode.commands.executeCommand('vscode.openFolder', to, { forceNewWindow: true });
}
