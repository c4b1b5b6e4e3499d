/**
 * The Timeline view: the whole run above, a window of it below; what the program called, printed, and what it was stopped,
 * changed and noted for, on one axis of tokens. It follows a run that still goes on.
 */
/// <reference lib="dom" />
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MomentAnswer, Status, TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import { amount } from '../parts/chips.tsx';
import { Chart } from './chart.tsx';
import { keeping, useJourney } from './journey.ts';
import { Label, Labels } from './labels.tsx';
import { LongestCalls, Moments } from './lists.tsx';
import type { Print } from './model/prints.ts';
import { type Content, type Mark, tracksOf } from './model/tracks.ts';
import { Viewport } from './model/viewport.ts';
import { Overview } from './overview.tsx';
import { useRoom, useWidth } from './sizes.ts';
import { NoteForm, PrintForm } from './tools.tsx';
import { useBranches, useNotes, usePrints, useRun } from './use-run.ts';

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

/** Files that a place may lie in, as far as this view has seen them. */
function pathsIn(moment: MomentAnswer | undefined, answer: TimelineAnswer | undefined): string[] {
  const places = [moment?.place, ...(answer?.breakpoints ?? []).map(({ place }) => place)];
  const called = (answer?.longest ?? []).map(({ place }) => place);
  return [...places, ...called].flatMap((place) => (place && fileName(place.path) ? [place.path] : []));
}
