/**
 * Arguments of a compiler as programs are built with elsewhere (`-I include -DN=3 -std=c11 -Wall`), for clang's compiler
 * proper, which spells some of them otherwise. From a launch configuration, the command line, or a
 * `compile_commands.json` (https://clang.llvm.org/docs/JSONCompilationDatabase.html) that names the file.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PlacedError } from '../../errors.ts';

/** What arguments mean. Paths are absolute. */
export interface CompilerArguments {
  readonly includePaths: readonly string[];
  /** Files that are included before the first line. */
  readonly includes: readonly string[];
  /** For `clang -cc1`. */
  readonly flags: readonly string[];
}

/** Those whose value may stand in the argument behind. */
const WITH_VALUE = /^(-I|-isystem|-iquote|-D|-U|-include|--?std(?=$|=))(?:=(?=.))?(.*)$/s;
/** Those that are passed on as they are. */
const PASSED = /^-(f[\w-]|W(?![al],)|std=|pedantic|w$|trigraphs$)/;

/** The driver's spellings that the compiler proper has other words for. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  '-ansi': ['-std=c89'],
  '-msimd128': ['-target-feature', '+simd128'],
  '-mno-simd128': ['-target-feature', '-simd128'],
  '-funsigned-char': ['-fno-signed-char'],
  '-fsigned-char': [],
  '-fno-strict-aliasing': ['-relaxed-aliasing'],
  '-fstrict-aliasing': [],
  '-fno-common': [],
  '-fno-exceptions': [],
  '-fno-omit-frame-pointer': [],
  '-fomit-frame-pointer': [],
};

/** Whether an argument of a command line is one for the compiler. */
export function isForCompiler(arg: string): boolean {
  return Object.hasOwn(OTHERWISE, arg) || PASSED.test(arg) || WITH_VALUE.test(arg);
}

/** Whether its value is the argument behind it. */
export function takesNext(arg: string): boolean {
  return WITH_VALUE.exec(arg)?.[2] === '';
}

/**
 * Reads arguments; relative paths start from `base`.
 * @param lenient leaves out what is not known, as what a build says of machines and outputs
 * @throws PlacedError for an argument that is not known, or has no value
 */
export function readArguments(args: readonly string[], base: string, lenient = false): CompilerArguments {
  const includePaths: string[] = [];
  const includes: string[] = [];
  const flags: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const valued = WITH_VALUE.exec(arg);
    if (Object.hasOwn(OTHERWISE, arg)) flags.push(...OTHERWISE[arg]);
    else if (valued) {
      const value = valued[2] || args[++i];
      if (value === undefined) throw new PlacedError(`the compiler's argument ${arg} needs a value`);
      if (valued[1] === '-D' || valued[1] === '-U') flags.push(valued[1] + value);
      else if (valued[1].endsWith('std')) flags.push(`-std=${value}`);
      else (valued[1] === '-include' ? includes : includePaths).push(resolve(base, value));
    } else if (PASSED.test(arg)) flags.push(arg);
    else if (!lenient) {
      throw new PlacedError(
        `the compiler's argument ${arg} is none of -I -isystem -D -U -include -std= -f... -W... -w -msimd128`,
      );
    }
  }
  return { includePaths, includes, flags };
}

interface Command {
  readonly directory: string;
  readonly file: string;
  readonly arguments?: readonly string[];
  readonly command?: string;
}

/**
 * The arguments that the nearest `compile_commands.json` has for a file: in its folder or one above, or in the folder
 * `build` of one of these; none if there is no such file, or it does not name this one.
 * @throws PlacedError when it is no JSON
 */
export async function databaseArguments(file: string): Promise<CompilerArguments> {
  const none = { includePaths: [], includes: [], flags: [] };
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    for (const place of [folder, join(folder, 'build')]) {
      const database = join(place, 'compile_commands.json');
      const text = await readFile(database, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const entry = commandsIn(text, database).find((entry) => resolve(entry.directory, entry.file) === file);
      return entry ? readArguments(entry.arguments ?? words(entry.command ?? ''), entry.directory, true) : none;
    }
    if (folder === dirname(folder)) return none;
  }
}

function commandsIn(text: string, database: string): Command[] {
  try {
    return JSON.parse(text) as Command[];
  } catch (error) {
    throw new PlacedError(`no valid JSON: ${(error as Error).message}`, { file: database });
  }
}

/** A command of a shell as its words: quotes and backslashes are taken away. */
function words(command: string): string[] {
  const found = command.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? [];
  const plain = (word: string) =>
    word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs, (_, single, double, escaped) => {
      return single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped;
    });
  return found.map(plain);
}
