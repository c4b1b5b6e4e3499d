/**
 * What is wrong with WebAssembly text: wabt's judgement of it, and then what the machine cannot run. The first are
 * errors, the second warnings: the text is right, but not for the transformer.
 */
import { PlacedError } from '../../engine/errors.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import type { WasmModule } from '../../engine/toolchain/decode/module.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { scanWat, type WatToken } from '../../engine/wat/scanner.ts';
import { watToWasm } from '../../engine/wat/wat.ts';
import { MOST_PROBLEMS, type Problem } from './problem.ts';
import { watFunctions } from './wat-functions.ts';

/** Name of the text in messages; taken out of them again. */
const FILE = 'text';

/** Problems of a module in text form. Never rejects. */
export async function watProblems(text: string): Promise<Problem[]> {
  let wasm: Uint8Array;
  try {
    wasm = await watToWasm(text, FILE);
  } catch (error) {
    return [invalid(text, error)];
  }
  try {
    const module = decode(wasm, FILE);
    try {
      lower(module, { file: FILE });
      return [];
    } catch (error) {
      return unsupported(text, module, error).slice(0, MOST_PROBLEMS);
    }
  } catch (error) {
    return [invalid(text, error)];
  }
}

/**
 * Problems of a script (`.wast`): of each module that it holds as text. Its assertions are not run, and whether a
 * module has an entry does not matter there.
 */
export async function wastProblems(text: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const lineStarts = startsOfLines(text);
  for (const { start, end } of modulesOf(text)) {
    const line = lineOf(lineStarts, start);
    try {
      // Columns of the first line stay right behind blanks.
      await watToWasm(' '.repeat(start - lineStarts[line]) + text.slice(start, end), FILE);
    } catch (error) {
      const problem = invalid(text.slice(lineStarts[line], end), error);
      problems.push({ ...problem, line: problem.line + line });
      if (problems.length === MOST_PROBLEMS) break;
    }
  }
  return problems;
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

/** Where wabt found an error: its word. */
function invalid(text: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const { line = 1, column = 1 } = error instanceof PlacedError ? error.place : {};
  const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
  const length = /^"(?:[^"\\]|\\.)*"?|^[^\s()";]+/.exec(rest)?.[0].length ?? 1;
  return { message, line, column, length, severity: 'error' };
}

/** One line per problem: what, in which function, at which offset of the module. */
const LISTED = /^ {2}(.+?)(?: \((?:[^()]*, )?wasm offset 0x([0-9a-f]+)\))?$/;

/** What the lowering lists, each at its place. */
function unsupported(text: string, module: WasmModule, error: unknown): Problem[] {
  const message = error instanceof Error ? error.message : String(error);
  const [first, ...listed] = message.split('\n');
  const places = new Places(text, module);
  const reason = first.replace(/:$/, '');
  if (listed.length === 0) return [places.problem(first, places.module)];
  return listed.map((line) => {
    const [, what = line.trim(), offset] = LISTED.exec(line) ?? [];
    const at = offset === undefined ? places.named(what) : places.operator(Number.parseInt(offset, 16));
    return places.problem(`${reason}: ${what}`, at);
  });
}

/** Leads from a module back to its text. */
class Places {
  private readonly text: string;
  private readonly wasm: WasmModule;
  private readonly tokens: WatToken[];
  private readonly lineStarts: number[];

  constructor(text: string, wasm: WasmModule) {
    this.text = text;
    this.wasm = wasm;
    this.tokens = scanWat(text);
    this.lineStarts = startsOfLines(text);
  }

  /** The word `module`, or the first one. */
  get module(): WatToken | undefined {
    return this.tokens.find(({ kind }) => kind === 'atom') ?? this.tokens[0];
  }

  /** The operator at an offset of the module; its function where the text's operators cannot be told apart. */
  operator(offset: number): WatToken | undefined {
    const functions = watFunctions(this.text, this.tokens);
    for (const [i, fn] of this.wasm.functions.entries()) {
      const operator = fn.offsets.indexOf(offset);
      if (operator < 0) continue;
      const found = functions.length === this.wasm.functions.length ? functions[i] : undefined;
      if (!found) break;
      return found.operators.length === fn.codes.length
        ? found.operators[operator]
        : (found.nameToken ?? found.keyword);
    }
    return this.module;
  }

  /** The import that a problem names, or the module. */
  named(what: string): WatToken | undefined {
    const [, from, name] = /\bimport(?:ed \w+)? ([^\s.]+)\.(\S+)/.exec(what) ?? [];
    if (from === undefined) return this.module;
    const quoted = (i: number) => this.text.slice(this.tokens[i].start, this.tokens[i].end);
    const at = this.tokens.findIndex(
      ({ kind }, i) =>
        kind === 'string' && i + 1 < this.tokens.length && quoted(i) === `"${from}"` && quoted(i + 1) === `"${name}"`,
    );
    return at < 0 ? this.module : this.tokens[at + 1];
  }

  problem(message: string, token: WatToken | undefined): Problem {
    const start = token?.start ?? 0;
    const line = lineOf(this.lineStarts, start);
    const length = (token?.end ?? 1) - start;
    return { message, line: line + 1, column: start - this.lineStarts[line] + 1, length, severity: 'warning' };
  }
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line (from 0) of an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle;
  }
  return low;
}
