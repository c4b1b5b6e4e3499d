/**
 * The Timeline view: the whole run above, a window of it below; what the program called, printed, and what it was stopped,
 * changed and noted for, on one axis of tokens. It follows a run that still goes on.
 */
/// <reference lib="dom" />
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MomentAnswer, Status, TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { amount } from '../parts/chips.tsx';
import { Chart } from './chart.tsx';
import { LongestCalls, Moments } from './lists.tsx';
import { colourNumbers } from './model/boxes.ts';
import { Latest } from './model/latest.ts';
import type { Print } from './model/prints.ts';
import { type Content, type Mark, type Track, tracksOf } from './model/tracks.ts';
import { Viewport } from './model/viewport.ts';
import { Overview } from './overview.tsx';
import { COLOURS } from './paint.ts';
import { NoteForm, PrintForm } from './tools.tsx';
import { useBranches, usePrints, useRun } from './use-run.ts';

/** Of the height, how much calls may take. */
const CALLS_PART = 0.45;

/** Longest that a journey is waited for before the next begins, in milliseconds. */
const PATIENCE = 500;

export function TimelineView() {
  const link = useLink();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const room = useRoom();
  const viewport = useMemo(() => new Viewport(link.kept('timeline.window', undefined)), [link]);
  useEffect(() => keeping(link, viewport), [link, viewport]);
  const [complaint, complain] = useState('');
  const [prints, setPrints] = useKept<readonly Print[]>('timeline.prints', []);
  const run = useRun(viewport, width);
  const series = usePrints(prints);
  const branches = useBranches();
  const notes = useNotes(complain);
  const { status } = link.session;
  const here = useAnswer('stepformer/moment', status && { traceLine: status.traceLine });
  const answer = run.detail ?? run.whole;
  const content = useMemo((): Content | undefined => {
    if (!answer) return undefined;
    const findings = answer.findings.map(({ token, text }): Mark => ({ kind: 'finding', token, text }));
    const totals = new Map(run.whole?.breakpoints.map(({ id, total }) => [id, total]));
    return { answer, totals, prints: series, branches, moments: [...notes.marks, ...findings], room };
  }, [answer, run.whole, series, branches, notes.marks, room]);
  const journey = useJourney(link);
  const tracks = content ? tracksOf(content) : [];
  if (!status) return null;
  return (
    <div class="timeline">
      <header>
        <Headline status={status} moment={here.answer} />
      </header>
      {(run.error || complaint) && <p role="alert">{run.error || complaint}</p>}
      <div class="strip">
        <Label label="whole run" note={`${amount(viewport.run.to - viewport.run.from)} tokens`} />
        <div class="plot" ref={plot}>
          {run.whole && width > 0 && (
            <Overview answer={run.whole} viewport={viewport} position={status.token} width={width} />
          )}
        </div>
      </div>
      {content && width > 0 && (
        <div class="strip">
          <Labels
            content={content}
            tracks={tracks}
            drop={(index) => setPrints(prints.filter((_, other) => other !== index))}
          />
          <div class="plot">
            <Chart
              content={content}
              tracks={tracks}
              viewport={viewport}
              position={status.token}
              selected={link.selection.token}
              width={width}
              branch={(id) => {
                link.ask('stepformer/switchBranch', { id }).catch((error: Error) => complain(error.message));
              }}
              {...journey}
            />
          </div>
        </div>
      )}
      <div class="tools">
        <PrintForm
          place={here.answer?.place}
          paths={pathsIn(here.answer, answer)}
          add={(print) => setPrints([...prints, print])}
        />
        <NoteForm add={notes.add} />
      </div>
      {content && <Moments marks={[...content.moments, ...content.branches]} />}
      {answer && <LongestCalls calls={answer.longest} />}
    </div>
  );
}

/** Where one is, in a sentence, and how far from the end of what has happened. */
function Headline({ status, moment }: { status: Status; moment: MomentAnswer | undefined }) {
  const { token, now, past, state } = status;
  const isEnd = state !== 'running' && status.ended && !past;
  return (
    <>
      <h2>
        {state === 'running' && 'The program runs.'}
        {isEnd && 'The program has ended.'}
        {state !== 'running' && !isEnd && moment && (
          <>
            You are in <strong>{moment.function ?? 'the start of the program'}</strong>
            {moment.caller && ` of the library, called by ${moment.caller}`}, depth {moment.depth}, about to execute{' '}
            <code>{moment.text}</code>
          </>
        )}
      </h2>
      <div class="pills">
        <span class="pill">
          token {number(token)} of {number(now)}
        </span>
        {past && <span class="pill past">{amount(now - token)} tokens in the past</span>}
      </div>
    </>
  );
}

