/**
 * A table of moments that stays quick with hundreds of thousands of rows: only those in sight are drawn. It sorts by a click
 * on a column's head, filters as one types; a click selects a row's token, Enter or double click travels there.
 */
/// <reference lib="dom" />
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { type Column, filtered, nextSorting, rowsInSight, type Sorting, sorted } from './model/table.ts';

/** Pixels, as in why.css. */
const ROW = 22;
const MOST_HEIGHT = 440;

interface Row {
  readonly token: number;
  readonly traceLine: number;
}

interface Props<R extends Row> {
  label: string;
  rows: readonly R[];
  /** Behind the moment, which is always the first. */
  columns: readonly Column<R>[];
  /** Rows that there are; more may be asked for. */
  total: number;
  pending: boolean;
  more(limit: number): void;
  /** Which column comparisons in the filter mean. */
  compared?: number;
  /** The row's look: `failed`. */
  look?(row: R): string;
}

export function Table<R extends Row>({ label, rows, columns, total, pending, more, compared = 0, look }: Props<R>) {
  const link = useLink();
  const [filter, setFilter] = useState('');
  const [sorting, sort] = useState<Sorting>();
  const [scroll, setScroll] = useState(0);
  const [active, activate] = useState(-1);
  const frame = useRef<HTMLDivElement>(null);
  const left = useMemo(() => filtered(rows, columns, filter, compared), [rows, columns, filter, compared]);
  const shown = useMemo(() => sorted(left, columns, sorting), [left, columns, sorting]);
  const height = Math.min((shown.length + 1) * ROW, MOST_HEIGHT);
  const { start, end } = rowsInSight(scroll, height, ROW, shown.length);
  const position = link.session.status?.traceLine ?? 0;
  useLayoutEffect(() => {
    const { current } = frame;
    if (current?.contains(document.activeElement)) current.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [active, start]);
  const move = (to: number) => {
    const index = Math.min(Math.max(to, 0), shown.length - 1);
    const { current } = frame;
    if (!current || !shown[index]) return;
    activate(index);
    // The heads stay in sight above the rows.
    const top = index * ROW;
    if (top < current.scrollTop) current.scrollTop = top;
    else if (top + 2 * ROW > current.scrollTop + height) current.scrollTop = top + 2 * ROW - height;
    link.select({ token: shown[index].token });
  };
  const keys = (event: KeyboardEvent) => {
    const page = Math.floor(height / ROW) - 2;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length };
    const step = steps[event.key as keyof typeof steps];
    if (step === undefined) return;
    event.preventDefault();
    move(active + step);
  };
  const rowOf = ({ target }: Event) => Number((target as Element).closest('tr')?.dataset.index ?? -1);
  return (
    <section class="rows">
      <Tools
        filter={filter}
        setFilter={setFilter}
        text={`${number(shown.length)}${shown.length === rows.length ? '' : ` of ${number(rows.length)}`} rows`}
        missing={total - rows.length}
        load={() => more(Math.min(total, 1_000_000))}
        pending={pending}
      />
      <div
        class="frame"
        ref={frame}
        style={{ height: `${height}px` }}
        onScroll={({ currentTarget }) => setScroll(currentTarget.scrollTop)}
      >
        <table aria-label={label} aria-rowcount={shown.length + 1}>
          <Heads columns={columns} sorting={sorting} sort={sort} />
          <tbody
            onClick={(event) => rowOf(event) >= 0 && move(rowOf(event))}
            onDblClick={(event) => shown[rowOf(event)] && link.travel(shown[rowOf(event)].token)}
            onKeyDown={keys}
          >
            <Spacer rows={start} />
            {shown.slice(start, end).map((row, offset) => {
              const index = start + offset;
              return (
                <Line
                  key={index}
                  row={row}
                  index={index}
                  columns={columns}
                  look={`${row.traceLine > position ? 'later' : ''} ${index === active ? 'active' : ''} ${look?.(row) ?? ''}`}
                  isFocus={index === Math.min(Math.max(active, start), end - 1)}
                />
              );
            })}
            <Spacer rows={shown.length - end} />
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface LineProps<R extends Row> {
  row: R;
  index: number;
  columns: readonly Column<R>[];
  /** Its classes. */
  look: string;
  /** Whether it is the one that the keyboard comes to. */
  isFocus: boolean;
}

function Line<R extends Row>({ row, index, columns, look, isFocus }: LineProps<R>) {
  const link = useLink();
  const title = look.includes('later') ? 'Later than the position' : undefined;
  return (
    <tr data-index={index} aria-rowindex={index + 2} class={look} title={title}>
      <td>
        <button
          type="button"
          class="link"
          tabIndex={isFocus ? 0 : -1}
          title={`Travel to token ${number(row.token)}`}
          onClick={() => link.travel(row.token)}
        >
          {number(row.token)}
        </button>
      </td>
      {columns.map((column) => (
        <td class="code" key={column.name} title={column.text(row)}>
          {column.text(row)}
        </td>
      ))}
    </tr>
  );
}

/** The room of rows that are not drawn. */
function Spacer({ rows }: { rows: number }) {
  if (rows <= 0) return null;
  return <tr style={{ height: `${rows * ROW}px` }} />;
}

interface ToolsProps {
  filter: string;
  setFilter(filter: string): void;
  text: string;
  missing: number;
  load(): void;
  pending: boolean;
}

function Tools({ filter, setFilter, text, missing, load, pending }: ToolsProps) {
  return (
    <p class="tools">
      <input
        type="search"
        aria-label="Filter"
        placeholder="filter: a text, or > 5"
        value={filter}
        onInput={({ currentTarget }) => setFilter(currentTarget.value)}
      />{' '}
      <span class="note" role="status">
        {text}
      </span>{' '}
      {missing > 0 && (
        <button type="button" class="link" disabled={pending} onClick={load}>
          {pending ? 'Loading…' : `Load ${number(missing)} more`}
        </button>
      )}
    </p>
  );
}

interface HeadsProps {
  columns: readonly { readonly name: string }[];
  sorting: Sorting | undefined;
  sort(sorting: Sorting | undefined): void;
}

function Heads({ columns, sorting, sort }: HeadsProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">token</th>
        {columns.map(({ name }, index) => {
          const isSorted = sorting?.column === index;
          const arrow = isSorted ? (sorting.isDescending ? ' ↓' : ' ↑') : '';
          return (
            <th
              key={name}
              scope="col"
              aria-sort={isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" title={`Sort by ${name}`} onClick={() => sort(nextSorting(sorting, index))}>
                {name}
                {arrow}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
