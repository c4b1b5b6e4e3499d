/** Every call of a function: arguments, what came back, how deep and how long. */
import { useMemo } from 'preact/hooks';
import { number } from '../dom.ts';
import type { Entry } from './model/notebook.ts';
import type { AnswerTo } from './model/questions.ts';
import type { Column } from './model/table.ts';
import { Table } from './table.tsx';
import { useNotebook } from './use-notebook.ts';

type Call = AnswerTo<'calls'>['calls'][number];

export function CallsView({ entry }: { entry: Extract<Entry, { kind: 'calls' }> }) {
  const notebook = useNotebook();
  const { answer, question, pending } = entry;
  const columns = useMemo(() => columnsOf(answer?.calls ?? []), [answer]);
  if (!answer) return null;
  if (answer.total === 0) {
    return (
      <p>
        <code>{question.function}</code> was not called in what is recorded so far.
      </p>
    );
  }
  return (
    <Table
      label={`Calls of ${question.function}`}
      rows={answer.calls}
      columns={columns}
      total={answer.total}
      pending={pending}
      more={(limit) => notebook.more(limit)}
    />
  );
}

/** A column for each argument; all calls of a function have the same. */
function columnsOf(calls: readonly Call[]): readonly Column<Call>[] {
  const names = calls[0]?.arguments.map(({ name }) => name) ?? [];
  return [
    ...names.map((name, index): Column<Call> => ({ name, text: (call) => call.arguments[index]?.value ?? '' })),
    { name: 'returned', text: ({ returned, end }) => returned ?? (end === undefined ? 'still open' : '') },
    { name: 'depth', text: ({ depth }) => String(depth) },
    { name: 'trace lines', text: ({ lines }) => number(lines), order: ({ lines }) => lines },
  ];
}
