/** A head in the plane, drawn as the Hull view draws it: up is the query's direction, so the height of a key is its score. */
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { roomy, sceneOf, type Window } from '../../../extension/views/hull/scene.ts';
import { exact, keyName, nounOf, pair } from '../../../extension/views/hull/words.ts';
import { familyOf } from '../../../extension/views/parts/families.ts';
import { disc, drawing, element, FAINT, familyColour, INK, line, PAPER, text, widthOf } from './svg.ts';

type Hull = AnswerOf<'stepformer/hull'>;
type Scene = ReturnType<typeof sceneOf>;

const SIZE = { width: 760, height: 330 };
/** Room above the picture, for what it is. */
const HEAD = 34;

export function hullDrawing(answer: Hull, title: string, window: Window = answer.window): string {
  const { width, height } = SIZE;
  const columns = answer.columns.filter(({ across }) => across >= window.from && across <= window.to);
  const scene = sceneOf({ ...answer, columns }, roomy(window), SIZE);
  const { dots } = scene;
  const colour = familyColour(familyOf(answer.role).name);
  const parts = [
    ...squares(scene, colour),
    element('polyline', {
      points: dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '),
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.5,
    }),
    ...dots.map(({ x, y }) => disc(x, y, 3, { fill: colour })),
    ...names(answer, scene),
    ...around(answer, scene),
    ...candidates(answer, scene, colour),
  ];
  return drawing(width, height + HEAD, title, [
    text(14, 22, title, { 'font-weight': 'bold' }),
    element('g', { transform: `translate(0 ${HEAD})` }, `\n${parts.join('\n')}\n`),
  ]);
}

/** What keys are called, as far as there is room. */
function names(answer: Hull, { dots, size }: Scene): string[] {
  let free = 0;
  return dots.flatMap(({ x, column }) => {
    const name = keyName(answer, column.across);
    const half = widthOf(name, 11) / 2;
    if (x - half < free || x + half > size.width) return [];
    free = x + half + 8;
    return [text(x, size.height - 42, name, { fill: FAINT, 'font-size': 11, 'text-anchor': 'middle' })];
  });
}

/** What lies behind the latest token of a key: it was overwritten. */
function squares({ dots, side }: Scene, colour: string): string[] {
  return dots.flatMap(({ x, y, squares: count }) =>
    Array.from({ length: count }, (_, i) =>
      element('rect', {
        x: x - side / 2,
        y: y + 5 + i * (side + 1),
        width: side,
        height: side,
        fill: colour,
        opacity: 0.75 / (1 + i / 3),
      }),
    ),
  );
}

/** Tangent, query, and what goes across. */
function around(answer: Hull, { tangent, arrow: x, size: { width, height } }: Scene): string[] {
  const foot = height - 62;
  const tip = Math.min(tangent + 26, foot - 12);
  const isRight = x > width / 2;
  return [
    line(0, tangent, width, tangent, { stroke: FAINT, 'stroke-dasharray': '5 4' }),
    text(width - 8, tangent - 6, 'tangent', { fill: FAINT, 'text-anchor': 'end' }),
    line(x, foot, x, tip + 6, { 'stroke-width': 2 }),
    element('polygon', {
      points: [x, tip - 4, x - 6, tip + 8, x + 6, tip + 8].map((n) => n.toFixed(1)).join(' '),
      fill: INK,
    }),
    text(x + (isRight ? -10 : 10), foot, `query ${pair(answer.query)}`, { 'text-anchor': isRight ? 'end' : 'start' }),
    text(width - 8, height - 14, `keys by ${nounOf(answer)} →`, { fill: FAINT, 'text-anchor': 'end' }),
    text(8, height - 14, 'height = score', { fill: FAINT }),
  ];
}

function candidates({ winner, runnerUp, margin }: Hull, scene: Scene, colour: string): string[] {
  const { width } = scene.size;
  const within = (x: number, label: string) => {
    const half = widthOf(label) / 2;
    return Math.min(Math.max(x, half + 4), width - half - 4);
  };
  const parts: string[] = [];
  if (winner && scene.winner) {
    const { x, y } = scene.winner;
    const label = `${winner.standing.text} wins: key ${pair(winner.key)}, score ${exact(winner.score)}`;
    parts.push(disc(x, y, 7, { fill: colour, stroke: INK, 'stroke-width': 2 }));
    parts.push(text(within(x, label), y - 18, label, { 'text-anchor': 'middle' }));
  }
  if (runnerUp && scene.runnerUp && scene.runnerUp.x !== scene.winner?.x) {
    const { x, y } = scene.runnerUp;
    const label = `next: ${margin === null ? '' : `${exact(margin)} behind`}`;
    const foot = y + 84;
    const isRight = x > (scene.winner?.x ?? 0);
    parts.push(line(x, y + 5, x, foot - 14, { stroke: FAINT }));
    parts.push(disc(x, y, 5, { fill: PAPER, stroke: INK, 'stroke-width': 2 }));
    parts.push(text(x, foot, label, { fill: FAINT, 'text-anchor': isRight ? 'start' : 'end' }));
  }
  return parts;
}
