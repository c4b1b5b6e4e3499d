/** Beside the picture: the exact scores, and the share of the attention that keys would have under softmax. */
import type { HullAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { Moment } from '../parts/chips.tsx';
import { Explained } from '../parts/explained.tsx';
import { shareText, temperatureName } from './shares.ts';
import { exact, pair } from './words.ts';

type Candidate = NonNullable<HullAnswer['winner']>;
type Weighed = NonNullable<HullAnswer['softmax']>['weighed'][number];

/** What the two best have, as the model computes it: no digit is rounded. */
export function Scores({ answer }: { answer: HullAnswer }) {
  const { query, winner, runnerUp, shared, score, value, margin } = answer;
  return (
    <section>
      <h2>Exact scores</h2>
      <table class="scores">
        <thead>
          <tr>
            <th scope="col">token</th>
            <th scope="col">
              <Explained term="key">key</Explained>
            </th>
            <th scope="col">
              <Explained term="query">query</Explained> · key
            </th>
          </tr>
        </thead>
        <tbody>
          {winner ? (
            <ScoreRow name="winner" candidate={winner} />
          ) : (
            <tr>
              <td>{exact(shared)} tokens</td>
              <td>–</td>
              <td class="code">{exact(score)}</td>
            </tr>
          )}
          {runnerUp && <ScoreRow name="runner-up" candidate={runnerUp} />}
        </tbody>
      </table>
      <p class="note">
        query <code>{pair(query)}</code>, brings <code>{pair(value)}</code>
        {margin === 0 && '; of equal scores the latest wins'}
      </p>
    </section>
  );
}

function ScoreRow({ name, candidate: { standing, key, score } }: { name: string; candidate: Candidate }) {
  return (
    <tr>
      <td>
        <Moment token={standing.token} place={standing.place}>
          {exact(standing.token)} <code>{standing.text}</code>
        </Moment>{' '}
        {name === 'runner-up' ? <Explained term="runnerUp">{name}</Explained> : <span class="note">{name}</span>}
      </td>
      <td class="code">{pair(key)}</td>
      <td class="code">{exact(score)}</td>
    </tr>
  );
}

export function SoftmaxPanel({ answer }: { answer: HullAnswer }) {
  const { softmax, winner, shared, latest } = answer;
  return (
    <section>
      <h2>
        The same under <Explained term="softmax">softmax</Explained>
      </h2>
      {!softmax && <p class="note">Every key is being looked at …</p>}
      {softmax && <p class="note">share of the attention per key, summing to 1</p>}
      {softmax?.weighed.map((weighed) => (
        <Temperature key={weighed.temperature} answer={answer} weighed={weighed} scale={softmax.scale} />
      ))}
      <h2>
        <Explained term="hull">Hull</Explained>: what the debugger runs
      </h2>
      <Bar name={winner ? `winner · ${winner.standing.text}` : `${exact(shared)} tokens together`} share={1} />
      <Bar name="all others" share={0} />
      <p class="verdict exact">
        <b>Exact.</b>{' '}
        {latest
          ? 'The latest of equal scores wins, whatever the distance.'
          : 'Only equal scores share, and they share equally.'}
      </p>
    </section>
  );
}

function Temperature({ answer, weighed, scale }: { answer: HullAnswer; weighed: Weighed; scale: number }) {
  const { winner, runnerUp, shared } = answer;
  return (
    <>
      <h3>{temperatureName(weighed.temperature, scale)}</h3>
      <Bar
        name={winner ? `winner · ${winner.standing.text}` : `${exact(shared)} tokens together`}
        share={weighed.winner}
      />
      {runnerUp && <Bar name={`runner-up · ${runnerUp.standing.text}`} share={weighed.runnerUp} />}
      <Bar name="all others" share={weighed.others} />
      <p class={`verdict ${weighed.exact ? 'exact' : 'wrong'}`}>
        <b>{weighed.exact ? 'Exact here.' : 'Not exact here.'}</b> {weighed.why}
      </p>
    </>
  );
}

function Bar({ name, share }: { name: string; share: number }) {
  return (
    <div class="share">
      <span class="name">{name}</span>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${100 * share}%` }} />
      </span>
      <span class="code">{shareText(share)}</span>
    </div>
  );
}
