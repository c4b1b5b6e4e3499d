/** What the view asks: the whole run and a window of it, anew when session or window move, and while the program runs. */
/// <reference lib="dom" />
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MomentAnswer, SentWith, TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { useAnswer, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { Latest } from './model/latest.ts';
import { MOST_ROWS, type Print, type Series, seriesOf } from './model/prints.ts';
import type { Mark } from './model/tracks.ts';
import type { Viewport } from './model/viewport.ts';
import { asked, serves } from './model/window.ts';

/** Buckets that an answer may have. */
const MOST_BUCKETS = 4096;

type Question = SentWith<'stepformer/timeline'>;

/** The run, and what of it is known in detail around the window. */
export interface Run {
  readonly whole?: TimelineAnswer;
  readonly detail?: TimelineAnswer;
  readonly error?: string;
}

/** Asks as long as the component is there; `width`: pixels of the picture. */
export function useRun(viewport: Viewport, width: number): Run {
  const link = useLink();
  const { status, stops, marks } = link.session;
  const [run, setRun] = useState<Run>({});
  const detail = useRef<TimelineAnswer>(undefined);
  const asking = useRef<{ all(): void; window(): void }>(undefined);
  useEffect(() => {
    if (width === 0) return;
    const ask = (question: Question) => link.ask('stepformer/timeline', question);
    const fail = ({ message: error }: Error) => setRun((known) => ({ ...known, error }));
    const window = new Latest(
      ask,
      (answer) => {
        detail.current = answer;
        setRun(({ whole }) => ({ whole, detail: answer }));
      },
      fail,
    );
    const wantWindow = () => {
      const buckets = Math.min(2 * width, MOST_BUCKETS);
      window.want({ ...asked(viewport.range, viewport.run), buckets });
    };
    const whole = new Latest(
      ask,
      (answer) => {
        viewport.grow({ from: answer.first, to: answer.end });
        setRun((known) => ({ whole: answer, detail: known.detail }));
        wantWindow();
      },
      fail,
    );
    asking.current = { all: () => whole.want({ buckets: Math.min(width, MOST_BUCKETS) }), window: wantWindow };
    const end = viewport.onChange(() => {
      if (!detail.current || !serves(detail.current, viewport.range, viewport.run)) wantWindow();
    });
    return () => {
      end();
      whole.end();
      window.end();
    };
  }, [link, viewport, width]);
  useEffect(() => asking.current?.all(), [link, viewport, width, stops, marks, status?.now, status?.state]);
  return run;
}

/** What is at a token; of the latest that was asked for, when it is known. */
export function useMoment(token: number | undefined): MomentAnswer | undefined {
  const link = useLink();
  const [found, setFound] = useState<{ token: number; answer: MomentAnswer }>();
  const asking = useRef<Latest<number, MomentAnswer>>(undefined);
  useEffect(() => {
    asking.current = new Latest(
      (wanted) => link.ask('stepformer/moment', { token: wanted }),
      (answer, wanted) => setFound({ token: wanted, answer }),
      () => setFound(undefined),
    );
    return () => asking.current?.end();
  }, [link]);
  useEffect(() => {
    if (token !== undefined) asking.current?.want(token);
  }, [token]);
  return token !== undefined && found?.token === token ? found.answer : undefined;
}

/** The prints' values, as far as they are known. */
export function usePrints(prints: readonly Print[]): readonly Series[] {
  const link = useLink();
  const { status, stops } = link.session;
  const [series, setSeries] = useState<readonly Series[]>([]);
  const key = JSON.stringify(prints);
  const isStopped = status !== undefined && status.state !== 'running';
  useEffect(() => {
    if (!isStopped) return;
    let isWanted = true;
    void Promise.all(prints.map((print) => charted(link, print))).then((found) => isWanted && setSeries(found));
    return () => {
      isWanted = false;
    };
  }, [link, key, stops, isStopped]);
  return useMemo(() => {
    const isKnown = (print: Print, i: number) => series[i]?.label === print.expression;
    return prints.map((print, i) => (isKnown(print, i) ? series[i] : seriesOf(print, undefined)));
  }, [key, series]);
}

async function charted(link: Link, print: Print): Promise<Series> {
  try {
    return seriesOf(print, await link.ask('stepformer/print', { ...print, limit: MOST_ROWS }));
  } catch (error) {
    return seriesOf(print, undefined, (error as Error).message);
  }
}

/** Edits of the branch that is shown, and the branches that begin on it. */
export function useBranches(): readonly Mark[] {
  const link = useLink();
  const { answer } = useAnswer('stepformer/branches', {});
  const [marks, setMarks] = useState<readonly Mark[]>([]);
  useEffect(() => {
    if (!answer) return;
    let isWanted = true;
    const current = answer.branches.find((branch) => branch.current);
    const edits = (current?.edits ?? []).map(({ token, text }): Mark => ({ kind: 'edit', token, text }));
    const forks = answer.branches.filter(({ parent, from }) => parent === current?.id && from !== undefined);
    const placed = forks.map(async ({ id, name, from }): Promise<Mark> => {
      const { token } = await link.ask('stepformer/moment', { traceLine: from });
      return { kind: 'fork', token, text: name, branch: id };
    });
    Promise.all(placed).then(
      (found) => isWanted && setMarks([...edits, ...found]),
      () => isWanted && setMarks(edits),
    );
    return () => {
      isWanted = false;
    };
  }, [link, answer]);
  return marks;
}

/** Bookmarks, and how to add one. */
export function useNotes(complain: (what: string) => void): { marks: readonly Mark[]; add(note: string): void } {
  const link = useLink();
  const { answer } = useAnswer('stepformer/bookmarks', {}, link.session.marks);
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
