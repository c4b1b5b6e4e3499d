/** The Token view: how one token was chosen, layer by layer on the left; its score against others' on the right. */
/// <reference lib="dom" />
import { useMemo } from 'preact/hooks';
import type { TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { useActs, useAnswer, useKept, useLink } from '../link/hooks.ts';
import { Place } from '../parts/chips.tsx';
import { decidedText, rowsOf } from './dissection.ts';
import { LayerRows } from './layers.tsx';
import { Scores } from './scores.tsx';
import { WhatIf } from './what-if.tsx';

export function TokenView() {
  const link = useLink();
  const { token } = link.selection;
  const [rival, setRival] = useKept<{ token: number; text: string } | undefined>('token.rival', undefined);
  const here = token ?? link.session.status?.token;
  // Another token has another runner-up.
  const named = rival !== undefined && rival.token === here ? { rival: rival.text } : {};
  const { answer, error } = useAnswer('stepformer/token', { ...(token === undefined ? {} : { token }), ...named });
  // Once for each answer, and not when another is only asked for.
  const dissection = useMemo(
    () => answer && <Dissection answer={answer} compare={(text) => setRival({ token: answer.token, text })} />,
    [answer],
  );
  if (error) {
    return (
      <p class="note">
        {error}
        {named.rival !== undefined && (
          <button type="button" class="link" onClick={() => setRival(undefined)}>
            {' '}
            Compare with the runner-up
          </button>
        )}
      </p>
    );
  }
  return dissection;
}

function Dissection({ answer, compare }: { answer: TokenAnswer; compare: (text: string) => void }) {
  return (
    <div class="dissection">
      <header>
        <Headline answer={answer} />
        <Where answer={answer} />
        {answer.headline !== '' && <p class="sentence note">{answer.headline}</p>}
      </header>
      <LayerRows rows={rowsOf(answer)} slots={answer.slots} decided={answer.decided} />
      <aside aria-label="Scores of the next token">
        <Scores answer={answer} compare={compare} />
        <WhatIf answer={answer} />
      </aside>
    </div>
  );
}

function Headline({ answer }: { answer: TokenAnswer }) {
  const { token, text, chosen, given } = answer;
  return (
    <p class="headline">
      The pass over token {number(token - 1)} chose <code class="chosen">{chosen.text}</code> as the next token.{' '}
      {given && (
        <span class="past">
          You put <code>{text}</code> there instead.{' '}
        </span>
      )}
      <span class="note">{decidedText(answer)}</span>
    </p>
  );
}

function Where({ answer: { token, traceLine, lineText, place } }: { answer: TokenAnswer }) {
  const link = useActs();
  return (
    <div class="pills">
      <button
        type="button"
        class="pill"
        title={`Show the trace: ${lineText}`}
        onClick={() => link.showTrace(traceLine)}
      >
        line {number(traceLine + 1)}
      </button>
      {place && (
        <span class="pill">
          <Place place={place} />
        </span>
      )}
      <span class="pill">token {number(token)}</span>
    </div>
  );
}
