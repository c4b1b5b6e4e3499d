/**
 * What the program has printed: text as a console would show it, each piece a way to the moment at which it was printed.
 * Seen from the past, what comes later is pale.
 */
/// <reference lib="dom" />
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { OutputChunk } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useAnswer, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';

/** Below other views: the latest in sight. */
export function OutputStrip() {
  return (
    <section class="output" aria-label="Output of the program">
      <h2>Output</h2>
      <OutputText most={1000} />
    </section>
  );
}

/** At most so many pieces, the latest. */
export function OutputText({ most }: { most: number }) {
  const link = useLink(({ session }) => session.status?.traceLine);
  const last = useRef(0);
  const { answer } = useAnswer('stepformer/output', { start: Math.max(last.current - most, 0) });
  const text = useRef<HTMLDivElement>(null);
  const traceLine = link.session.status?.traceLine ?? 0;
  // The latest that is printed at the position stays in sight.
  useLayoutEffect(() => {
    const { current } = text;
    const printed = [...(current?.querySelectorAll<HTMLElement>('.chunk:not(.later)') ?? [])].at(-1);
    if (current) current.scrollTop = printed ? printed.offsetTop - current.clientHeight + 24 : 0;
  }, [answer, traceLine]);
  const chunks = answer?.chunks.slice(-most) ?? [];
  // A selection changes none of them, and there are many.
  const shown = useMemo(
    () =>
      chunks.map((chunk) => (
        <Chunk key={chunk.token} link={link} chunk={chunk} isLater={chunk.traceLine >= traceLine} />
      )),
    [link, answer, traceLine],
  );
  if (!answer) return null;
  last.current = answer.total;
  const hidden = answer.total - chunks.length;
  return (
    <div class="text" ref={text}>
      {hidden > 0 && <div class="note">{number(hidden)} pieces before …</div>}
      {answer.total === 0 && <span class="note">nothing printed yet</span>}
      {shown}
    </div>
  );
}

function Chunk({ link, chunk, isLater }: { link: Link; chunk: OutputChunk; isLater: boolean }) {
  const { text, category, token, traceLine, place } = chunk;
  const where = place ? ` by ${fileName(place.path)}:${place.line}` : '';
  const when = isLater ? ', which is later than the position' : '';
  const kind = `${category === 'stderr' ? ' errors' : ''}${isLater ? ' later' : ''}`;
  // A button is a box of its own: the end of a line has to stand behind it.
  const isLine = text.endsWith('\n');
  return (
    <>
      <button
        type="button"
        class={`chunk${kind}`}
        title={`Printed${where} at trace line ${number(traceLine + 1)}${when}. Click to travel there, Alt+click to ask why.`}
        onClick={({ altKey }) =>
          altKey ? link.why({ kind: 'origin', token, about: firstOf(text) }) : link.travel(token)
        }
      >
        {isLine ? text.slice(0, -1) || ' ' : text}
      </button>
      {isLine && '\n'}
    </>
  );
}

/** What the token of a piece stands for: its first character. */
function firstOf(text: string): string {
  const shown = JSON.stringify(text);
  return [...text].length === 1 ? shown : `the first character of ${shown}`;
}
