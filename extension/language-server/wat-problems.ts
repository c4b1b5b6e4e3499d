/**
 * What is wrong with WebAssembly text: wabt's judgement of it, and then what the machine cannot run. The first are
 * errors, the second warnings: the text is right, but not for the transformer.
 */
import { PlacedError, type Problem } from '../../engine/errors.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import type { WasmModule } from '../../engine/toolchain/decode/module.ts';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { Lines } from '../../engine/wat/lines.ts';
import { scanWat, tokenAt, type WatToken } from '../../engine/wat/scanner.ts';
import { watToWasm } from '../../engine/wat/wat.ts';
import { type Finding, MOST_FINDINGS } from './finding.ts';
import { watFunctions } from './wat-functions.ts';

/** Findings about a module in text form. Never rejects. */
export async function watProblems(text: string): Promise<Finding[]> {
  const places = new Places(text);
  let module: WasmModule;
  try {
    module = decode(await watToWasm(text, FILE), FILE);
  } catch (error) {
    return problemsIn(error).map((problem) => places.error(problem));
  }
  try {
    lower(module, { file: FILE }, { helpers: await loadHelpers() });
    return [];
  } catch (error) {
    return problemsIn(error).map((problem) => places.warning(problem, module));
  }
}

/**
 * Findings about a script (`.wast`): about each module that it holds as text. Its assertions are not run, and whether a
 * module has an entry does not matter there.
 */
export async function wastProblems(text: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const lines = new Lines(text);
  for (const { start, end } of modulesOf(text)) {
    const { line, column } = lines.placeOf(start);
    // Columns of the first line stay right behind blanks.
    const module = ' '.repeat(column - 1) + text.slice(start, end);
    try {
      await watToWasm(module, FILE);
    } catch (error) {
      const places = new Places(module);
      for (const problem of problemsIn(error)) {
        const finding = places.error(problem);
        findings.push({ ...finding, line: finding.line + line - 1 });
      }
      if (findings.length >= MOST_FINDINGS) break;
    }
  }
  return findings.slice(0, MOST_FINDINGS);
}

/** What the errors call the text; not shown. */
const FILE = 'text';

function problemsIn(error: unknown): readonly Problem[] {
  if (error instanceof PlacedError) return error.problems.slice(0, MOST_FINDINGS);
  return [{ message: error instanceof Error ? error.message : String(error), place: {} }];
}

/** Top-level modules of a script, without those in binary or quoted form. */
function* modulesOf(text: string): Generator<{ start: number; end: number }> {
  const tokens = scanWat(text);
  const word = (i: number) => (tokens[i] ? text.slice(tokens[i].start, tokens[i].end) : '');
  let depth = 0;
  let start = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].kind === '(' && depth++ === 0) start = i;
    if (tokens[i].kind !== ')' || --depth > 0) continue;
    depth = Math.max(0, depth);
    const kind = word(start + 2).startsWith('$') ? word(start + 3) : word(start + 2);
    const isText = word(start + 1) === 'module' && !['binary', 'quote', 'definition', 'instance'].includes(kind);
    if (isText) yield { start: tokens[start].start, end: tokens[i].end };
  }
}

/** Leads from problems to the words of the text that they are about. */
class Places {
  private readonly text: string;
  private readonly tokens: readonly WatToken[];
  private readonly lines: Lines;

  constructor(text: string) {
    this.text = text;
    this.tokens = scanWat(text);
    this.lines = new Lines(text);
  }

  /** What is wrong with the text: at the word that stands at its place. */
  error({ message, place }: Problem): Finding {
    const { line = 1, column = 1 } = place;
    const offset = this.lines.startOf(line) + column - 1;
    const token = this.tokens[tokenAt(this.tokens, offset)];
    return { message, line, column, length: token ? token.end - offset : 1, severity: 'error' };
  }

  /** What the module needs and the machine does not have: at the operator or import that its offset is that of. */
  warning({ message, place }: Problem, module: WasmModule): Finding {
    const token = (place.offset === undefined ? undefined : this.wordOf(place.offset, module)) ?? this.module;
    const start = token?.start ?? 0;
    const length = (token?.end ?? 1) - start;
    return { message, ...this.lines.placeOf(start), length, severity: 'warning' };
  }

  /** The word `module`, or the first one. */
  private get module(): WatToken | undefined {
    return this.tokens.find(({ kind }) => kind === 'atom') ?? this.tokens[0];
  }

  private wordOf(offset: number, { imports, functions }: WasmModule): WatToken | undefined {
    const imported = imports.findIndex((entry) => entry.offset === offset);
    if (imported >= 0) return this.importedNames()[imported];
    const fn = functions.findIndex(({ offsets }) => offsets.includes(offset));
    // Where the text's functions or operators cannot be told apart, the function is named or nothing is.
    const found = watFunctions(this.text, this.tokens);
    if (fn < 0 || found.length !== functions.length) return undefined;
    const { codes, offsets } = functions[fn];
    const { operators, nameToken, keyword } = found[fn];
    return operators.length === codes.length ? operators[offsets.indexOf(offset)] : (nameToken ?? keyword);
  }

  /** The name in each `(import "module" "name"`: they are encoded in the order of the text. */
  private importedNames(): WatToken[] {
    const { text, tokens } = this;
    return tokens.filter((token, i) => {
      const isImport = i >= 3 && tokens[i - 3].kind === '(' && tokens[i - 1].kind === 'string';
      return isImport && token.kind === 'string' && text.slice(tokens[i - 2].start, tokens[i - 2].end) === 'import';
    });
  }
}
