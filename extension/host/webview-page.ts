/** The HTML of a webview: one script and one style sheet of ours, and nothing else may run or load. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** A page of dist/webview; `tab`: the one view of it that is to be shown. */
export interface Page {
  readonly name: string;
  readonly title: string;
  readonly tab?: string;
}

export function showPage(webview: vscode.Webview, extension: vscode.Uri, { name, title, tab }: Page): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const resource = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const nonce = randomBytes(16).toString('base64url');
  // Pictures of views are drawn from `data:`, to be saved.
  const policy = `default-src 'none'; img-src data:; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${resource(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<main id="${name}"${tab ? ` data-tab="${tab}"` : ''}></main>
<script nonce="${nonce}" src="${resource(`${name}.js`)}"></script>
</body>
</html>`;
}
