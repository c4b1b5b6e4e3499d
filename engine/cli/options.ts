/**
 * Options of a command: `--name value`, `--name=value`, flags, and what stands between them, as node reads them. Unknown
 * names are errors that say which known one is nearest.
 */
import { parseArgs } from 'node:util';
import { PlacedError } from '../errors.ts';
import { EXIT_STATUS } from '../run/exit-status.ts';
import { isForCompiler, takesNext } from '../toolchain/clang/arguments.ts';

/** A command line that makes no sense. */
export class UsageError extends PlacedError {}

/** How often an option's value may come. */
export type OptionKind = 'flag' | 'value' | 'values';

export interface Parsed {
  /** What is no option; everything behind `--` is none. */
  files: string[];
  /** Whether a flag is given. */
  flag(name: string): boolean;
  /** The value of an option; the last one counts. */
  value(name: string): string | undefined;
  values(name: string): string[];
}

/**
 * Numbers are no options. Node would take each of their characters for one, so it gets them with a mark in front, which no
 * argument of a process can contain.
 */
const NEGATIVE = /^-(\d|inf$|nan\b)/;
const MARK = '\0';

/** Reads arguments against the options that a command has, by name without dashes. @throws UsageError */
export function parseOptions(args: readonly string[], kinds: Readonly<Record<string, OptionKind>>): Parsed {
  const files: string[] = [];
  const found = new Map<string, string[]>();
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' } as const]),
  );
  const marked = args.map((arg) => (NEGATIVE.test(arg) ? MARK + arg : arg));
  const { tokens } = parseArgs({ args: marked, options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const value = token.value?.replace(MARK, '');
    if (token.kind === 'positional') {
      files.push(value as string);
      continue;
    }
    const { name, rawName, index } = token;
    if (!rawName.startsWith('--') || !Object.hasOwn(kinds, name)) throw new UsageError(unknown(args[index], kinds));
    if (kinds[name] === 'flag' && value !== undefined) throw new UsageError(`--${name} takes no value`);
    if (kinds[name] !== 'flag' && value === undefined) throw new UsageError(`--${name} needs a value`);
    found.set(name, [...(found.get(name) ?? []), value ?? '']);
  }
  return {
    files,
    flag: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1),
    values: (name) => found.get(name) ?? [],
  };
}

/** The arguments that are the command's own: those behind `--` are none of its options. */
export function ownArguments(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? args : args.slice(0, dashes);
}

/** Arguments of a command line, apart: those that are for the C compiler, and the others. */
export function compilerArguments(args: readonly string[]): { clangArgs: string[]; others: string[] } {
  const clangArgs: string[] = [];
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const isTheirs = isForCompiler(args[i]);
    (isTheirs ? clangArgs : others).push(args[i]);
    if (isTheirs && takesNext(args[i]) && i + 1 < args.length) clangArgs.push(args[++i]);
  }
  return { clangArgs, others };
}

/** Runs a command; with `--json`, what is wrong with its input is an object, too. Resolves with the exit status. */
export async function answering(args: readonly string[], command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!ownArguments(args).includes('--json') || !(error instanceof PlacedError)) throw error;
    const problems = error.problems.map(({ message, place }) => ({ message, ...place }));
    process.stdout.write(`${JSON.stringify({ error: { ...problems[0], problems } })}\n`);
    return EXIT_STATUS.badInput;
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

function unknown(arg: string, kinds: Readonly<Record<string, OptionKind>>): string {
  const names = Object.keys(kinds);
  const name = arg.replace(/^--?/, '').replace(/=.*$/s, '');
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
