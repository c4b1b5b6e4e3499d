/**
 * A chart of steps over samples, evenly spaced; where the position stands is a dashed line. A click travels to the sample
 * under the pointer; with the keyboard, arrows choose one and Enter travels.
 */
/// <reference lib="dom" />
import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { type Point, rangeOf, reached, type Sample, thinned } from './model/series.ts';

const HEIGHT = 150;
const MARGIN = { top: 18, right: 12, bottom: 20, left: 12 };

/** Samples that have dots, and those that have their values beside them. */
const DOTS = 60;
const LABELS = 12;

interface Props {
  label: string;
  samples: readonly Sample[];
  points: readonly Point[];
  /** The sample that stands out; -1 for none. */
  marked?: number;
}

/** How wide an element is, now and when that changes. */
function useWidth(box: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(400);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(entry.contentRect.width, 120)));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}

export function Chart({ label, samples, points, marked = -1 }: Props) {
  const link = useLink();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [pointed, point] = useState(-1);
  const x = scaleLinear([0, points.length], [MARGIN.left, width - MARGIN.right]);
  const [low, high] = useMemo(() => rangeOf(points), [points]);
  const y = scaleLinear([low, high === low ? low + 1 : high], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const drawn = useMemo(() => thinned(points, width), [points, width]);
  const path = line<Point>(
    ({ index }) => x(index),
    ({ value }) => y(value),
  ).curve(curveStepAfter);
  const end: Point = { index: points.length, value: points[points.length - 1].value };
  const position = reached(samples, (link.session.status?.traceLine ?? 0) - 1);
  const travel = (index: number) => samples[index] && link.travel(samples[index].token);
  const indexAt = (event: MouseEvent) => {
    const at = x.invert(event.clientX - (event.currentTarget as Element).getBoundingClientRect().left);
    return Math.min(Math.max(Math.floor(at), 0), samples.length - 1);
  };
  const keys = (event: KeyboardEvent) => {
    const next = { ArrowRight: pointed + 1, ArrowLeft: pointed - 1, Home: 0, End: samples.length - 1 }[event.key];
    if (event.key === 'Enter') travel(pointed);
    if (next === undefined) return;
    event.preventDefault();
    point(Math.min(Math.max(next, 0), samples.length - 1));
  };
  const shown = samples[pointed];
  return (
    <div class="chart" ref={box}>
      <div
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={samples.length}
        aria-valuenow={Math.max(pointed, 0) + 1}
        aria-valuetext={shown ? `${shown.value} at token ${number(shown.token)}` : `${samples.length} values`}
        onKeyDown={keys}
        onMouseMove={(event) => point(indexAt(event))}
        onMouseLeave={() => point(-1)}
        onClick={(event) => travel(indexAt(event))}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(low)} y2={y(low)} />
          <line class="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(high)} y2={y(high)} />
          <line class="position" x1={x(position)} x2={x(position)} y1={MARGIN.top - 8} y2={HEIGHT - MARGIN.bottom} />
          <path class="steps" d={path([...drawn, end]) ?? ''} />
          {points.length <= DOTS &&
            points.map(({ index, value }) => (
              <circle key={index} class={index === marked ? 'marked' : ''} cx={x(index)} cy={y(value)} r={4} />
            ))}
          {points.length <= LABELS
            ? points.map(({ index, value }) => (
                <text key={index} x={x(index) + 5} y={y(value) - 6}>
                  {samples[index].value}
                </text>
              ))
            : [low, high].map((value) => (
                <text key={value} x={MARGIN.left} y={y(value) - 4}>
                  {value}
                </text>
              ))}
          {shown && <circle class="pointed" cx={x(pointed)} cy={y(points[pointed].value)} r={5} />}
        </svg>
      </div>
      <p class="note" aria-hidden="true">
        {shown
          ? `${number(pointed + 1)} of ${number(samples.length)}: ${shown.value} at token ${number(shown.token)}`
          : '\u00a0'}
      </p>
    </div>
  );
}
