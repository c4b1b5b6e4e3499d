/**
 * Options of a command: `--name value`, `--name=value`, flags, and what stands between them. Unknown names are errors
 * that say which known one is nearest.
 */
import { PlacedError } from '../errors.ts';

/** Exit statuses that are not the program's own. */
export const STATUS = { badInput: 65, diverged: 70, budget: 124, trap: 134 } as const;

/** A command line that makes no sense. */
export class UsageError extends PlacedError {}

/** How often an option's value may come. */
export type OptionKind = 'flag' | 'value' | 'values';

export interface Parsed {
  files: string[];
  /** Whether a flag is given. */
  flag(name: string): boolean;
  /** The value of an option; the last one counts. */
  value(name: string): string | undefined;
  values(name: string): string[];
}

/** Numbers are no options. */
const NEGATIVE = /^-(\d|inf$|nan\b)/;

/** Reads arguments against the options that a command has, by name without dashes. @throws UsageError */
export function parseOptions(args: readonly string[], kinds: Readonly<Record<string, OptionKind>>): Parsed {
  const files: string[] = [];
  const found = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') {
      files.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-' || NEGATIVE.test(arg)) {
      files.push(arg);
      continue;
    }
    const [, name, , given] = /^--?([^=]*)(=([\s\S]*))?$/.exec(arg) as RegExpExecArray;
    if (!arg.startsWith('--') || !Object.hasOwn(kinds, name)) throw new UsageError(unknown(arg, name, kinds));
    let value = given;
    if (kinds[name] === 'flag') {
      if (value !== undefined) throw new UsageError(`--${name} takes no value`);
      value = '';
    } else if (value === undefined) {
      value = args[++i];
      if (value === undefined) throw new UsageError(`--${name} needs a value`);
    }
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return {
    files,
    flag: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1),
    values: (name) => found.get(name) ?? [],
  };
}

/** Runs a command; with `--json`, what is wrong with its input is an object, too. Resolves with the exit status. */
export async function answering(args: readonly string[], command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!args.includes('--json') || !(error instanceof PlacedError)) throw error;
    const problems = error.problems.map(({ message, place }) => ({ message, ...place }));
    process.stdout.write(`${JSON.stringify({ error: { ...problems[0], problems } })}\n`);
    return STATUS.badInput;
  }
}

/** The value of an option that is one of a few words; the first is the default. @throws UsageError */
export function choice<T extends string>(parsed: Parsed, name: string, words: readonly T[]): T {
  const value = parsed.value(name);
  if (value === undefined) return words[0];
  if (!words.includes(value as T)) {
    throw new UsageError(`--${name} is one of ${words.join(', ')}, not "${value}"`);
  }
  return value as T;
}

/** The value of an option that is a whole number. @throws UsageError */
export function wholeNumber(parsed: Parsed, name: string, min: number, max: number): number | undefined {
  const value = parsed.value(name);
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not "${value}"`);
  }
  return number;
}

function unknown(arg: string, name: string, kinds: Readonly<Record<string, OptionKind>>): string {
  const names = Object.keys(kinds);
  const near = names.map((known) => ({ known, away: distance(name, known) })).sort((a, b) => a.away - b.away)[0];
  const hint = near && near.away <= 3 ? `; did you mean --${near.known}?` : `; there are --${names.join(', --')}`;
  return `unknown option ${arg}${hint}`;
}

/** Edits that turn one word into another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
