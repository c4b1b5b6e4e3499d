/** A print after the fact: the expression at every execution of its line, in a table and, of numbers, as a chart. */
import { useMemo } from 'preact/hooks';
import { Chart } from './chart.tsx';
import type { Entry } from './model/notebook.ts';
import type { AnswerTo } from './model/questions.ts';
import { pointsOf } from './model/series.ts';
import type { Column } from './model/table.ts';
import { valueAt } from './model/words.ts';
import { Table } from './table.tsx';
import { useNotebook } from './use-notebook.ts';

type PrintEntry = Extract<Entry, { kind: 'print' }>;
type Row = AnswerTo<'print'>['rows'][number];

export function PrintView({ entry }: { entry: PrintEntry }) {
  const notebook = useNotebook();
  const { answer, question, pending } = entry;
  const points = useMemo(() => answer && pointsOf(answer.rows), [answer]);
  const columns = useMemo<readonly Column<Row>[]>(
    () => (answer?.columns ?? []).map((name, index) => ({ name, text: (row) => valueAt(row, index) })),
    [answer],
  );
  if (!answer) return null;
  const { columns: expressions } = answer;
  const label = `${question.expression} at line ${question.line}`;
  if (answer.total === 0) {
    return <p>The line was not executed in what is recorded so far{question.condition && ', or not so'}.</p>;
  }
  return (
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
      {points && <Chart label={`${expressions[0]} at line ${question.line}`} samples={answer.rows} points={points} />}
    </div>
  );
}
