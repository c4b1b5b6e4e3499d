/**
 * The run as a picture: its calls in a window, where it printed, where breakpoints lie on its way, and what stands out. All
 * of it is thinned here to what the picture has room for; see protocol/view-requests/timeline.ts.
 */
import type { Lying } from '../../breakpoints/breakpoints.ts';
import type { Misuse } from '../../breakpoints/misuse.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import { NO_LINE } from '../../recording/code-map.ts';
import type { Work } from '../../recording/pace.ts';
import { eachMarked, marksOf, type Past, standingAt } from '../past/past.ts';
import { CallIndex, NONE } from './call-index.ts';
import { Spans, type Window } from './spans.ts';

type Answer = AnswerOf<'stepformer/timeline'>;
type Finding = Answer['findings'][number];
type Hits = Answer['breakpoints'][number];

/** Longest calls that are told. */
const LONGEST = 20;

/** Trace lines that are told one by one. */
const MOST_LINES = 240;

/** Characters of a piece of output. */
const EXCERPT = 80;

/** Functions that are told of a chain of calls. */
const MOST_CHAIN = 32;

/** Calls added between two looks at the clock. */
const BATCH = 1 << 12;

/** A piece of output. */
interface Printed {
  readonly text: string;
  readonly category: 'stdout' | 'stderr';
  readonly traceLine: number;
}

/** What else happened, which others know; output oldest first. */
export interface Happened {
  readonly output: readonly Printed[];
  readonly breakpoints: readonly Lying[];
  /** The first misuse of memory, where somebody wanted to know. */
  readonly misuse: Misuse | undefined;
}

/** Of one recording: what is known of its calls is kept, and added to. */
export class Timeline {
  private readonly past: Past;
  private readonly calls: CallIndex;
  /** The functions of the index as they are told. */
  private readonly functions: Answer['functions'][number][] = [];

  constructor(past: Past) {
    this.past = past;
    this.calls = new CallIndex(past.debuggee.program, past.recording.history);
  }

  /** @throws BadRequest for a window that holds nothing */
  *answer({ from, to, buckets }: ArgumentsOf<'stepformer/timeline'>, happened: Happened): Work<Answer> {
    const { recording, pace } = this.past;
    const { reached } = recording;
    yield* this.calls.upTo(reached + 1, pace);
    const first = recording.firstToken(0);
    const end = Math.max(recording.firstToken(reached + 1), first + 1);
    const window = { from: Math.max(from, first), to: Math.min(to ?? end, end), buckets };
    if (window.to <= window.from) throw new BadRequest(`from ${from} to ${to ?? end} there are no tokens of the run`);
    const lines = { from: this.lineOf(window.from), to: Math.min(this.lineOf(window.to - 1) + 1, reached + 1) };
    const spans = new Spans(window);
    const longest = yield* this.draw(spans, lines, end);
    return {
      from: window.from,
      to: window.to,
      first,
      end,
      functions: this.calls.called.map((_, number) => this.functionTold(number)),
      depths: spans.depths,
      spans: spans.end(),
      longest: longest.map((call) => this.told(call, end)),
      output: this.thinned(happened.output, window),
      breakpoints: yield* this.hits(happened.breakpoints, lines, window),
      findings: [...this.findings(end), ...this.firstError(happened)],
      lines: lines.to - lines.from <= MOST_LINES ? this.linesOf(lines.from, lines.to) : [],
    };
  }

