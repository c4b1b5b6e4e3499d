/** What stands below one another beside the shared axis, from where to where, and what it is called. */
import type { MomentAnswer, TimelineAnswer } from '../../../../debug-adapter/protocol/protocol.ts';
import { number } from '../../dom.ts';
import type { Series } from './prints.ts';

/** Something at one token that has a name. */
export interface Mark {
  readonly kind: 'bookmark' | 'finding' | 'edit' | 'fork';
  readonly token: number;
  readonly text: string;
  /** Of a fork: the branch. */
  readonly branch?: number;
}

export interface Track {
  readonly kind: 'calls' | 'axis' | 'output' | 'breakpoint' | 'print' | 'branches' | 'moments';
  readonly label: string;
  readonly note: string;
  readonly top: number;
  readonly height: number;
  /** Which of its kind. */
  readonly index: number;
}

const CALL_ROW = 11;
const LEAST_CALLS = 66;
const HEIGHTS = { axis: 32, output: 18, breakpoint: 18, print: 48, branches: 34, moments: 20 };
const GAP = 6;

/** What there is to show. */
export interface Content {
  readonly answer: TimelineAnswer;
  readonly prints: readonly Series[];
  readonly branches: readonly Mark[];
  readonly moments: readonly Mark[];
  /** Per breakpoint, by its id: its executions in all of the run. */
  readonly totals: ReadonlyMap<number, number>;
  /** Pixels that calls may take. */
  readonly room: number;
}

/** Pixels of a row of calls: smaller ones where they are many. */
export function rowHeight({ answer, room }: Pick<Content, 'answer' | 'room'>): number {
  return Math.min(CALL_ROW, Math.max(room, LEAST_CALLS) / Math.max(answer.spans.length, 1));
}

/** The tracks, from above. */
export function tracksOf(content: Content): Track[] {
  const { answer, prints, branches, moments, totals } = content;
  const tracks: Track[] = [];
  let top = 0;
  const add = (kind: Track['kind'], label: string, note: string, height: number, index = 0) => {
    tracks.push({ kind, label, note, top, height, index });
    top += height + GAP;
  };
  add('calls', 'calls', 'deeper is lower', Math.max(answer.spans.length * rowHeight(content), LEAST_CALLS));
  add('axis', 'tokens', '', HEIGHTS.axis);
  add('output', 'output', '', HEIGHTS.output);
  answer.breakpoints.forEach(({ id, text, total, conditional }, index) => {
    const note = `${number(totals.get(id) ?? total)}× ${conditional ? 'passed' : 'hit'}`;
    add('breakpoint', text, note, HEIGHTS.breakpoint, index);
  });
  prints.forEach(({ label, note }, index) => {
    add('print', label, note, HEIGHTS.print, index);
  });
  if (branches.length > 0) add('branches', 'branches', 'what if', HEIGHTS.branches);
  if (moments.length > 0) add('moments', 'moments', '', HEIGHTS.moments);
  return tracks;
}

/** Pixels of all tracks together. */
export function heightOf(tracks: readonly Track[]): number {
  const last = tracks.at(-1);
  return last ? last.top + last.height : 0;
}

/** The track at a height. */
export function trackAt(tracks: readonly Track[], y: number): Track | undefined {
  return tracks.find(({ top, height }) => y >= top && y < top + height);
}

/** Something that a click near it goes to exactly. */
export interface Target {
  readonly token: number;
  readonly text: string;
  readonly branch?: number;
}

/** What of a track lies nearest to a token, within `reach` tokens. */
export function targetAt(content: Content, track: Track, token: number, reach: number): Target | undefined {
  let found: Target | undefined;
  for (const target of targetsOf(content, track)) {
    const away = Math.abs(target.token - token);
    if (away <= reach && (!found || away < Math.abs(found.token - token))) found = target;
  }
  return found;
}

function* targetsOf({ answer, prints, branches, moments }: Content, { kind, index }: Track): Generator<Target> {
  if (kind === 'axis') {
    for (const { token, traceLine, text } of answer.lines) yield { token, text: `${number(traceLine + 1)}: ${text}` };
  } else if (kind === 'output') {
    for (const { token, text, count } of answer.output) {
      yield { token, text: count > 1 ? `${text} … (${number(count)} pieces)` : `printed ${JSON.stringify(text)}` };
    }
  } else if (kind === 'breakpoint') {
    const { hits, text } = answer.breakpoints[index];
    for (let i = 0; i < hits.length; i += 2) {
      yield { token: hits[i], text: hits[i + 1] > 1 ? `${text}, ${number(hits[i + 1])} times around here` : text };
    }
  } else if (kind === 'print') {
    for (const { token, value } of prints[index].points) yield { token, text: `${prints[index].label} = ${value}` };
  } else if (kind === 'branches') {
    yield* branches;
  } else if (kind === 'moments') {
    yield* moments;
  }
}

/** `main › search × 9 › printf`. */
export function chainText(chain: MomentAnswer['chain']): string {
  return chain.map(({ function: name, times }) => (times > 1 ? `${name} × ${times}` : name)).join(' › ');
}
