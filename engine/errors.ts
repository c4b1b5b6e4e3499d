/**
 * Errors with a place. Whatever goes wrong with a user's input is reported as one of these: what happened,
 * where (file, line, column; the token of the trace; the byte and function of the module), and what to do about it.
 * They are data: nobody has to read their text again to find out what is in it.
 */

/** Where an error belongs; all fields optional, lines and columns counted from 1. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  /** Index of a token in prompt + trace. */
  token?: number;
  /** Offset in bytes from the start of the WebAssembly module. */
  offset?: number;
  /** Name of the module's function. */
  function?: string;
}

/** One thing that is wrong. `message` never repeats the place. */
export interface Problem {
  readonly message: string;
  readonly place: Place;
}

/** More problems than this are counted where they are listed as text. */
const MOST_LISTED = 20;

/** An error that the user can act on: one problem or several. `message` and `place` are the first one's. */
export class PlacedError extends Error {
  /** All that is wrong, the first included. */
  readonly problems: readonly Problem[];

  constructor(message: string, place: Place = {}, others: readonly Problem[] = []) {
    super(message);
    this.name = 'PlacedError';
    this.problems = [{ message, place }, ...others];
  }

  /** The error of these problems, of which there is at least one. */
  static of([first, ...others]: readonly Problem[]): PlacedError {
    return new PlacedError(first.message, first.place, others);
  }

  get place(): Place {
    return this.problems[0].place;
  }

  /** A line for each problem, with its place. */
  override toString(): string {
    const { problems } = this;
    const lines = problems.slice(0, MOST_LISTED).map(problemText);
    if (problems.length > MOST_LISTED) lines.push(`and ${problems.length - MOST_LISTED} more`);
    return lines.join('\n');
  }
}

/** A problem in one line: `file:line:column: message (where else)`; of a text of one line, `column 3: message`. */
function problemText({ message, place }: Problem): string {
  const parts = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const isColumn = place.column !== undefined && place.file === undefined && place.line === undefined;
  const where = isColumn ? `column ${parts}` : parts;
  const also: string[] = [];
  if (place.function !== undefined) also.push(`function ${place.function}`);
  if (place.offset !== undefined) also.push(`wasm offset 0x${place.offset.toString(16)}`);
  if (place.token !== undefined) also.push(`token ${place.token}`);
  return `${where ? `${where}: ` : ''}${message}${also.length > 0 ? ` (${also.join(', ')})` : ''}`;
}
