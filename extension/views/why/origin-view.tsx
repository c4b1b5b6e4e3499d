/** An origin: the answer as a sentence, the chain as its proof, and beside it what there is to know of the chosen hop. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { useAnswer, useLink } from '../link/hooks.ts';
import { Chain, type Chosen } from './chain.tsx';
import { Chart } from './chart.tsx';
import { ControlView } from './control-view.tsx';
import { extent } from './model/chain.ts';
import { originSentence } from './model/headline.ts';
import type { Entry } from './model/notebook.ts';
import { subjectOf } from './model/questions.ts';
import { pointsOf } from './model/series.ts';
import { changeAt } from './model/what-if.ts';
import { ReadersTable } from './readers-table.tsx';
import { useNotebook } from './use-notebook.ts';
import { WhatIf } from './what-if.tsx';
import { Sentence } from './words.tsx';

type OriginEntry = Extract<Entry, { kind: 'origin' }>;

export function OriginView({ entry }: { entry: OriginEntry }) {
  const { answer } = entry;
  const [chosen, choose] = useState<Chosen>();
  if (!answer) return null;
  const shown = chosen ?? { hops: answer.hops, index: 0 };
  return (
    <>
      <header class="answer">
        <Sentence words={originSentence(subjectOf(entry.question), answer)} />
        <span class="pill">{extent(answer.hops)}</span>
      </header>
      <div class="columns">
        <Chain answer={answer} chosen={shown.hops[shown.index]} choose={choose} />
        <aside aria-label="The chosen step">
          <Values entry={entry} chosen={shown} />
          <Closer chosen={shown} key={shown.hops[shown.index]?.token} />
        </aside>
      </div>
    </>
  );
}

/** Every value of what was asked about. */
function Values({ entry: { history, question }, chosen }: { entry: OriginEntry; chosen: Chosen }) {
  const points = history && pointsOf(history.writes);
  if (!history || !points) return null;
  const at = history.writes.findIndex(({ traceLine }) => traceLine === chosen.hops[chosen.index]?.traceLine);
  return (
    <section>
      <h3>
        <code>{subjectOf(question)}</code>, over the run
      </h3>
      <p class="note">a step per write, evenly spaced; click one to go there</p>
      <Chart label={`Values of ${subjectOf(question)}`} samples={history.writes} points={points} marked={at} />
    </section>
  );
}

/** Who read it, why the line was executed, what its address came from, and what if it had been another value. */
function Closer({ chosen: { hops, index } }: { chosen: Chosen }) {
  const notebook = useNotebook();
  const hop = hops[index];
  if (!hop) return null;
  const { address, traceLine } = hop;
  const change = changeAt(hops, index);
  return (
    <>
      {hop.kind !== 'unknown' && hop.token >= 0 && hop.value !== '' && (
        <Readers token={hop.token} value={hop.value} key={hop.token} />
      )}
      {traceLine >= 0 && <Control traceLine={traceLine} />}
      {address && (
        <p>
          <button
            type="button"
            class="link"
            onClick={() => notebook.ask({ kind: 'origin', token: address.token, about: `address ${address.value}` })}
          >
            Why was it written to just this address?
          </button>
        </p>
      )}
      {change && <WhatIf change={change} key={change.expression} />}
    </>
  );
}

function Readers({ token, value }: { token: number; value: string }) {
  const link = useLink();
  const { answer } = useAnswer('stepformer/readers', { token, limit: 100 });
  if (!answer || link.session.status?.state === 'running') return null;
  return (
    <section>
      <h3>Who read this {value}</h3>
      <ReadersTable readers={answer.readers} more={answer.more} />
    </section>
  );
}

function Control({ traceLine }: { traceLine: number }) {
  const [isOpen, open] = useState(false);
  const { answer, error } = useAnswer('stepformer/control', isOpen ? { traceLine } : undefined);
  return (
    <section>
      <button type="button" class="link" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        {isOpen ? '▾' : '▸'} Why was this line executed?
      </button>
      {isOpen && error && <p role="alert">{error}</p>}
      {isOpen && answer && <ControlView answer={answer} />}
    </section>
  );
}
