/** The best tokens with their scores, and why the best is not another: in the model's own arithmetic. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import type { TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { Explained } from '../parts/explained.tsx';
import { amountText, arithmetic, parabola, toldApart } from './dissection.ts';

/** `compare`: with which token the chosen one is to be compared. */
export function Scores({ answer, compare }: { answer: TokenAnswer; compare: (text: string) => void }) {
  const { best, chosen, rival, vocabulary } = answer;
  const low = best[best.length - 1].logit;
  const width = (logit: number) => 6 + (94 * (logit - low)) / Math.max(chosen.logit - low, 1);
  return (
    <section class="scores">
      <h2>
        <Explained term="logit">Scores</Explained> of the next token
      </h2>
      <p class="note">
        {number(vocabulary)} tokens; the {best.length} best. Click one to compare it with the chosen.
      </p>
      {best.map(({ text, logit }, i) => (
        <button
          key={text}
          type="button"
          class={`score${i === 0 ? ' best' : ''}`}
          aria-pressed={text === rival.text}
          disabled={i === 0}
          onClick={() => compare(text)}
        >
          <code>{text}</code>
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${width(logit)}%` }} />
          </span>
          <span class="code">{amountText(logit)}</span>
          <span class="note">{i === 0 ? 'chosen' : behindText(chosen.logit - logit)}</span>
        </button>
      ))}
      <WhyNot answer={answer} compare={compare} />
    </section>
  );
}

function behindText(behind: number): string {
  return behind === 0 ? 'equal: the first wins' : `−${amountText(behind)}`;
}

function WhyNot({ answer, compare }: { answer: TokenAnswer; compare: (text: string) => void }) {
  const { chosen, rival, terms } = answer;
  const form = parabola(answer);
  return (
    <section>
      <h2>
        Why {chosen.text} and not {rival.text}?
      </h2>
      {form ? (
        <p>
          The score of byte <i>k</i> is <code>2·k·x − k²</code>, with x the slot <b>{form.name}</b> ={' '}
          <code>{amountText(form.x)}</code>: highest where k = x, and one away costs 1.
        </p>
      ) : (
        <p>
          A token's score is the sum of its weights times what stands in their slots. These slots tell the two apart:{' '}
          {toldApart(terms).map(({ slot, name, value }, i) => (
            <span key={slot}>
              {i > 0 && ', '}
              <b>{name}</b> = <code>{amountText(value)}</code>
            </span>
          ))}
          .
        </p>
      )}
      {arithmetic(answer).map(({ text, sum, logit, behind }, i) => (
        <p key={text} class="sum">
          <code class="chip">{text}</code>{' '}
          <code>
            {sum} = <b>{amountText(logit)}</b>
            {i === 0
              ? ', the winner'
              : behind === 0
                ? ', equal: the first of the vocabulary wins'
                : `, behind by ${amountText(behind)}`}
          </code>
        </p>
      ))}
      <Other compare={compare} />
    </section>
  );
}

/** Any other token of the vocabulary to compare with. */
function Other({ compare }: { compare: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') compare(text.trim());
      }}
    >
      <label>
        Compare with{' '}
        <input value={text} placeholder="0a, halt, out(41) …" onInput={(event) => setText(event.currentTarget.value)} />
      </label>
    </form>
  );
}
