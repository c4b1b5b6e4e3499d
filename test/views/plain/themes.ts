/** The variables of VS Code's themes that views use, as far as a plain page needs them to look alike. */

export type Theme = 'dark' | 'light' | 'high-contrast';

/** What VS Code's body has for a class. */
export const THEME_CLASS = { dark: 'vscode-dark', light: 'vscode-light', 'high-contrast': 'vscode-high-contrast' };

const COMMON = {
  'font-size': '13px',
  'font-family': 'sans-serif',
  'editor-font-family': 'monospace',
};

const COLOURS: Record<Theme, Record<string, string>> = {
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    disabledForeground: '#6e7681',
    'editor-background': '#1f1f1f',
    'panel-background': '#181818',
    'panel-border': '#2b2b2b',
    'panelTitle-activeForeground': '#cccccc',
    'panelTitle-inactiveForeground': '#9d9d9d',
    'panelTitle-activeBorder': '#0078d4',
    'textLink-foreground': '#4daafc',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    focusBorder: '#0078d4',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'input-border': '#3c3c3c',
    'list-hoverBackground': '#2a2d2e',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'editorWidget-background': '#202020',
    'widget-border': '#313131',
    'editorWarning-foreground': '#e2b93d',
    'charts-green': '#89d185',
    'charts-blue': '#4daafc',
    'charts-purple': '#d670d6',
    'debugTokenExpression-name': '#9cdcfe',
    'debugIcon-breakpointForeground': '#e51400',
  },
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    disabledForeground: '#61616180',
    'editor-background': '#ffffff',
    'panel-background': '#f8f8f8',
    'panel-border': '#e5e5e5',
    'panelTitle-activeForeground': '#3b3b3b',
    'panelTitle-inactiveForeground': '#3b3b3b',
    'panelTitle-activeBorder': '#005fb8',
    'textLink-foreground': '#005fb8',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    focusBorder: '#005fb8',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'input-border': '#cecece',
    'list-hoverBackground': '#f2f2f2',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'editorWidget-background': '#f8f8f8',
    'widget-border': '#e5e5e5',
    'editorWarning-foreground': '#7a5c00',
    'charts-green': '#388a34',
    'charts-blue': '#1a85ff',
    'charts-purple': '#652d90',
    'debugTokenExpression-name': '#9b46b0',
    'debugIcon-breakpointForeground': '#e51400',
  },
  'high-contrast': {
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    disabledForeground: '#a5a5a5',
    'editor-background': '#000000',
    'panel-background': '#000000',
    'panel-border': '#6fc3df',
    contrastBorder: '#6fc3df',
    'panelTitle-activeForeground': '#ffffff',
    'panelTitle-inactiveForeground': '#ffffff',
    'panelTitle-activeBorder': '#6fc3df',
    'textLink-foreground': '#21a6ff',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#000000',
    focusBorder: '#f38518',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'input-border': '#6fc3df',
    'list-hoverBackground': '#1a1a1a',
    'list-activeSelectionBackground': '#000000',
    'list-activeSelectionForeground': '#ffffff',
    'editorWidget-background': '#0c141f',
    'widget-border': '#6fc3df',
    'editorWarning-foreground': '#ffd370',
    'charts-green': '#89d185',
    'charts-blue': '#75beff',
    'charts-purple': '#b180d7',
    'debugTokenExpression-name': '#ffffff',
    'debugIcon-breakpointForeground': '#e51400',
  },
};

/** A style sheet that defines the variables of a theme. */
export function themeStyle(theme: Theme): string {
  const variables = Object.entries({ ...COMMON, ...COLOURS[theme] });
  const rules = variables.map(([name, value]) => `--vscode-${name}: ${value};`).join(' ');
  return `html { ${rules} background: var(--vscode-panel-background); } body { margin: 0; }`;
}
