/**
 * Prints after the fact: an expression at each execution of a line in the recording, as if it had been printed there. An
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
  const compiled = new Map(
    cursors.map((cursor) => {
      const value = evaluation.printed(args.expression, cursor);
      return [cursor, { value, holds: condition ? evaluation.condition(condition, cursor) : undefined }];
    }),
  );
  const rows: Row[] = [];
  let total = 0;
  yield* eachMarked(past, marksOf(past, cursors), 0, recording.reached + 1, (traceLine) => {
    const { value, holds } = compiled.get(recording.cursorOf(traceLine)) ?? {};
    if (!value || (holds && !isTrue(holds, traceLine))) return undefined;
    total++;
    if (rows.length < args.limit) {
      rows.push({ traceLine, token: recording.firstToken(traceLine), ...printed(value, traceLine) });
    }
    return undefined;
  });
  return { rows, total };
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

function printed(value: (line: number) => string, line: number): Pick<Row, 'value' | 'failed'> {
  try {
    return { value: value(line) };
  } catch (error) {
    if (error instanceof PlacedError) return { value: error.message, failed: true };
    throw error;
  }
}
