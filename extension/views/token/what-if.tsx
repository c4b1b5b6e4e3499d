/**
 * What the token was made from, and what it would have been with another byte or instruction there: the model is asked, on a
 * scratch copy of all tokens.
 */
/// <reference lib="dom" />
import { useEffect, useState } from 'preact/hooks';
import type { CounterfactualAnswer, TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { HeadChip, Moment } from '../parts/chips.tsx';
import { type Source, sourcesOf } from './dissection.ts';

export function WhatIf({ answer }: { answer: TokenAnswer }) {
  const sources = sourcesOf(answer);
  if (sources.length === 0) return null;
  return (
    <section class="what-if">
      <h2>What would have to differ</h2>
      <p class="note">Put another token there: the model says what would come of it. The recording stays as it is.</p>
      {sources.map((source) => (
        <Changed key={`${answer.token} ${source.token}`} token={answer.token} source={source} />
      ))}
    </section>
  );
}

interface Outcome {
  readonly answer?: CounterfactualAnswer;
  readonly error?: string;
  readonly pending?: boolean;
}

function Changed({ token, source }: { token: number; source: Source }) {
  const link = useLink(({ session }) => session.stops);
  const [to, setTo] = useState('');
  const [outcome, setOutcome] = useState<Outcome>({});
  const { stops } = link.session;
  useEffect(() => setOutcome({}), [stops]);
  const ask = (event: Event) => {
    event.preventDefault();
    const wanted = to.trim();
    if (wanted === '') return;
    setOutcome({ pending: true });
    link.ask('stepformer/counterfactual', { token, changed: source.token, to: wanted }).then(
      (answer) => setOutcome({ answer }),
      (error: Error) => setOutcome({ error: error.message }),
    );
  };
  const { head, text, isValue } = source;
  return (
    <form class="ask" onSubmit={ask}>
      <HeadChip head={head} />{' '}
      <Moment token={source.token} place={head.target?.place}>
        <code>{text}</code> at {number(source.token)}
      </Moment>{' '}
      <label>
        had been{' '}
        <input
          class="brief"
          value={to}
          placeholder={isValue ? '04' : 'i32.sub'}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>{' '}
      <button type="submit" class="link">
        What if?
      </button>{' '}
      {isValue && (
        <button
          type="button"
          class="link"
          title="Where did this value come from?"
          onClick={() => link.why({ kind: 'origin', token: source.token, about: `byte ${text}` })}
        >
          Why {text}?
        </button>
      )}
      <Result outcome={outcome} />
    </form>
  );
}

function Result({ outcome: { answer, error, pending } }: { outcome: Outcome }) {
  return (
    <p class="outcome" role="status">
      {pending && 'The model is given the tokens …'}
      {error}
      {answer && (
        <>
          With <code>{answer.changed.to}</code> instead of <code>{answer.changed.from}</code> the model says{' '}
          <code class="chip">{answer.after.text}</code>
          {answer.after.text === answer.before.text ? ', the same as before' : ` instead of ${answer.before.text}`};{' '}
          {number(answer.heads.length)} {answer.heads.length === 1 ? 'head' : 'heads'} brought something else.
        </>
      )}
    </p>
  );
}
