/**
 * The Hull view: every earlier token is a key, a point in the plane; the query is a direction; what lies furthest along it wins.
 * Beside the picture stand the exact scores, and what softmax would make of them.
 */
/// <reference lib="dom" />
import { useEffect, useState } from 'preact/hooks';
import type { HeadView, HullAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import { distance } from '../parts/chips.tsx';
import { Explained } from '../parts/explained.tsx';
import { colourOf, familyOf, headName } from '../parts/families.ts';
import { chosenHead, type HeadName, headsByFamily } from './heads.ts';
import { Picture } from './picture.tsx';
import type { Window } from './scene.ts';
import { Scores, SoftmaxPanel } from './softmax.tsx';
import { sentence } from './words.ts';

/** Milliseconds without another movement before the adapter is asked; and before it is asked to look at every key of millions. */
const REST = 60;
const LONG_REST = 400;

export function HullView() {
  const link = useLink();
  const { selection, session } = link;
  const [kept, keep] = useKept<HeadName | undefined>('hull.head', undefined);
  /** The token that the scrubber is at while it is moved. */
  const [moving, move] = useState<number | undefined>(undefined);
  const token = useRested(moving) ?? selection.token ?? session.status?.token ?? 0;
  const attention = useAnswer('stepformer/attention', { token: Math.min(token, session.status?.now ?? token) });
  const heads = attention.answer?.heads ?? [];
  const head = chosenHead(heads, selection, kept);
  useEffect(() => {
    if (head) keep({ layer: head.layer, head: head.head });
  }, [head?.layer, head?.head]);
  useEffect(() => move(undefined), [selection.token, session.stops]);
  const [window, see] = useState<Window | undefined>(undefined);
  // Another head has its keys elsewhere.
  useEffect(() => see(undefined), [head?.layer, head?.head]);
  const { answer, error } = useHull(head, attention.answer?.token, window);
  if (attention.error) return <p role="alert">{attention.error}</p>;
  if (attention.answer && heads.length === 0) {
    return <p class="note">No pass chose this token: it is the first of the prompt, or has yet to come.</p>;
  }
  const choose = (name: HeadName) => link.select({ layer: name.layer, head: name.head });
  return (
    <div class="hull" style={head && { '--family': colourOf(familyOf(head.role)) }}>
      <header>
        {head && answer && <Sentence answer={answer} isIdle={!head.active} />}
        <HeadChooser heads={heads} head={head} choose={choose} />
        {answer && <Pills answer={answer} />}
      </header>
      {error && <p role="alert">{error}</p>}
      {head && answer && (
        <div class="columns">
          <div class="main">
            <Picture answer={answer} window={window} see={see} />
            <Below answer={answer} />
            <Scrubber
              token={moving ?? answer.token}
              answer={answer}
              move={move}
              settle={(to) => link.select({ token: to })}
            />
          </div>
          <aside aria-label="Scores and softmax">
            <Scores answer={answer} />
            <SoftmaxPanel answer={answer} />
            <Reading />
          </aside>
        </div>
      )}
    </div>
  );
}

/** A value when it has not changed for a while. */
function useRested<T>(value: T, milliseconds = REST): T {
  const [rested, rest] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => rest(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** The hull of a head: from a sample first where there are many keys, then whole. While another comes, the last one stays. */
function useHull(head: HeadName | undefined, token: number | undefined, window: Window | undefined) {
  const wanted = useRested(window);
  const args =
    head && token !== undefined
      ? { layer: head.layer, head: head.head, token, points: 320, ...(wanted ? { window: wanted } : {}) }
      : undefined;
  const first = useAnswer('stepformer/hull', args && { ...args, sample: true });
  const isSampled = !first.pending && first.answer !== undefined && first.answer.sampled > 1;
  // Whoever steps or moves the scrubber leaves no trail of questions behind that take seconds.
  const isStill = useRested(token, LONG_REST) === token;
  const whole = useAnswer('stepformer/hull', isSampled && isStill ? args : undefined);
  const same = (one: HullAnswer | undefined) =>
    one?.token === first.answer?.token && one?.layer === first.answer?.layer && one?.head === first.answer?.head;
  const answer = isSampled && whole.answer && same(whole.answer) ? whole.answer : first.answer;
  // The picture of another head says nothing of this one.
  const fits = answer && head && answer.layer === head.layer && answer.head === head.head;
  return { answer: fits ? answer : undefined, error: first.error ?? whole.error };
}

/** `isIdle`: what the head found had no part in the token. */
function Sentence({ answer, isIdle }: { answer: HullAnswer; isIdle: boolean }) {
  const link = useLink();
  return (
    <p class="headline">
      <span class="dot" aria-hidden="true" />{' '}
      <b>
        {headName(answer)} {answer.role}
      </b>{' '}
      {sentence(answer).map(({ text, strong, token }, i) => {
        if (token !== undefined) {
          const title = `Travel to token ${number(token)}`;
          return (
            <button key={i} type="button" class="link" title={title} onClick={() => link.travel(token)}>
              <b>{text}</b>
            </button>
          );
        }
        return strong ? <b key={i}>{text}</b> : <span key={i}>{text}</span>;
      })}
      {isIdle && <span class="note"> · idle: it had no part in token {number(answer.token)}</span>}
    </p>
  );
}

function HeadChooser({
  heads,
  head,
  choose,
}: {
  heads: readonly HeadView[];
  head: HeadView | undefined;
  choose: (name: HeadName) => void;
}) {
  return (
    <label class="chooser">
      head{' '}
      <select
        value={head && headName(head)}
        onChange={({ currentTarget }) => {
          const found = heads.find((one) => headName(one) === currentTarget.value);
          if (found) choose(found);
        }}
      >
        {headsByFamily(heads).map(({ family, members }) => (
          <optgroup key={family.name} label={`${family.letter} · ${family.text}`}>
            {members.map((one) => (
              <option key={headName(one)} value={headName(one)}>
                {headName(one)} {one.role}
                {one.active ? '' : ' (idle)'}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function Pills({ answer: { keys, token, now, sampled, context } }: { answer: HullAnswer }) {
  const { status } = useLink().session;
  const isNow = status?.past === false && token >= status.token;
  return (
    <div class="pills">
      <span class="pill">{number(keys)} keys</span>
      {context && (
        <span class="pill" title={`This pass was made in context ${context.number}, which began with so many tokens`}>
          context {context.number}: {number(context.carried)} carried over
        </span>
      )}
      {sampled > 1 && <span class="pill">sample: 1 of {number(sampled)}</span>}
      <span class={isNow ? 'pill now' : 'pill past'}>{isNow ? 'now' : distance(token, now)}</span>
    </div>
  );
}

/** Keys that can never win: they are not to scale. */
function Below({ answer: { below, sampled } }: { answer: HullAnswer }) {
  if (below === 0) return null;
  return (
    <p class="below">
      {sampled > 1 ? 'about ' : ''}
      {number(below)} keys lie far below the hull and can never win (not to scale)
    </p>
  );
}

/** The pass that is looked at: the hull as it grew. */
function Scrubber({
  token,
  answer: { now, prompt, context, keys, token: at },
  move,
  settle,
}: {
  token: number;
  answer: HullAnswer;
  move: (token: number) => void;
  settle: (token: number) => void;
}) {
  const share = (tokens: number) => (100 * tokens) / Math.max(now, 1);
  // A later context begins with what was carried over, and its keys are its own.
  const growth = () => {
    if (!context) return wedge(share(prompt), share(token));
    const begins = at - keys + context.carried;
    return wedge(
      share(begins),
      share(token),
      share(context.carried),
      share(context.carried + Math.max(token - begins, 0)),
    );
  };
  return (
    <label class="scrubber">
      <span class="ends">
        <span>keys over time</span>
        <span>drag to see the hull at an earlier token</span>
      </span>
      <svg class="growth" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={growth()} />
        {!context && <path class="of-prompt" d={wedge(0, share(Math.min(prompt, token)))} />}
      </svg>
      <input
        type="range"
        min={1}
        max={now}
        value={token}
        aria-valuetext={`token ${number(token)} of ${number(now)}`}
        onInput={({ currentTarget }) => move(Number(currentTarget.value))}
        onChange={({ currentTarget }) => settle(Number(currentTarget.value))}
      />
      <span class="ends">
        <span>program: {number(prompt)} tokens</span>
        <span>
          token {number(token)} of {number(now)}
        </span>
      </span>
    </label>
  );
}

/** What grows from one part to another: as the numbers do, if not from one height to another. */
const wedge = (from: number, to: number, low = from, high = to) =>
  `M${from} 100 L${from} ${100 - low} L${to} ${100 - high} L${to} 100 Z`;

function Reading() {
  return (
    <section>
      <h2>Read the picture</h2>
      <p>
        Every earlier token is a key, a point. The query is a direction, drawn upwards. The point{' '}
        <b>furthest along it</b> wins: where a line at right angles to the query, the{' '}
        <Explained term="tangent">tangent</Explained>, touches the hull.
      </p>
      <p>
        Squares are older tokens with the same keys. In a <Explained term="tie">tie</Explained> the latest wins: they
        have been superseded.
      </p>
    </section>
  );
}
