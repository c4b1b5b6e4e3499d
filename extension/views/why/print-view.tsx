/** A print after the fact: the expression at every execution of its line, in a table and, of numbers, as a chart. */
import { useMemo } from 'preact/hooks';
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
      {points && <Chart label={label} samples={answer.rows} points={points} />}
    </div>
  );
}
