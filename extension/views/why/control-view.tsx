/** Why a line was reached: the branch or the call, the condition with its origin, and what led there in turn. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import type { ControlAnswer, Hop, OriginAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { useLink } from '../link/hooks.ts';
import { HeadChip, Moment } from '../parts/chips.tsx';
import { Chain, Where } from './chain.tsx';
import { conditionOf, controlSentence } from './model/headline.ts';
import { Sentence } from './words.tsx';

export function ControlView({ answer }: { answer: ControlAnswer }) {
  const link = useLink();
  const { condition, evidence, traceLine, token, place, function: name, kind } = answer;
  const [origin, setOrigin] = useState<OriginAnswer>();
  const [before, setBefore] = useState<ControlAnswer>();
  const [chosen, setChosen] = useState<Hop>();
  const told = condition && conditionOf(condition);
  const canAsk = condition && !condition.constant && condition.token >= 0;
  return (
    <div class="control">
      <Sentence words={controlSentence(answer)} />
      <p class="witness">
        <Where place={place} name={name} /> <Moment token={token} place={place} />{' '}
        {evidence && <HeadChip head={evidence} at={evidence.from} />}
      </p>
      {canAsk && told && !origin && (
        <button
          type="button"
          class="link"
          onClick={() => void link.ask('stepformer/origin', { token: condition.token }).then(setOrigin)}
        >
          Why was <code>{told.name}</code> {told.value}?
        </button>
      )}
      {origin && <Chain answer={origin} chosen={chosen} choose={({ hops, index }) => setChosen(hops[index])} />}
      {kind !== 'start' && !before && (
        <p>
          <button
            type="button"
            class="link"
            onClick={() => void link.ask('stepformer/control', { traceLine }).then(setBefore)}
          >
            And why was that reached?
          </button>
        </p>
      )}
      {before && <ControlView answer={before} />}
    </div>
  );
}
