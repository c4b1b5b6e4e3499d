/** Prints after the fact as charts: which were asked for, and their values over time. */
import type { AnswerOf } from '../../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../../dom.ts';

/** A print that was asked for. */
export interface Print {
  readonly path: string;
  readonly line: number;
  readonly expression: string;
}

/** Most rows that are charted. */
export const MOST_ROWS = 20_000;

/** Values over time. */
export interface Series {
  readonly label: string;
  readonly note: string;
  /** `height`: from 0 for the least value to 1 for the greatest; missing for what is no number. */
  readonly points: readonly { readonly token: number; readonly value: string; readonly height?: number }[];
  readonly least?: number;
  readonly greatest?: number;
}

/** A print's answer as a chart, or what was said against it. */
export function seriesOf(
  print: Print,
  answer: Pick<AnswerOf<'stepformer/print'>, 'rows' | 'total'> | undefined,
  error?: string,
): Series {
  const where = `${fileName(print.path)}:${print.line}`;
  const label = print.expression;
  if (!answer) return { label, note: error ?? where, points: [] };
  const { rows, total } = answer;
  const numbers = rows.map(({ value, failed }) => (failed ? undefined : numberIn(value)));
  const known = numbers.filter((value) => value !== undefined);
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const points = rows.map(({ token, value }, i) => {
    const found = numbers[i];
    if (found === undefined) return { token, value };
    return { token, value, height: greatest === least ? 0.5 : (found - least) / (greatest - least) };
  });
  const note = total > rows.length ? `${where}, first ${number(rows.length)} of ${number(total)}` : where;
  const counted = `${note}, ${number(total)}×`;
  const shown = total > rows.length ? note : counted;
  return known.length === 0 ? { label, note: shown, points } : { label, note: shown, points, least, greatest };
}

/** The number that a value begins with: `74 'J'`, `0x1f`, `true`. */
export function numberIn(value: string): number | undefined {
  if (value === 'true') return 1;
  if (value === 'false') return 0;
  const found = /^-?(0x[\da-f]+|\d+(\.\d+)?(e[+-]?\d+)?)/i.exec(value);
  if (!found) return undefined;
  return found[0].startsWith('-0x') ? -Number(found[0].slice(1)) : Number(found[0]);
}

/**
 * A print from what was typed: an expression, and `file:line` with a file among those that are known by their whole
 * path. A text if that cannot be.
 */
export function printFrom(expression: string, place: string, paths: readonly string[]): Print | string {
  const [, file, line] = /^(.+):(\d+)$/.exec(place.trim()) ?? [];
  if (expression.trim() === '') return 'Name an expression, such as depth.';
  if (file === undefined) return 'Name a place as file:line, such as main.c:12.';
  const path = paths.find((known) => known === file || fileName(known) === file) ?? file;
  return { path, line: Number(line), expression: expression.trim() };
}
