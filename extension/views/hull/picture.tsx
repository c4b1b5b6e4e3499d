/** The picture of the keys: a canvas that is zoomed and moved across; what the pointer or the arrow keys are at is told below. */
/// <reference lib="dom" />
import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HullAnswer, HullKey } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { familyOf } from '../parts/families.ts';
import { useWindowHeight } from '../parts/window-height.ts';
import { coloursOf, type Labels, paint } from './paint.ts';
import { type Dot, nearest, roomy, type Scene, type Size, sceneOf, type Window, zoomed } from './scene.ts';
import { askedFor, exact, keyName, nounOf, pair, standingText } from './words.ts';

/** Pixels of height: as many as the page has for it, so that the winner and the foot of its query are seen together. */
const LEAST = 200;
const MOST = 340;
/** What stands above and below it. */
const AROUND = 130;
/** How often the nearest view holds the narrowest difference of keys, two. */
const NEAREST = 8;

export function Picture({
  answer,
  window,
  see,
}: {
  answer: HullAnswer;
  window: Window | undefined;
  see: (window: Window | undefined) => void;
}) {
  const link = useLink();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const height = Math.min(Math.max(useWindowHeight() - AROUND, LEAST), MOST);
  const size: Size = { width, height };
  const whole = roomy(answer.whole);
  const shown = window ?? whole;
  const scene = sceneOf(answer, shown, size);
  const [hovered, hover] = useState<number | undefined>(undefined);
  const [pinned, pin] = useState<number | undefined>(undefined);
  const dotOf = (at: number | undefined) => scene.dots.find((dot) => numberOf(dot) === at);
  const chosen = dotOf(hovered) ?? dotOf(pinned);
  useEffect(() => pin(undefined), [answer.token, answer.layer, answer.head]);
  useWidth(canvas, setWidth);
  usePainted(canvas, scene, labelsOf(answer, shown), familyOf(answer.role).name, chosen);
  const zoomBy = useZoom(canvas, whole, size, see);
  const near = (event: MouseEvent) => nearest(scene, event.offsetX);
  const at = (event: MouseEvent) => numberOf(near(event));
  const keys: Record<string, () => void> = {
    '+': () => zoomBy(1.6),
    '-': () => zoomBy(1 / 1.6),
    '0': () => zoomBy(0),
    ArrowRight: () => pin(beside(scene, chosen, 1)),
    ArrowLeft: () => pin(beside(scene, chosen, -1)),
    Enter: () => chosen && link.travel(chosen.column.token),
    Escape: () => pin(undefined),
  };
  return (
    <div class="picture">
      <button
        type="button"
        class="canvas"
        aria-label={`Keys of the head. ${chosen ? dotText(answer, chosen) : 'Arrow keys go from key to key, Enter travels to the latest token of one, plus and minus zoom.'}`}
        onKeyDown={(event) => {
          const act = Object.hasOwn(keys, event.key) && !event.altKey ? keys[event.key] : undefined;
          // Without a key that is kept, Escape goes back.
          if (!act || (event.key === 'Escape' && pinned === undefined)) return;
          event.preventDefault();
          act();
        }}
        onMouseMove={(event) => hover(at(event))}
        onMouseLeave={() => hover(undefined)}
        onClick={(event) => {
          // Enter is a click without a place.
          if (event.detail > 0) pin(at(event));
        }}
        onDblClick={(event) => {
          const dot = near(event);
          if (dot) link.travel(dot.column.token);
        }}
      >
        <canvas ref={canvas} style={{ height: `${height}px` }} />
      </button>
      <div class="below-picture">
        <p class="across">
          keys by {nounOf(answer)}
          {scene.unit > 1 ? ` · a square is up to ${number(scene.unit)} tokens` : ' · a square is one older token'}
          {answer.columns.some(({ places }) => places > 1) && ' · zoom in for single keys'}
        </p>
        <Tools zoomBy={zoomBy} />
      </div>
      <KeyCard answer={answer} dot={chosen} />
    </div>
  );
}

function Tools({ zoomBy }: { zoomBy: (factor: number) => void }) {
  return (
    <div class="tools" role="toolbar" aria-label="Zoom">
      <button type="button" class="pill" title="Nearer (+)" onClick={() => zoomBy(1.6)}>
        nearer
      </button>
      <button type="button" class="pill" title="Farther (-)" onClick={() => zoomBy(1 / 1.6)}>
        farther
      </button>
      <button type="button" class="pill" title="All keys (0)" onClick={() => zoomBy(0)}>
        all
      </button>
    </div>
  );
}

/** A dot's number: that of its token in the context of the pass, for several may repeat one token of the run. */
const numberOf = (dot: Dot | undefined) => dot?.column.position ?? dot?.column.token;

/** The number of the dot beside another; of the winner's, or the first, if there is none. */
function beside({ dots, winner }: Scene, from: Dot | undefined, by: number): number | undefined {
  if (!from) return numberOf(dots.find(({ x, y }) => x === winner?.x && y === winner.y) ?? dots[0]);
  return numberOf(dots[Math.min(Math.max(dots.indexOf(from) + by, 0), dots.length - 1)]);
}

