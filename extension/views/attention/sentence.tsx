/** What happens in C's terms, below it what the instruction does, and where that is. */
/// <reference lib="dom" />
import type { HeadlinePart, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useActs } from '../link/hooks.ts';
import { Explained } from '../parts/explained.tsx';

export function Sentences({ attention, isPast }: { attention: TokenAttention; isPast: boolean }) {
  const { headline, sentence } = attention;
  return (
    <header>
      {headline.length > 0 && (
        <p class="headline">
          <Parts parts={headline} />
        </p>
      )}
      <p class="sentence">
        <Parts parts={sentence} />
      </p>
      <Pills attention={attention} isPast={isPast} />
    </header>
  );
}

function Parts({ parts }: { parts: readonly HeadlinePart[] }) {
  return (
    <>
      {parts.map((part, index) => (
        <Part key={`${index} ${part.text}`} part={part} />
      ))}
    </>
  );
}

function Part({ part }: { part: HeadlinePart }) {
  const link = useActs();
  const { text, value, token, isCode } = part;
  const content = value !== undefined ? <b>{text}</b> : isCode ? <code>{text}</code> : text;
  if (token === undefined) return <span>{content}</span>;
  return (
    <button
      type="button"
      class="link"
      data-token={token}
      title={`Travel to token ${number(token)}`}
      onClick={() => link.travel(token)}
    >
      {content}
    </button>
  );
}

function Pills({ attention, isPast }: { attention: TokenAttention; isPast: boolean }) {
  const link = useActs();
  const { traceLine, lineText, place, token, now } = attention;
  return (
    <div class="pills">
      <button
        type="button"
        class="pill"
        title={`Show the trace: ${lineText}`}
        onClick={() => link.showTrace(traceLine)}
      >{`line ${number(traceLine + 1)}`}</button>
      {place && (
        <button type="button" class="pill" title={place.path} onClick={() => link.showPlace(place)}>
          {`${fileName(place.path)}:${place.line}`}
        </button>
      )}
      <span class="pill">{`token ${number(token)} of ${number(now)}`}</span>
      <button
        type="button"
        class="pill"
        title="Where the value of this token came from"
        onClick={() => link.why({ kind: 'origin', token })}
      >
        Why?
      </button>
      <span class={isPast ? 'pill past' : 'pill now'}>
        <Explained term="now">{isPast ? `${number(now - token)} tokens in the past` : 'now'}</Explained>
      </span>
    </div>
  );
}
