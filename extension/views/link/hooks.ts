/** What views are made of: the link of their page, and answers that follow the session. */
/// <reference lib="dom" />
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { AnswerOf, RequestName, SentWith } from '../../../debug-adapter/protocol/protocol.ts';
import type { Link } from './link.ts';

export const LinkContext = createContext<Link | undefined>(undefined);

/** The link of this page, to act by it: what is drawn does not depend on it. */
export function useActs(): Link {
  const link = useContext(LinkContext);
  if (!link) throw new Error('a view stands outside of a LinkContext');
  return link;
}

/**
 * The link of this page; the component is drawn anew when session or selection change. `of`: what it draws of them, if that
 * is only a part: it is drawn anew when that is another.
 */
export function useLink(of: (link: Link) => unknown = () => ({})): Link {
  const link = useActs();
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const drawn = useRef({ of, part: undefined as unknown });
  drawn.current = { of, part: of(link) };
  // At once: what arrives between drawing and a later effect would be missed.
  useLayoutEffect(() => {
    return link.onChange(() => {
      const { of, part } = drawn.current;
      if (of(link) !== part) redraw(undefined);
    });
  }, [link]);
  return link;
}

/** What came of a question: while another is under way, the last answer stays, `pending`. */
export interface Answer<T> {
  readonly answer?: T;
  readonly error?: string;
  readonly pending: boolean;
}

/**
 * Asks the adapter, again whenever the arguments change or the session has stopped elsewhere; not at all without
 * arguments, or while the program runs. Late answers do not overwrite newer ones. `also`: what else makes an answer out of date.
 */
export function useAnswer<C extends RequestName>(
  command: C,
  args: SentWith<C> | undefined,
  also = 0,
): Answer<AnswerOf<C>> {
  const link = useLink(({ session }) => `${session.stops} ${hasStopped(session)}`);
  const { stops } = link.session;
  const [found, setFound] = useState<Answer<AnswerOf<C>>>({ pending: false });
  const isStopped = hasStopped(link.session);
  const key = JSON.stringify(args);
  // At once: an effect of the other kind waits until the page, which has nothing new yet, has been drawn.
  useLayoutEffect(() => {
    if (!args || !isStopped) return;
    let isWanted = true;
    setFound(({ answer, error }) => ({ answer, error, pending: true }));
    link.ask(command, args).then(
      (answer) => isWanted && setFound({ answer, pending: false }),
      (error: Error) => isWanted && setFound({ error: error.message, pending: false }),
    );
    return () => {
      isWanted = false;
    };
  }, [link, command, key, isStopped, stops, also]);
  return found;
}

function hasStopped({ status }: Link['session']): boolean {
  return status !== undefined && status.state !== 'running';
}

/** State that survives when the page is taken down, under a name of its own. */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const link = useContext(LinkContext);
  const [value, setValue] = useState<T>(() => link?.kept(name, initial) ?? initial);
  return [
    value,
    (next) => {
      link?.keep(name, next);
      setValue(next);
    },
  ];
}
