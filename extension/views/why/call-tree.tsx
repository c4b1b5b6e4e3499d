/** The calls around a moment: those that are open, their neighbours, and what they made; each unfolds to its own calls. */
/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { Moment } from '../parts/chips.tsx';
import type { AnswerTo } from './model/questions.ts';
import { callText, counted } from './model/words.ts';

type Tree = AnswerTo<'callTree'>;
type Call = Tree['children'][number];

export function CallTreeView({ answer }: { answer: Tree }) {
  const { open, siblings, firstSibling, totalSiblings } = answer;
  const own = open.at(-1);
  const around = siblings.length > 0 ? siblings : open.slice(-1);
  const after = totalSiblings - firstSibling - siblings.length;
  const innermost = (
    <ul>
      {firstSibling > 0 && <li class="note">{counted(firstSibling, 'call', 'calls')} before</li>}
      {around.map((call) =>
        call.traceLine === own?.traceLine ? (
          <Made key={call.token} call={call} isHere made={answer} />
        ) : (
          <Made key={call.token} call={call} />
        ),
      )}
      {after > 0 && <li class="note">{counted(after, 'call', 'calls')} after</li>}
    </ul>
  );
  return <div class="tree">{within(open.slice(0, -1), innermost)}</div>;
}

/** Calls in each other, the outermost first. */
function within(calls: readonly Call[], inner: ComponentChildren): ComponentChildren {
  return calls.reduceRight<ComponentChildren>(
    (below, call) => (
      <ul>
        <li>
          <Told call={call} />
          {below}
        </li>
      </ul>
    ),
    inner,
  );
}

/** A call with those that it made: given as `made`, or asked for when it is unfolded. */
function Made({ call, isHere = false, made }: { call: Call; isHere?: boolean; made?: Tree }) {
  const link = useLink();
  const [found, setFound] = useState(made);
  const [error, setError] = useState<string>();
  const toggle = () => {
    if (found) return setFound(undefined);
    link
      .ask('stepformer/callTree', { traceLine: call.traceLine, limit: 100 })
      .then(setFound, (refusal: Error) => setError(refusal.message));
  };
  const left = found ? found.totalChildren - found.children.length : 0;
  return (
    <li class={isHere ? 'chosen' : ''} aria-current={isHere ? 'true' : undefined}>
      {call.calls && (
        <button
          type="button"
          aria-expanded={found !== undefined}
          aria-label={`Calls of ${call.function}`}
          onClick={toggle}
        >
          {found ? '▾' : '▸'}
        </button>
      )}{' '}
      <Told call={call} />
      {error && <p role="alert">{error}</p>}
      {found && (
        <ul>
          {found.children.map((child) => (
            <Made key={child.token} call={child} />
          ))}
          {left > 0 && <li class="note">{counted(left, 'call', 'calls')} more</li>}
        </ul>
      )}
    </li>
  );
}

function Told({ call }: { call: Call }) {
  return (
    <>
      <code>{callText(call)}</code> <span class="note">{number(call.lines)} trace lines</span>{' '}
      <Moment token={call.token} />
    </>
  );
}