  /** `stepformer/moment`. @throws BadRequest if neither is named */
  *momentAt({ token, traceLine }: ArgumentsOf<'stepformer/moment'>): Work<AnswerOf<'stepformer/moment'>> {
    const { recording, places, pace } = this.past;
    yield* this.calls.upTo(recording.reached + 1, pace);
    if (token === undefined && traceLine === undefined) throw new BadRequest('a moment needs a token or a trace line');
    const line = Math.min(traceLine ?? this.lineOf(token ?? 0), recording.reached);
    const chain: { function: string; times: number }[] = [];
    let depth = 0;
    let caller: string | undefined;
    for (let call = this.calls.at(line); call !== NONE; call = this.calls.callerOf(call)) {
      const { name, own } = this.functionTold(this.calls.functions[call]);
      if (own && caller === undefined) caller = name;
      depth++;
      if (chain[0]?.function === name) chain[0].times++;
      else chain.unshift({ function: name, times: 1 });
    }
    const { text, place, function: name } = places.of(line);
    return {
      token: recording.firstToken(line),
      traceLine: line,
      lineText: line < recording.lines ? recording.lineText(line) : '',
      ...(name === undefined ? {} : { function: name }),
      depth: Math.max(depth - 1, 0),
      ...(place && { place }),
      text,
      ...(caller !== undefined && caller !== name ? { caller } : {}),
      chain: chain.slice(-MOST_CHAIN),
    };
  }

  private lineOf(token: number): number {
    return Math.max(this.past.recording.lineOfToken(token), 0);
  }

  private nameOf(call: number): string {
    return this.functionTold(this.calls.functions[call]).name;
  }

  private functionTold(number: number): Answer['functions'][number] {
    const { code } = this.past.debuggee;
    for (let next = this.functions.length; next <= number; next++) {
      const fn = this.calls.called[next];
      const own = code.lineKeys.subarray(fn.start, fn.end).some((key) => key !== NO_LINE);
      this.functions.push({ name: code.sourceFunctionAt(fn.body)?.name ?? fn.name, own });
    }
    return this.functions[number];
  }

  /** From its first token up to but not including the second. */
  private extentOf(call: number, end: number): [from: number, to: number] {
    const { recording } = this.past;
    const last = this.calls.ends[call];
    return [recording.firstToken(this.calls.starts[call]), last === 0 ? end : recording.firstToken(last)];
  }

  /** Adds the calls that reach into some lines to `spans`; returns the longest of them. */
  private *draw(spans: Spans, lines: { from: number; to: number }, end: number): Work<number[]> {
    const { calls, past } = this;
    const open: number[] = [];
    const innermost = calls.at(lines.from);
    for (let call = innermost; call !== NONE; call = calls.callerOf(call)) open.unshift(call);
    let longest: { call: number; tokens: number }[] = [];
    const add = (call: number) => {
      const [from, to] = this.extentOf(call, end);
      spans.add(calls.depths[call], from, to, calls.functions[call]);
      const least = longest.length < LONGEST ? 0 : longest[LONGEST - 1].tokens;
      if (to - from <= least) return;
      longest.push({ call, tokens: to - from });
      longest = longest.sort((a, b) => b.tokens - a.tokens).slice(0, LONGEST);
    };
    for (const call of open) add(call);
    for (let call = this.firstBehind(lines.from); call < calls.count && calls.starts[call] < lines.to; call++) {
      add(call);
      if (call % BATCH === 0 && past.pace.due()) yield;
    }
    return longest.map(({ call }) => call);
  }

