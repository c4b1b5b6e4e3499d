/** A table's rows in the order and the choice that people want, and which of them are in sight. */
import { numberIn } from './series.ts';

export interface Column<Row> {
  readonly name: string;
  /** What stands in the cell, and is searched. */
  text(row: Row): string;
  /** What is sorted by, where that is not the text. */
  order?(row: Row): number;
}

export interface Sorting {
  readonly column: number;
  readonly isDescending: boolean;
}

/** `> 5`, `!= 0`, `== 3`: a comparison that a filter may be, instead of a part of a text. */
const COMPARISON = /^\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$/;

const TESTS: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Rows that a filter leaves: a comparison with the column `compared`, or a part of the text of any. */
export function filtered<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
  compared: number,
): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return rows;
  const [, operator, right] = COMPARISON.exec(filter) ?? [];
  const bound = numberIn(right ?? '');
  if (operator && !Number.isNaN(bound)) {
    return rows.filter((row) => TESTS[operator](numberIn(columns[compared].text(row)), bound));
  }
  return rows.filter((row) => columns.some((column) => column.text(row).toLowerCase().includes(wanted)));
}

/** Rows by a column: numbers as numbers where both are, else as text; equal ones keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  if (!sorting) return rows;
  const { order, text } = columns[sorting.column];
  const sign = sorting.isDescending ? -1 : 1;
  const keyed = rows.map((row) => {
    const shown = text(row);
    return { row, number: order ? order(row) : numberIn(shown), text: shown };
  });
  keyed.sort((a, b) => {
    const difference = a.number - b.number;
    if (!Number.isNaN(difference)) return sign * difference;
    // Numbers before what is none.
    if (Number.isNaN(a.number) !== Number.isNaN(b.number)) return Number.isNaN(a.number) ? 1 : -1;
    return sign * (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  });
  return keyed.map(({ row }) => row);
}

/** What a click on a column's head makes of the order: ascending, descending, as it came. */
export function nextSorting(sorting: Sorting | undefined, column: number): Sorting | undefined {
  if (sorting?.column !== column) return { column, isDescending: false };
  return sorting.isDescending ? undefined : { column, isDescending: true };
}

/** Rows `start` up to but not including `end` that are drawn, with some above and below what is in sight. */
export function rowsInSight(scroll: number, height: number, rowHeight: number, rows: number) {
  const SPARE = 10;
  const start = Math.max(0, Math.floor(scroll / rowHeight) - SPARE);
  return { start, end: Math.min(rows, Math.ceil((scroll + height) / rowHeight) + SPARE) };
}
