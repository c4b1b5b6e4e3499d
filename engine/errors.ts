/**
 * Errors with a place. Whatever goes wrong with a user's input is reported as one of these: what happened,
 * where (file, line, column; or the token of the trace), and what to do about it.
 */

/** Where an error belongs; all fields optional, lines and columns counted from 1. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  /** Index of a token in prompt + trace. */
  token?: number;
}

/** An error that the user can act on. `message` never repeats the place; `toString` does. */
export class PlacedError extends Error {
  readonly place: Place;

  constructor(message: string, place: Place = {}) {
    super(message);
    this.name = 'PlacedError';
    this.place = place;
  }

  override toString(): string {
    const { file, line, column, token } = this.place;
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    return `${where ? `${where}: ` : ''}${this.message}${token === undefined ? '' : ` (token ${token})`}`;
  }
}