/** What is drawn at a dot. */
function dotText(answer: HullAnswer, { column }: Dot): string {
  const { across, places, tokens, score } = column;
  const name = places > 1 ? `${number(places)} keys, the best` : 'key';
  const behind = answer.score - score;
  const stands = behind === 0 ? 'the best score' : `${exact(behind)} behind`;
  return `${name}: ${nounOf(answer)} ${keyName(answer, across)} · ${number(tokens)} ${tokens === 1 ? 'token' : 'tokens'} · ${stands}`;
}

/** The key that is pointed at: what is known at once, and its latest token when the adapter has told it. */
function KeyCard({ answer, dot }: { answer: HullAnswer; dot: Dot | undefined }) {
  const link = useLink();
  const { layer, head } = answer;
  const { token, position } = dot?.column ?? {};
  const pass = position === undefined ? undefined : answer.token - 1;
  const [told, tell] = useState<HullKey | undefined>(undefined);
  useEffect(() => {
    if (token === undefined) return;
    let isWanted = true;
    link.ask('stepformer/key', { layer, head, token, position, pass }).then(
      (key) => isWanted && tell(key),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [layer, head, token, position, pass]);
  if (!dot)
    return <p class="card note">Point at a key to see whose it is; a click keeps it, a double click travels there.</p>;
  const isTold = told?.standing.token === token;
  return (
    <p class="card">
      {dotText(answer, dot)}
      <br />
      <span class="note">
        latest: {isTold && told ? `${standingText(told)} · ${pair(told.key)}` : `token ${exact(token ?? 0)}`}
      </span>
    </p>
  );
}

function labelsOf(answer: HullAnswer, { from, to }: Window): Labels {
  const { winner, runnerUp, query, margin } = answer;
  const end = (across: number) => keyName(answer, answer.parabola ? 2 * Math.round(across / 2) : Math.round(across));
  const asked = askedFor(answer);
  return {
    winner: winner
      ? [`winner: token ${exact(winner.standing.token)} “${winner.standing.text}”`, whereText(winner)]
      : [],
    runnerUp: runnerUp
      ? [
          `runner-up: ${nounOf(answer)} ${keyName(answer, runnerUp.across)}, behind by ${exact(margin ?? 0)}`,
          runnerUp.tokens === 0
            ? ''
            : `${exact(runnerUp.tokens)} ${runnerUp.tokens === 1 ? 'token has' : 'tokens have'} that key`,
        ]
      : [],
    query: `query ${pair(query)}${asked === undefined ? '' : `: ${nounOf(answer)} ${keyName(answer, asked)}`}`,
    left: end(from),
    right: end(to),
  };
}

/** The C line, if there is one; else the trace line or the instruction. */
function whereText({ standing: { place, lineText = '' } }: NonNullable<HullAnswer['winner']>): string {
  return place ? `${fileName(place.path)}:${place.line}` : lineText;
}

/** Tells how wide an element is, now and whenever that changes. */
function useWidth(canvas: { current: HTMLCanvasElement | null }, tell: (width: number) => void): void {
  useLayoutEffect(() => {
    const { current } = canvas;
    if (!current) return;
    tell(current.clientWidth);
    const observer = new ResizeObserver(() => tell(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
}

/** Paints at the next frame; again when the theme changes. */
function usePainted(
  canvas: { current: HTMLCanvasElement | null },
  scene: Scene,
  labels: Labels,
  family: string,
  chosen: Dot | undefined,
): void {
  const [theme, changed] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => changed((times) => times + 1));
    observer.observe(document.body, { attributeFilter: ['class'] });
    return () => observer.disconnect();
  }, []);
  const drawn = JSON.stringify([scene, labels, family, numberOf(chosen), theme]);
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const { current } = canvas;
      const context = current?.getContext('2d');
      if (!current || !context || scene.size.width === 0) return;
      const ratio = globalThis.devicePixelRatio || 1;
      current.width = Math.round(scene.size.width * ratio);
      current.height = Math.round(scene.size.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(context, scene, labels, coloursOf(current, family), chosen);
    });
    return () => cancelAnimationFrame(frame);
  }, [drawn]);
}

/** Wheel and drag change the window. Returns what zooms by a factor; by 0 back to everything. */
function useZoom(
  canvas: { current: HTMLCanvasElement | null },
  whole: Window,
  size: Size,
  see: (window: Window | undefined) => void,
): (factor: number) => void {
  const behaviour = useRef<ZoomBehavior<HTMLCanvasElement, unknown> | undefined>(undefined);
  useEffect(() => {
    const { current } = canvas;
    if (!current || size.width === 0) return;
    const made = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([1, Math.max((whole.to - whole.from) / (2 * NEAREST), 1)])
      .translateExtent([
        [0, 0],
        [size.width, size.height],
      ])
      .extent([
        [0, 0],
        [size.width, size.height],
      ])
      .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        see(transform.k === 1 ? undefined : zoomed(whole, transform.k, transform.x, size));
      });
    behaviour.current = made;
    select(current).call(made).on('dblclick.zoom', null);
  }, [whole.from, whole.to, size.width]);
  return (factor) => {
    const { current } = canvas;
    if (!current || !behaviour.current) return;
    const selected = select(current);
    if (factor === 0) behaviour.current.transform(selected, zoomIdentity);
    else behaviour.current.scaleBy(selected, factor);
  };
}
