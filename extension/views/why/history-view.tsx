/** Every value that something has had: a chart where they are numbers, and a table. */
import { useMemo } from 'preact/hooks';
import { fileName } from '../dom.ts';
import { Chart } from './chart.tsx';
import type { Entry } from './model/notebook.ts';
import type { AnswerTo } from './model/questions.ts';
import { pointsOf } from './model/series.ts';
import type { Column } from './model/table.ts';
import { Table } from './table.tsx';
import { useNotebook } from './use-notebook.ts';

type Write = AnswerTo<'history'>['writes'][number];

const COLUMNS: readonly Column<Write>[] = [
  { name: 'value', text: ({ value }) => value },
  { name: 'written by', text: ({ place }) => (place ? `${fileName(place.path)}:${place.line}` : '') },
];

export function HistoryView({ entry }: { entry: Extract<Entry, { kind: 'history' }> }) {
  const notebook = useNotebook();
  const { answer, question, pending } = entry;
  const points = useMemo(() => answer && pointsOf(answer.writes), [answer]);
  if (!answer) return null;
  if (answer.total === 0) return <p>It was never written in what is recorded so far.</p>;
  return (
    <div class="columns">
      <Table
        label={`Values of ${question.expression}`}
        rows={answer.writes}
        columns={COLUMNS}
        total={answer.total}
        pending={pending}
        more={(limit) => notebook.more(limit)}
      />
      {points && <Chart label={`Values of ${question.expression}`} samples={answer.writes} points={points} />}
    </div>
  );
}
