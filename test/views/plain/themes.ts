/** The colours of VS Code's own themes that views use, for pages without VS Code. */

const COLOURS: Record<string, readonly [dark: string, light: string]> = {
  foreground: ['#cccccc', '#3b3b3b'],
  'editor-background': ['#1f1f1f', '#ffffff'],
  'panel-background': ['#181818', '#f8f8f8'],
  'panel-border': ['#2b2b2b', '#e5e5e5'],
  'panelTitle-activeForeground': ['#cccccc', '#3b3b3b'],
  'panelTitle-inactiveForeground': ['#9d9d9d', '#616161'],
  'panelTitle-activeBorder': ['#0078d4', '#005fb8'],
  descriptionForeground: ['#9d9d9d', '#616161'],
  disabledForeground: ['#6e7681', '#767676'],
  'textLink-foreground': ['#4daafc', '#005fb8'],
  focusBorder: ['#0078d4', '#005fb8'],
  'button-background': ['#0078d4', '#005fb8'],
  'button-foreground': ['#ffffff', '#ffffff'],
  'button-hoverBackground': ['#026ec1', '#0258a8'],
  'input-background': ['#313131', '#ffffff'],
  'input-foreground': ['#cccccc', '#3b3b3b'],
  'input-border': ['#3c3c3c', '#cecece'],
  'input-placeholderForeground': ['#989898', '#767676'],
  'dropdown-background': ['#313131', '#ffffff'],
  'dropdown-foreground': ['#cccccc', '#3b3b3b'],
  'list-inactiveSelectionBackground': ['#37373d', '#e4e6f1'],
  'list-activeSelectionBackground': ['#04395e', '#e8e8e8'],
  'toolbar-hoverBackground': ['#2f3133', '#e4e5e6'],
  'editorWarning-foreground': ['#e2b93d', '#855f00'],
  'charts-green': ['#89d185', '#2d6e2a'],
  'charts-blue': ['#4daafc', '#1a5dbf'],
  'charts-purple': ['#d670d6', '#652d90'],
  'debugTokenExpression-name': ['#9cdcfe', '#9b46b0'],
  'debugIcon-breakpointForeground': ['#e51400', '#e51400'],
};

const TYPE = '--vscode-font-family:sans-serif;--vscode-font-size:13px;--vscode-editor-font-family:monospace;';

const variables = (index: 0 | 1): string =>
  Object.entries(COLOURS).reduce(
    (text, [name, pair]) => `${text}--vscode-${name}:${pair[index]};`,
    `${TYPE}background:${COLOURS['panel-background'][index]};`,
  );

/** Class of the body, and declarations for the page's root. */
export const THEMES = {
  dark: { kind: 'vscode-dark', colours: variables(0) },
  light: { kind: 'vscode-light', colours: variables(1) },
} as const;

export type Theme = keyof typeof THEMES;
