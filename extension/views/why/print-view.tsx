/** A print after the fact: the expression at every execution of its line, in a table and, of numbers, as a chart. */
/// <reference lib="dom" />
import { useMemo, useState } from 'preact/hooks';
import { PrintFields } from './ask-box.tsx';
import { Chart } from './chart.tsx';
import type { Entry } from './model/notebook.ts';
import type { AnswerTo } from './model/questions.ts';
import { pointsOf } from './model/series.ts';
import type { Column } from './model/table.ts';
import { Table } from './table.tsx';
import { useNotebook } from './use-notebook.ts';

type PrintEntry = Extract<Entry, { kind: 'print' }>;
type Row = AnswerTo<'print'>['rows'][number];

export function PrintView({ entry }: { entry: PrintEntry }) {
  const notebook = useNotebook();
  const { answer, question, pending } = entry;
  const points = useMemo(() => answer && pointsOf(answer.rows), [answer]);
  const columns = useMemo<readonly Column<Row>[]>(
    () => [{ name: question.expression, text: ({ value }) => value }],
    [question.expression],
  );
  if (!answer) return null;
  const label = `${question.expression} at line ${question.line}`;
  return (
    <>
      <PrintForm question={question} />
      {answer.total === 0 ? (
        <p>The line was not executed in what is recorded so far{question.condition && ', or not so'}.</p>
      ) : (
        <div class="columns">
          <Table
            label={label}
            rows={answer.rows}
            columns={columns}
            total={answer.total}
            pending={pending}
            more={(limit) => notebook.more(limit)}
            look={({ failed }) => (failed ? 'failed' : '')}
          />
          {points && <Chart label={label} samples={answer.rows} points={points} />}
        </div>
      )}
    </>
  );
}

/** Changes what is printed, and asks anew. */
function PrintForm({ question }: { question: PrintEntry['question'] }) {
  const notebook = useNotebook();
  const [changed, change] = useState(question);
  const ask = (event: Event) => {
    event.preventDefault();
    const { condition, ...rest } = changed;
    notebook.ask({ ...rest, ...(condition?.trim() ? { condition } : {}) });
  };
  return (
    <form class="ask" onSubmit={ask}>
      print{' '}
      <input
        aria-label="Expression"
        value={changed.expression}
        spellcheck={false}
        onInput={({ currentTarget }) => change({ ...changed, expression: currentTarget.value })}
      />{' '}
      at <PrintFields at={{ condition: '', ...changed }} change={(fields) => change({ ...changed, ...fields })} />
      <button type="submit" class="primary" disabled={changed.expression.trim() === ''}>
        Print
      </button>
    </form>
  );
}
