/** Paints a scene on a canvas, in the theme's colours and that of the head's family. */
/// <reference lib="dom" />
import type { Dot, Scene, Spot } from './scene.ts';

export interface Colours {
  readonly family: string;
  readonly text: string;
  readonly faint: string;
  readonly background: string;
  readonly focus: string;
  readonly font: string;
}

/** Texts in the picture. */
export interface Labels {
  readonly winner: readonly string[];
  readonly runnerUp: readonly string[];
  readonly query: string;
  readonly left: string;
  readonly right: string;
}

/** The colours of an element. */
export function coloursOf(element: HTMLElement, family: string): Colours {
  const style = getComputedStyle(element);
  const of = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    family: of(`--family-${family}`, style.color),
    text: of('--vscode-foreground', style.color),
    faint: of('--vscode-descriptionForeground', style.color),
    background: of('--vscode-panel-background', of('--vscode-editor-background', '#000')),
    focus: of('--vscode-focusBorder', style.color),
    font: `${of('--vscode-font-size', '13px')} ${of('--vscode-editor-font-family', 'monospace')}`,
  };
}

export function paint(
  context: CanvasRenderingContext2D,
  scene: Scene,
  labels: Labels,
  colours: Colours,
  pinned: Dot | undefined,
): void {
  const { width, height } = scene.size;
  context.clearRect(0, 0, width, height);
  context.font = colours.font;
  squares(context, scene, colours);
  hull(context, scene, colours);
  tangent(context, scene, colours);
  query(context, scene, labels, colours);
  if (scene.runnerUp) ring(context, scene.runnerUp, colours);
  if (scene.winner) winner(context, scene.winner, labels.winner, scene, colours);
  if (scene.runnerUp && (!scene.winner || apart(scene.winner, scene.runnerUp))) {
    runnerUp(context, scene.runnerUp, labels.runnerUp, scene, colours);
  }
  if (pinned) mark(context, pinned, colours);
  context.fillStyle = colours.faint;
  context.textAlign = 'left';
  context.fillText(labels.left, 2, height - 4);
  context.textAlign = 'right';
  context.fillText(labels.right, width - 2, height - 4);
}

const apart = (a: Spot, b: Spot) => Math.hypot(a.x - b.x, a.y - b.y) > 3;

/** What is behind the latest of a key, the paler the deeper. */
function squares(context: CanvasRenderingContext2D, { dots, side }: Scene, { family }: Colours): void {
  context.fillStyle = family;
  for (const { x, y, squares: count } of dots) {
    for (let i = 0; i < count; i++) {
      context.globalAlpha = 0.75 / (1 + i / 3);
      context.fillRect(x - side / 2, y + 4 + i * (side + 1), side, side);
    }
  }
  context.globalAlpha = 1;
}

function hull(context: CanvasRenderingContext2D, { dots }: Scene, { family }: Colours): void {
  context.strokeStyle = family;
  context.fillStyle = family;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const { x, y } of dots) context.lineTo(x, y);
  context.stroke();
  for (const { x, y } of dots) disc(context, x, y, dots.length > 300 ? 1.5 : 2.5);
}

/** Its name stands where the winner's does not. */
function tangent(context: CanvasRenderingContext2D, { size, tangent: y, winner }: Scene, { faint }: Colours): void {
  context.strokeStyle = faint;
  context.setLineDash([5, 4]);
  line(context, 0, y, size.width, y);
  context.setLineDash([]);
  context.fillStyle = faint;
  const isLeft = winner !== undefined && winner.x > size.width / 2;
  context.textAlign = isLeft ? 'left' : 'right';
  context.fillText('tangent', isLeft ? 2 : size.width - 2, y - 6);
}

function query(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { query: text }: Labels,
  { text: colour }: Colours,
): void {
  const { arrow: x, tangent: top, size } = scene;
  const foot = size.height - 26;
  const tip = Math.min(top + 26, foot - 12);
  if (x < 0 || x > size.width) return;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 2;
  line(context, x, foot, x, tip + 6);
  context.beginPath();
  context.moveTo(x, tip - 4);
  context.lineTo(x - 6, tip + 8);
  context.lineTo(x + 6, tip + 8);
  context.fill();
  const isRight = x > size.width / 2;
  context.textAlign = isRight ? 'right' : 'left';
  context.fillText(text, x + (isRight ? -10 : 10), foot);
}

function winner(
  context: CanvasRenderingContext2D,
  { x, y }: Spot,
  texts: readonly string[],
  { size }: Scene,
  { family, text, faint }: Colours,
): void {
  context.fillStyle = family;
  context.strokeStyle = text;
  context.lineWidth = 2;
  disc(context, x, y, 7);
  context.stroke();
  texts.forEach((line, i) => {
    context.fillStyle = i === 0 ? text : faint;
    written(context, line, x, y - 30 + 16 * i, size.width);
  });
}

function runnerUp(
  context: CanvasRenderingContext2D,
  { x, y }: Spot,
  texts: readonly string[],
  { size }: Scene,
  { text, faint }: Colours,
): void {
  const foot = Math.min(y + 90, size.height - 58);
  context.strokeStyle = faint;
  context.lineWidth = 1;
  line(context, x, y + 7, x, foot - 12);
  texts.forEach((line, i) => {
    context.fillStyle = i === 0 ? text : faint;
    written(context, line, x, foot + 15 * i, size.width);
  });
}

function ring(context: CanvasRenderingContext2D, { x, y }: Spot, { background, text }: Colours): void {
  context.fillStyle = background;
  context.strokeStyle = text;
  context.lineWidth = 2;
  disc(context, x, y, 5);
  context.stroke();
}

function mark(context: CanvasRenderingContext2D, { x, y }: Spot, { focus }: Colours): void {
  context.strokeStyle = focus;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 10, 0, 2 * Math.PI);
  context.stroke();
}

/** A text in the middle of a place, moved so far that it is whole. */
function written(context: CanvasRenderingContext2D, text: string, x: number, y: number, width: number): void {
  const half = context.measureText(text).width / 2;
  context.textAlign = 'center';
  context.fillText(text, Math.max(half + 2, Math.min(x, width - half - 2)), y);
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
