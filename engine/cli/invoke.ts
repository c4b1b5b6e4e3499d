/**
 * `stepformer invoke`: calls exported functions of a module inside the model and prints their results. A later
 * call finds memory and globals as the ones before left them.
 */
import { readFile } from 'node:fs/promises';
import { PlacedError } from '../errors.ts';
import { LIMITS } from '../isa/limits.ts';
import type { ValueType } from '../isa/program.ts';
import { contextLength, LEAST_CONTEXT } from '../run/contexts.ts';
import { createGenerator, ENGINES } from '../run/engines.ts';
import { EXIT_STATUS, statusOfCode } from '../run/exit-status.ts';
import { readReadyModel } from '../run/model-files.ts';
import { load } from '../toolchain/load.ts';
import { outcomeText } from '../wast/claims.ts';
import { Instance, type Outcome } from '../wast/instance.ts';
import { formatValue, parseValue, type Value } from '../wast/numbers.ts';
import { answering, choice, parseOptions, UsageError, wholeNumber } from './options.ts';
import { ourInput } from './standard-input.ts';
import { writePieces } from './write-output.ts';

const OPTIONS = { batch: 'value', engine: 'value', 'max-tokens': 'value', context: 'value', json: 'flag' } as const;

/** A call as it is asked for, and where. */
interface Request {
  readonly func: string;
  readonly args: readonly string[];
  readonly place: { file?: string; line?: number };
}

/** Calls functions; resolves with the exit status: that of the first call that gives no results. */
export function invoke(args: readonly string[]): Promise<number> {
  return answering(args, async () => {
    const parsed = parseOptions(args, OPTIONS);
    const [file, func, ...rest] = parsed.files;
    const batch = parsed.value('batch');
    if (file === undefined) throw new UsageError('no module given: name a .wat or .wasm file and a function');
    if (batch !== undefined && func !== undefined) throw new UsageError(`unexpected "${func}" with --batch`);
    if (batch === undefined && func === undefined) throw new UsageError('no function given: name an export');
    const requests = batch === undefined ? [{ func, args: rest, place: { file } }] : await readBatch(batch);
    const engine = choice(parsed, 'engine', ENGINES);
    const budget = wholeNumber(parsed, 'max-tokens', 1, Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY;
    const context = wholeNumber(parsed, 'context', LEAST_CONTEXT, LIMITS.tokens);
    const { program } = await load([file], { lowering: { exports: true } });
    // All arguments are read before anything runs.
    const names = (program.entries ?? []).map(({ name }) => name);
    const calls = requests.map((request) => {
      const entry = program.entries?.find(({ name }) => name === request.func);
      if (!entry) {
        const there = names.length > 0 ? `; it exports ${names.join(', ')}` : '; it exports none';
        throw new PlacedError(`The module exports no function "${request.func}"${there}.`, request.place);
      }
      return { func: request.func, args: values(request, entry.params) };
    });
    const { model, prepared } = await readReadyModel();
    const source = createGenerator(model, 'hull', engine, prepared);
    const instance = new Instance(program, source, budget, (state) => contextLength(state, context));
    return perform(instance, calls, { json: parsed.flag('json'), batch: batch !== undefined });
  });
}

/** @throws PlacedError for arguments that are not of the function's types */
function values({ func, args, place }: Request, params: readonly ValueType[]): Value[] {
  if (args.length !== params.length) {
    const takes = params.length === 0 ? 'no arguments' : `(${params.join(', ')})`;
    throw new PlacedError(`${func} takes ${takes}, but ${args.length} were given.`, place);
  }
  return params.map((type, i) => {
    const value = parseValue(type, args[i]);
    if (!value) throw new PlacedError(`Argument ${i + 1} of ${func} is to be an ${type}; "${args[i]}" is none.`, place);
    return value;
  });
}

/** Lines of `{"func": "add", "args": [3, "-5"]}`. @throws PlacedError where a line is something else */
async function readBatch(file: string): Promise<Request[]> {
  let text: string;
  try {
    text = (file === '-' ? await ourInput() : await readFile(file)).toString();
  } catch (error) {
    throw new PlacedError(`The file cannot be read: ${(error as Error).message}.`, { file });
  }
  return text.split('\n').flatMap((source, i) => {
    if (source.trim() === '') return [];
    const place = { file, line: i + 1 };
    let call: unknown;
    try {
      // Numbers are kept as they are written: an i64 is too wide for JavaScript's.
      call = JSON.parse(
        source.replace(
          /("(?:[^"\\]|\\.)*")|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi,
          (number, string) => string ?? `"${number}"`,
        ),
      );
    } catch (error) {
      throw new PlacedError(`Not JSON: ${(error as Error).message}.`, place);
    }
    const { func, args = [] } = (call ?? {}) as { func?: unknown; args?: unknown };
    if (typeof func !== 'string' || !Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) {
      throw new PlacedError('A line of a batch is {"func": name, "args": [numbers, or strings of them]}.', place);
    }
    return [{ func, args, place }];
  });
}

/** Makes the calls and prints what they give: a line each, or as JSON an object (of a batch, an object per line). */
function perform(
  instance: Instance,
  calls: readonly { func: string; args: readonly Value[] }[],
  { json, batch }: { json: boolean; batch: boolean },
): number {
  let status = 0;
  let shown = 0;
  const tell = (outcome: Outcome, func: string | undefined, tokens: number) => {
    status ||= statusOf(outcome);
    if (json) {
      process.stdout.write(`${JSON.stringify({ func, ...described(outcome), tokens })}\n`);
      return;
    }
    writePieces(instance.output.pieces(shown));
    shown = instance.output.length;
    const text = outcome.kind === 'results' ? outcome.values.map(formatValue).join(' ') : outcomeText(outcome);
    (outcome.kind === 'results' || batch ? process.stdout : process.stderr).write(`${text}\n`);
  };
  if (instance.start.kind !== 'results') {
    tell(instance.start, undefined, instance.tokens);
    return status;
  }
  for (const { func, args } of calls) {
    const before = instance.tokens;
    const outcome = instance.call(func, args);
    tell(outcome, func, instance.tokens - before);
  }
  return status;
}

function described(outcome: Outcome) {
  if (outcome.kind !== 'results') return { results: null, exit: outcome };
  return { results: outcome.values.map((value) => ({ type: value.type, value: formatValue(value) })), exit: null };
}

function statusOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'results':
      return 0;
    case 'trap':
      return EXIT_STATUS.trap;
    case 'limit':
      return EXIT_STATUS.budget;
    case 'exit':
      return statusOfCode(outcome.code);
  }
}
