/**
 * What a program in C finds around it that is not the same for all: variables of the environment, and the date on which it
 * starts. Both are compiled with it, as the functions by which wasi-libc asks for them, and so stand in the prompt.
 */
import { PlacedError } from '../errors.ts';

export interface Surroundings {
  /** `NAME=VALUE`, by name each once. */
  readonly env: readonly string[];
  /** Milliseconds since 1970; undefined: the date that all programs start on. */
  readonly startDate: number | undefined;
}

/**
 * Reads what was given.
 * @param env `NAME=VALUE` each; of two of one name the last counts
 * @param startDate a date, with or without a time and a zone, as ISO 8601 has it; without a zone it is UTC
 * @throws PlacedError for what is none
 */
export function readSurroundings(env: readonly string[], startDate: string | undefined): Surroundings {
  const values = new Map<string, string>();
  for (const text of env) {
    const split = text.indexOf('=');
    if (split < 1 || text.includes('\0')) {
      throw new PlacedError(`"${text}" is no variable of an environment: write NAME=VALUE`);
    }
    values.set(text.slice(0, split), text.slice(split + 1));
  }
  return {
    env: [...values].map(([name, value]) => `${name}=${value}`),
    startDate: startDate === undefined ? undefined : milliseconds(startDate),
  };
}

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;
const LAST = Date.UTC(2200, 0);

function milliseconds(text: string): number {
  const [, time, , , zone] = DATE.exec(text) ?? [];
  const found = DATE.test(text) ? Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text) : Number.NaN;
  if (!(found >= 0 && found < LAST) || !isDay(text)) {
    throw new PlacedError(`"${text}" is no date from 1970 to 2199: write 2024-02-29, or 2024-02-29T12:30:00Z`);
  }
  return found;
}

/** Whether a month has the day: JavaScript takes February 30th for one in March. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Functions of WASI's interface, in C; empty where everything is as always. */
export function surroundingsInC({ env, startDate }: Surroundings): string {
  return (env.length > 0 ? environmentInC(env) : '') + (startDate === undefined ? '' : clockInC(startDate));
}

function environmentInC(env: readonly string[]): string {
  const bytes = Buffer.from(env.map((text) => `${text}\0`).join(''));
  return `static const unsigned char environment[] = {${bytes.join(',')}};
unsigned short __wasi_environ_sizes_get(unsigned *count, unsigned *size) {
  *count = ${env.length};
  *size = ${bytes.length};
  return 0;
}
unsigned short __wasi_environ_get(unsigned char **to, unsigned char *buffer) {
  for (unsigned i = 0; i < ${bytes.length}; i++) {
    if (i == 0 || environment[i - 1] == 0) *to++ = buffer + i;
    buffer[i] = environment[i];
  }
  return 0;
}
`;
}

/** As the clock of all programs (helpers/wasi.c): a millisecond later each time that it is read. */
function clockInC(startDate: number): string {
  return `unsigned short __wasi_clock_time_get(unsigned id, unsigned long long precision, unsigned long long *to) {
  static unsigned ticks;
  *to = ++ticks * 1000000ull + (id == 0 ? ${startDate}000000ull : 0);
  return 0;
}
`;
}
