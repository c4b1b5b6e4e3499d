/**
 * Prints after the fact: expressions at each execution of a line in the recording, as if they had been printed there. An
 * execution is where a breakpoint on the line would stop, so coming back to a line from a call that it made is none.
 */
import { PlacedError } from '../../../engine/errors.ts';
import { placeSource } from '../../breakpoints/placement.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Work } from '../../recording/pace.ts';
import { eachMarked, marksOf, type Past } from './past.ts';

type Answer = AnswerOf<'stepformer/print'>;
type Row = Answer['rows'][number];

/** @throws BadRequest for a line without code, PlacedError for text that is no expression */
export function* print(past: Past, args: ArgumentsOf<'stepformer/print'>): Work<Answer> {
  const { debuggee, recording, evaluation } = past;
  const { cursors, shown } = placeSource(debuggee.code, args.path, args.line);
  if (cursors.length === 0) throw new BadRequest(shown.message ?? 'there is no code on this line');
  const condition = args.condition?.trim();
  const columns = expressionsIn(args.expression);
  const compiled = new Map(
    cursors.map((cursor) => {
      const values = columns.map((expression) => evaluation.printed(expression, cursor));
      return [cursor, { values, holds: condition ? evaluation.condition(condition, cursor) : undefined }];
    }),
  );
  const rows: Row[] = [];
  let total = 0;
  yield* eachMarked(past, marksOf(past, cursors), 0, recording.reached + 1, (traceLine) => {
    const { values, holds } = compiled.get(recording.cursorOf(traceLine)) ?? {};
    if (!values || (holds && !isTrue(holds, traceLine))) return undefined;
    total++;
    if (rows.length < args.limit) {
      rows.push({ traceLine, token: recording.firstToken(traceLine), ...printed(values, traceLine) });
    }
    return undefined;
  });
  return { rows, columns, total };
}

/** `a; f(b, ";")` apart. One expression that is empty stays: what is wrong with it is said where it is read. */
function expressionsIn(text: string): readonly string[] {
  const parts = text.match(/(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^;])+/g) ?? [];
  const found = parts.map((part) => part.trim()).filter((part) => part !== '');
  return found.length > 0 ? found : [text];
}

/** A condition that fails does not hold. */
function isTrue(holds: (line: number) => boolean, line: number): boolean {
  try {
    return holds(line);
  } catch (error) {
    if (error instanceof PlacedError) return false;
    throw error;
  }
}

function printed(
  values: readonly ((line: number) => string)[],
  line: number,
): Pick<Row, 'value' | 'others' | 'failed'> {
  let failed = false;
  const [value, ...others] = values.map((one) => {
    try {
      return one(line);
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error;
      failed = true;
      return error.message;
    }
  });
  return { value, ...(others.length > 0 ? { others } : {}), ...(failed ? { failed } : {}) };
}