  /** The first call that begins behind a line. */
  private firstBehind(line: number): number {
    let low = 0;
    let high = this.calls.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.calls.starts[middle] <= line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private told(call: number, end: number): Answer['longest'][number] {
    const [from, to] = this.extentOf(call, end);
    const standing = standingAt(this.past, this.calls.starts[call]);
    return { ...standing, function: this.nameOf(call), depth: this.calls.depths[call] - 1, tokens: to - from };
  }

  private *hits(breakpoints: readonly Lying[], lines: { from: number; to: number }, window: Window): Work<Hits[]> {
    const { recording } = this.past;
    const width = (window.to - window.from) / window.buckets;
    const told: Hits[] = [];
    for (const { cursors, traceLine, ...breakpoint } of breakpoints) {
      const hits: number[] = [];
      let total = 0;
      let bucket = NONE;
      const hit = (line: number): undefined => {
        const token = recording.firstToken(line);
        const own = Math.floor((token - window.from) / width);
        total++;
        if (own === bucket) hits[hits.length - 1]++;
        else hits.push(token, 1);
        bucket = own;
      };
      if (traceLine >= lines.from && traceLine < lines.to) hit(traceLine);
      yield* eachMarked(this.past, marksOf(this.past, cursors), lines.from, lines.to, hit);
      told.push({ ...breakpoint, total, hits });
    }
    return told;
  }

  /** The deepest and the longest call, of the program's own: what the library does to print is nobody's concern. */
  private findings(end: number): Finding[] {
    const { calls } = this;
    const isOwn = calls.called.map((_, number) => this.functionTold(number).own);
    const counts = isOwn.includes(true) ? isOwn : isOwn.map(() => true);
    const whole = end - this.past.recording.firstToken(0);
    let deepest = NONE;
    let longest = NONE;
    let tokens = 0;
    for (let call = 0; call < calls.count; call++) {
      if (!counts[calls.functions[call]]) continue;
      if (deepest === NONE || calls.depths[call] > calls.depths[deepest]) deepest = call;
      const [from, to] = this.extentOf(call, end);
      if (to - from <= tokens || 2 * (to - from) > whole) continue;
      longest = call;
      tokens = to - from;
    }
    const found: Finding[] = [];
    // That nothing but main was called need not be said.
    if (deepest !== NONE && calls.depths[deepest] > 2) {
      const text = `deepest: ${this.nameOf(deepest)}, depth ${calls.depths[deepest] - 1}`;
      found.push(this.finding('deepest', deepest, text));
    }
    if (longest !== NONE) {
      const text = `longest call below half of the run: ${this.nameOf(longest)}`;
      found.push(this.finding('longest', longest, text));
    }
    return found;
  }

  private finding(kind: Finding['kind'], call: number, text: string): Finding {
    const traceLine = this.calls.starts[call];
    return { kind, text, traceLine, token: this.past.recording.firstToken(traceLine) };
  }

  /** What went wrong first: something printed as an error, a misuse of memory, an end by a trap or with a status that is not 0. */
  private firstError({ output, misuse }: Happened): Finding[] {
    const { recording } = this.past;
    const { end, reached } = recording;
    const errors: { traceLine: number; text: string }[] = [];
    const printed = output.find(({ category }) => category === 'stderr');
    if (printed) errors.push({ traceLine: printed.traceLine, text: excerpt(printed.text) });
    if (misuse) errors.push({ traceLine: misuse.line, text: `${misuse.kind}: ${misuse.text}` });
    if (end?.kind === 'trap') errors.push({ traceLine: end.line, text: end.reason ?? 'trap' });
    if (end?.kind === 'halt' && end.code !== 0) errors.push({ traceLine: end.line, text: `exit code ${end.code}` });
    const [first] = errors.filter(({ traceLine }) => traceLine <= reached).sort((a, b) => a.traceLine - b.traceLine);
    if (!first) return [];
    const { traceLine, text } = first;
    return [{ kind: 'error', text: `first error: ${text}`, traceLine, token: recording.firstToken(traceLine) }];
  }

  /** At most one piece of output per bucket. */
  private thinned(output: readonly Printed[], { from, to, buckets }: Window): Answer['output'] {
    const told: { token: number; text: string; category: Printed['category']; count: number }[] = [];
    let bucket = NONE;
    for (const { traceLine, text, category } of output) {
      const token = this.past.recording.firstToken(traceLine);
      if (token < from || token >= to) continue;
      const own = Math.floor(((token - from) * buckets) / (to - from));
      if (own === bucket) told[told.length - 1].count++;
      else told.push({ token, text: excerpt(text), category, count: 1 });
      bucket = own;
    }
    return told;
  }

  private linesOf(from: number, to: number): Answer['lines'] {
    const { recording } = this.past;
    const known = Math.min(to, recording.lines);
    return Array.from({ length: Math.max(known - from, 0) }, (_, i) => {
      return { ...standingAt(this.past, from + i), text: recording.lineText(from + i) };
    });
  }
}

function excerpt(text: string): string {
  const line = text.trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT - 1)}…` : line;
}
