/** A view's picture into a file that the user names: its end says which format. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { FromPage } from '../views/link/messages.ts';

export async function savePicture({ name, svg, png }: FromPage['picture']): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('.');
  const file = await vscode.window.showSaveDialog({
    title: 'Save this view as a picture',
    defaultUri: vscode.Uri.joinPath(folder, `${name}.svg`),
    filters: { SVG: ['svg'], PNG: ['png'] },
  });
  if (!file) return;
  const isPng = path.extname(file.path).toLowerCase() === '.png';
  try {
    await vscode.workspace.fs.writeFile(file, Buffer.from(isPng ? png : svg, isPng ? 'base64' : 'utf8'));
  } catch (error) {
    const message = `The picture cannot be written to ${file.fsPath}: ${(error as Error).message}`;
    void vscode.window.showErrorMessage(`${message} Choose another folder.`);
  }
}