/** The names of the tracks, each beside its own; the colours of functions below that of the calls. */
function Labels({ content, tracks, drop }: { content: Content; tracks: readonly Track[]; drop(print: number): void }) {
  return (
    <div class="labels">
      {tracks.map(({ kind, label, note, top, height, index }) => (
        <div key={`${kind} ${index}`} class={`label of-${kind}`} style={{ top: `${top}px`, height: `${height}px` }}>
          <span class="name" title={label}>
            {label}
          </span>
          {kind === 'print' && (
            <button type="button" class="drop" aria-label={`Remove the chart of ${label}`} onClick={() => drop(index)}>
              ×
            </button>
          )}
          {note && (
            <span class="remark" title={note}>
              {note}
            </span>
          )}
          {kind === 'calls' && <Legend functions={content.answer.functions} room={height} />}
        </div>
      ))}
    </div>
  );
}

/** Pixels of the name above the legend, and of a row of it. */
const ABOVE = 34;
const ROW = 17;

function Legend({ functions, room }: { functions: TimelineAnswer['functions']; room: number }) {
  const colours = colourNumbers(functions, COLOURS);
  const own = functions.flatMap(({ name }, i) => (colours[i] < 0 ? [] : [{ name, colour: colours[i] }]));
  const most = Math.max(Math.floor((room - ABOVE) / ROW) - 1, 0);
  return (
    <ul class="functions">
      {own.slice(0, most).map(({ name, colour }) => (
        <li key={name} title={name}>
          <span class="swatch" style={{ background: `var(--function-${colour})` }} /> {name}
        </li>
      ))}
      <li>
        <span class="swatch" style={{ background: 'var(--function-library)' }} /> library
      </li>
    </ul>
  );
}

function Label({ label, note }: { label: string; note: string }) {
  return (
    <div class="labels">
      <div class="label whole">
        <span class="name">{label}</span>
        <span class="remark">{note}</span>
      </div>
    </div>
  );
}

/** The width of an element in pixels, as it is; 0 before it is known. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(element.current.clientWidth);
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.floor(contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Pixels that calls may take of the page's height: the other tracks want to be seen too. */
function useRoom(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const measure = () => setHeight(window.innerHeight);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return Math.round(height * CALLS_PART);
}

/** Travelling: to one moment, along with the pointer, and back to where one came from. */
function useJourney(link: Link) {
  return useMemo(() => {
    const came: number[] = [];
    const along = new Latest(
      (token: number) => arrived(link, token),
      () => {},
      () => {},
    );
    let scrubbing: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      const from = link.session.status?.token;
      if (from !== undefined && came.at(-1) !== from) came.push(from);
    };
    return {
      travel: (token: number) => {
        leave();
        link.travel(token);
      },
      scrub: (token: number) => {
        if (scrubbing === undefined) leave();
        clearTimeout(scrubbing);
        scrubbing = setTimeout(() => {
          scrubbing = undefined;
        }, PATIENCE);
        along.want(token);
      },
      back: () => {
        const to = came.pop();
        if (to !== undefined) link.travel(to);
      },
    };
  }, [link]);
}

/** Travels, and waits until the session has stopped there. */
function arrived(link: Link, token: number): Promise<void> {
  return new Promise((resolve) => {
    const before = link.session.stops;
    const done = () => {
      end();
      clearTimeout(timer);
      resolve();
    };
    const end = link.onChange(() => {
      if (link.session.stops !== before) done();
    });
    const timer = setTimeout(done, PATIENCE);
    link.travel(token);
  });
}

/** Keeps the window for when the page is taken down, a while after it has come to rest; all of the run is no window. */
function keeping(link: Link, viewport: Viewport): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    const { range, run } = viewport;
    const isWhole = range.from <= run.from && range.to >= run.to;
    link.keep('timeline.window', isWhole ? undefined : range);
  };
  const end = viewport.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(keep, PATIENCE);
  });
  return () => {
    end();
    clearTimeout(timer);
    keep();
  };
}

/** Bookmarks, and how to add one. */
function useNotes(complain: (what: string) => void): { marks: readonly Mark[]; add(note: string): void } {
  const link = useLink();
  const { answer } = useAnswer('stepformer/bookmarks', {});
  const [added, setAdded] = useState<readonly Mark[]>([]);
  useEffect(() => setAdded([]), [answer]);
  const marks = useMemo(() => {
    const known = (answer?.bookmarks ?? []).map(({ token, note }): Mark => ({ kind: 'bookmark', token, text: note }));
    return [...known, ...added];
  }, [answer, added]);
  const add = (note: string) => {
    link.ask('stepformer/addBookmark', { note }).then(
      ({ token }) => {
        complain('');
        setAdded((known) => [...known, { kind: 'bookmark', token, text: note }]);
      },
      (error: Error) => complain(error.message),
    );
  };
  return { marks, add };
}

/** Files that a place may lie in, as far as this view has seen them. */
function pathsIn(moment: MomentAnswer | undefined, answer: TimelineAnswer | undefined): string[] {
  const places = [moment?.place, ...(answer?.breakpoints ?? []).map(({ place }) => place)];
  const called = (answer?.longest ?? []).map(({ place }) => place);
  return [...places, ...called].flatMap((place) => (place && fileName(place.path) ? [place.path] : []));
}
