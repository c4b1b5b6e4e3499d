/** One head: what it looked for, what answered best and second best, of which slots these are made, and what it brought. */
/// <reference lib="dom" />
import type { HeadForms, HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { useAnswer } from '../link/hooks.ts';
import { FamilyMark, Moment, marginText } from '../parts/chips.tsx';
import { Explained } from '../parts/explained.tsx';
import { familyOf, headName } from '../parts/families.ts';
import { exact, pair, piecesOf } from './model/forms.ts';

/** What keys of tokens that write nothing are lower by. */
const PUSH_DOWN = exact(2 ** 52);

interface Props {
  head: HeadView;
  token: number;
  isPinned: boolean;
  pin(): void;
  close(): void;
}

export function HeadDetail({ head, token, isPinned, pin, close }: Props) {
  const { answer, error } = useAnswer('stepformer/head', { layer: head.layer, head: head.head, token });
  const family = familyOf(head.role);
  return (
    <section class="detail" aria-label={`${headName(head)} ${head.role}`}>
      <h2>
        <FamilyMark family={family} /> {headName(head)} {head.role}
        <button type="button" class="pill" aria-pressed={isPinned} title="Keep this head in sight" onClick={pin}>
          {isPinned ? 'pinned' : 'pin'}
        </button>
        <button
          type="button"
          class="pill"
          title="Copy a reference to this head at this token; “Go to…” finds it"
          onClick={() => void navigator.clipboard.writeText(`token ${number(token)} · ${headName(head)}`)}
        >
          copy
        </button>
        <button type="button" class="pill" title="Give the selection up" onClick={close}>
          ×
        </button>
      </h2>
      <p class="note">
        {`Looks up ${family.text}. `}
        {head.active ? 'It had a part in this token.' : 'It had no part in this token: what it found was not used.'}
        {' Each number is a sum of '}
        <Explained term="slot">slots</Explained>
        {'.'}
      </p>
      {error && <p class="note">{error}</p>}
      {answer && <Choice answer={answer} head={head} />}
    </section>
  );
}

function Choice({ answer, head }: { answer: HeadForms; head: HeadView }) {
  const { query, winner, runnerUp } = answer;
  return (
    <dl>
      <dt>
        <Explained term="query">query</Explained>
      </dt>
      <dd>
        <Sums forms={query} />
      </dd>
      {winner ? (
        <Candidate title="winner" candidate={winner} />
      ) : (
        <>
          <dt>
            <Explained term="average">average</Explained>
          </dt>
          <dd>{`of all ${number(head.shared)} tokens, equally`}</dd>
        </>
      )}
      {runnerUp && <Candidate title="runner-up" candidate={runnerUp} />}
      {winner && (
        <>
          <dt>
            <Explained term="margin">margin</Explained>
          </dt>
          <dd>{marginText(head.margin).replace('margin ', '')}</dd>
        </>
      )}
      <dt>
        <Explained term="brought">brought</Explained>
      </dt>
      <dd>
        <b>{head.meaning}</b> <span class="note code">{head.value}</span>
      </dd>
    </dl>
  );
}

function Candidate({ title, candidate }: { title: string; candidate: NonNullable<HeadForms['winner']> }) {
  const { token, text, key, score, carried } = candidate;
  return (
    <>
      <dt>
        <Explained term={title === 'winner' ? 'key' : 'runnerUp'}>{title}</Explained>
      </dt>
      <dd>
        <Moment token={token}>
          {`token ${number(token)} `}
          <code>{text}</code>
        </Moment>
        {carried !== undefined && ` carried over to context ${carried},`}
        {` score ${exact(score)}, key `}
        <Sums forms={key} />
      </dd>
    </>
  );
}

/** Two sums of slots: the numbers, and how they come about. */
function Sums({ forms }: { forms: HeadForms['query'] }) {
  return (
    <>
      <code>{pair(forms)}</code>
      {forms.map((form, i) => (
        <div class="sum" key={String(i)}>
          <span class="code">{exact(form.sum)} =</span>
          {piecesOf(form).map(({ sign, factor, slot, value }, at) => (
            <span key={`${at} ${slot}`}>
              {' '}
              {sign} {factor === PUSH_DOWN ? <Explained term="pushDown">{factor}</Explained> : factor}
              {factor && slot ? ' · ' : ''}
              {slot && (
                <>
                  <em>{slot}</em> <span class="note code">{value}</span>
                </>
              )}
            </span>
          ))}
        </div>
      ))}
    </>
  );
}
