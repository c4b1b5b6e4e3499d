/** The colours and the font that a canvas draws with: those of the style sheet, since a canvas has none of its own. */
/// <reference lib="dom" />

/** Colours that functions take turns with. */
export const COLOURS = 8;

export interface Paint {
  readonly functions: readonly string[];
  readonly library: string;
  readonly onFunction: string;
  readonly text: string;
  readonly faint: string;
  readonly ground: string;
  readonly line: string;
  readonly position: string;
  readonly now: string;
  readonly past: string;
  readonly breakpoint: string;
  readonly printed: string;
  readonly whatIf: string;
  readonly area: string;
  readonly error: string;
  readonly selected: string;
  readonly font: string;
}

export function paintOf(element: Element): Paint {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    functions: Array.from({ length: COLOURS }, (_, i) => value(`--function-${i}`)),
    library: value('--function-library'),
    onFunction: value('--function-text'),
    text: value('--vscode-foreground'),
    faint: value('--vscode-descriptionForeground'),
    ground: value('--track'),
    line: value('--grid'),
    position: value('--position'),
    now: value('--now'),
    past: value('--past'),
    breakpoint: value('--breakpoint'),
    printed: value('--printed'),
    whatIf: value('--what-if'),
    area: value('--area'),
    error: value('--failed'),
    selected: value('--vscode-focusBorder'),
    font: `10px ${value('--vscode-editor-font-family')}`,
  };
}

/** Calls `change` whenever the theme is another. Returns how to end that. */
export function onTheme(change: () => void): () => void {
  const observer = new MutationObserver(change);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}

/** Makes a canvas as fine as the screen, and gives what draws on it in CSS pixels. */
export function fitted(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | undefined {
  const context = canvas.getContext('2d') ?? undefined;
  const dense = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.max(Math.round(width * dense), 1), Math.max(Math.round(height * dense), 1)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context?.setTransform(dense, 0, 0, dense, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
