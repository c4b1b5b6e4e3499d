/**
 * The Why view: a notebook of questions about values, lines and calls, each with its answer as of the moment at which it
 * was asked.
 */
/// <reference lib="dom" />
import { useEffect } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { distance, Moment } from '../parts/chips.tsx';
import { AskBox } from './ask-box.tsx';
import { CallTreeView } from './call-tree.tsx';
import { CallsView } from './calls-view.tsx';
import { ControlView } from './control-view.tsx';
import { HistoryView } from './history-view.tsx';
import { markdownOf } from './model/markdown.ts';
import type { Entry } from './model/notebook.ts';
import { titleOf } from './model/questions.ts';
import { Offers } from './offers.tsx';
import { OriginView } from './origin-view.tsx';
import { PrintView } from './print-view.tsx';
import { ReadersTable } from './readers-table.tsx';
import { SearchView } from './search-view.tsx';
import { useNotebook } from './use-notebook.ts';

export function WhyView() {
  const { opening } = useLink();
  const notebook = useNotebook();
  useEffect(() => {
    if (opening?.why) notebook.open(opening, opening.why);
  }, [opening]);
  const { current } = notebook;
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !notebook.canGoBack) return;
    event.preventDefault();
    notebook.turn(-1);
  };
  return (
    <div class="why">
      <AskBox />
      <section aria-label="Answer" onKeyDown={leave}>
        {current ? <Answered entry={current} key={`${notebook.all.at} ${titleOf(current.question)}`} /> : <Offers />}
      </section>
    </div>
  );
}

function Answered({ entry }: { entry: Entry }) {
  const notebook = useNotebook();
  const { pending, error, answer } = entry;
  return (
    <>
      <Bar entry={entry} />
      {error && <p role="alert">{error}</p>}
      {pending && !answer && <p class="note">Looking…</p>}
      {!pending && !answer && !error && (
        <p>
          Asked before this page was closed.{' '}
          <button type="button" class="link" onClick={() => notebook.again()}>
            Ask again here
          </button>
        </p>
      )}
      {answer && !error && <Answer entry={entry} />}
    </>
  );
}

function Answer({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case 'origin':
      return <OriginView entry={entry} />;
    case 'readers':
      return entry.answer ? <ReadersTable readers={entry.answer.readers} more={entry.answer.more} /> : null;
    case 'history':
      return <HistoryView entry={entry} />;
    case 'print':
      return <PrintView entry={entry} />;
    case 'calls':
      return <CallsView entry={entry} />;
    case 'callTree':
      return entry.answer ? <CallTreeView answer={entry.answer} /> : null;
    case 'control':
      return entry.answer ? <ControlView answer={entry.answer} /> : null;
    case 'search':
      return <SearchView entry={entry} />;
  }
}

/** Which question it is, when it was asked, and what can be done with the answer. */
function Bar({ entry }: { entry: Entry }) {
  const link = useLink();
  const notebook = useNotebook();
  const { token, question } = entry;
  const { status } = link.session;
  const when = status ? distance(token, status.token) : '';
  const copy = (text: string) => void navigator.clipboard.writeText(text);
  const { entries, at } = notebook.all;
  return (
    <nav class="bar" aria-label="Questions">
      <button
        type="button"
        title="The question before"
        aria-label="The question before"
        disabled={!notebook.canGoBack}
        onClick={() => notebook.turn(-1)}
      >
        ←
      </button>
      <button
        type="button"
        title="The question after"
        aria-label="The question after"
        disabled={!notebook.canGoForward}
        onClick={() => notebook.turn(1)}
      >
        →
      </button>
      <select
        aria-label="Questions asked"
        value={String(at)}
        onChange={({ currentTarget }) => notebook.show(Number(currentTarget.value))}
      >
        {entries.map((one, index) => (
          <option key={`${titleOf(one.question)} ${one.token}`} value={String(index)}>
            {titleOf(one.question)}
          </option>
        ))}
      </select>
      <span class={`pill ${token === status?.token ? 'now' : ''}`}>
        asked at <Moment token={token}>token {number(token)}</Moment> · {when}
      </span>
      <span class="actions">
        <button type="button" class="link" onClick={() => notebook.again()}>
          Ask again here
        </button>
        {question.kind !== 'control' && (
          <button
            type="button"
            class="link"
            title="The branch or the call that led to where this was asked"
            onClick={() => notebook.ask({ kind: 'control', traceLine: entry.traceLine })}
          >
            Why are we here?
          </button>
        )}
        {question.kind !== 'callTree' && (
          <button
            type="button"
            class="link"
            title="The calls that were open where this was asked, and those beside them"
            onClick={() => notebook.ask({ kind: 'callTree', traceLine: entry.traceLine })}
          >
            Calls around here
          </button>
        )}
        <button type="button" class="link" onClick={() => copy(markdownOf(entry))}>
          Copy as Markdown
        </button>
        <button
          type="button"
          class="link"
          onClick={() => copy(JSON.stringify({ question, token, answer: entry.answer }, undefined, 2))}
        >
          Copy as JSON
        </button>
      </span>
    </nav>
  );
}
