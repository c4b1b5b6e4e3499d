/**
 * WebAssembly as text and the validity of modules, by wabt.
 *
 * Allowed are version 1 of the language and the finished extensions that a program can run with: sign extension,
 * multiple values, imported and exported mutable globals, bulk memory operations, saturating conversions, reference types,
 * extended constant expressions, tail calls, vectors, exceptions and several memories. What needs another proposal is refused by its name.
 */
import type loadWabt from 'wabt';
import { PlacedError } from '../errors.ts';
import { memoriesOfData, withDataMemories } from './data-memories.ts';
import { Lines } from './lines.ts';
import { plainText } from './plain-text.ts';
import { type Fault, problemsOf } from './problems.ts';
import { scanWat } from './scanner.ts';

type Wabt = Awaited<ReturnType<typeof loadWabt>>;
type Module = ReturnType<Wabt['parseWat']>;

const ALLOWED = {
  mutable_globals: true,
  sign_extension: true,
  multi_value: true,
  bulk_memory: true,
  sat_float_to_int: true,
  reference_types: true,
  extended_const: true,
  tail_call: true,
  simd: true,
  exceptions: true,
  multi_memory: true,
};

/** Proposals that wabt knows and we do not take, with the names people know them by. */
const REFUSED = {
  threads: 'threads',
  memory64: '64-bit memory',
  relaxed_simd: 'relaxed SIMD',
  function_references: 'typed function references',
  gc: 'garbage collection',
} as const;

/** What wabt says of proposals that it does not know, or not well, with whatever features. */
const UNKNOWN: readonly (readonly [words: RegExp, proposal: string])[] = [
  [/\batomic|\bshared\b/, 'threads'],
  [
    /error: (struct|array) not allowed|type form \(got 0x(4e|4f|50|5e|5f)\)|unexpected opcode: 0xfb/,
    'garbage collection',
  ],
  [/token "?(rec\b|sub\b|struct\.|array\.|i31\.|ref\.(i31|cast|test|eq)\b)/, 'garbage collection'],
  [
    /token "?((any|eq|i31|struct|array|null|nullfunc|nullextern)ref\b|extern\.convert|any\.convert)/,
    'garbage collection',
  ],
  [/can only reference an imported global/, 'constants computed from its own globals (garbage collection)'],
  [/token \(, expected \)\.?\n.*\(table\b[^()]*ref \(/, 'tables with an initial value (typed function references)'],
  [/table elem type must be a reference type/, 'typed function references'],
  [/memory page size/, 'custom page sizes'],
  [/\bi64\.(add128|sub128|mul_wide_)|unexpected opcode: 0xfc 0x1[3-6]\b/, 'wide arithmetic'],
  [/token "?exact\b/, 'custom descriptors'],
  [/\b(return_)?call_ref\b|\bbr_on_(non_)?null\b|\bref\.as_non_null\b/, 'typed function references'],
];

/** A module would be right with proposals that are not supported. */
export class NeedsProposal extends PlacedError {
  /** @param names of the proposals @param found what is wrong without them: the first of it is the place */
  constructor(names: readonly string[], found: PlacedError) {
    super(`the module uses ${names.join(', ')}, which is not supported (${found.message})`, found.place);
  }
}

type Proposal = keyof typeof REFUSED;
type Features = Record<string, boolean>;

const PROPOSALS = Object.keys(REFUSED) as Proposal[];
/** Those that wabt can have on together, the most ordinary first. */
const ALL = PROPOSALS.slice(0, 2);

/** Larger inputs are refused: a token program of such a module would not fit the model by far. */
const MOST_BYTES = 64 << 20;

/**
 * wabt's text reader recurses on a small stack and, past about 150 levels, overwrites its own data and may never
 * return. Parentheses and blocks together may nest this deep; modules in binary form have no such limit.
 */
const MOST_NESTING = 100;

/** What wabt calls a text in its messages. */
const TEXT_NAME = 'input.wat';

let loading: Promise<Wabt> | undefined;

function wabt(): Promise<Wabt> {
  // Loaded with the first module: most programs are C.
  loading ??= import('wabt').then((loaded) => loaded.default());
  return loading;
}

function features(enabled: readonly Proposal[]): Features {
  const result: Features = { ...ALLOWED, annotations: false, code_metadata: false };
  for (const proposal of PROPOSALS) result[proposal] = enabled.includes(proposal);
  return result;
}

/** Validates a module. Without the features wabt takes its own; its types do not say that there is such an argument. */
function checked(module: Module, allowed: Features): void {
  (module as { validate(features: Features): void }).validate(allowed);
}

/**
 * Assembles WebAssembly text, with names kept in the module.
 * @param file name for messages
 * @throws PlacedError with all that is wrong, each with file, line and column
 */
export async function watToWasm(text: string, file: string): Promise<Uint8Array> {
  if (text.length > MOST_BYTES) throw new PlacedError('larger than 64 MiB', { file });
  if (text.trim() === '') throw new PlacedError('the file is empty; a module starts with `(module`', { file });
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  text = plainText(text, file);
  checkNesting(text, file);
  const api = await wabt();
  const make = (source: string, enabled: readonly Proposal[]) => {
    // As bytes: of a string it would take the low byte of each unit.
    const allowed = features(enabled);
    const module = api.parseWat(TEXT_NAME, new TextEncoder().encode(source), allowed);
    try {
      module.resolveNames();
      checked(module, allowed);
    } catch (error) {
      module.destroy();
      throw error;
    }
    return module;
  };
  const wasm = withModule(
    (enabled) => make(text, enabled),
    (module) => {
      const bytes = module.toBinary({ write_debug_names: true }).buffer.slice();
      // Only words can tell: most texts have no such segment.
      if (!/\bmemory\b[\s\S]*\bmemory\b/.test(text)) return bytes;
      const memories = memoriesOfData(module.toText({ foldExprs: false, inlineExport: false }));
      return memories.some((memory) => memory > 0) ? withDataMemories(bytes, memories) : bytes;
    },
    (message) => textError(message, file, text, (source) => faultsOf(source, (again) => make(again, []))),
    file,
  );
  /* The text reader lets some proposals through that the binary reader does not. */
  await validate(wasm, file);
  return wasm;
}

/**
 * The text of a valid module, one operator a line, with the names it has and made-up ones for the rest.
 * @param file name for messages
 * @throws PlacedError where wabt cannot write it
 */
export async function wasmToWat(wasm: Uint8Array, file: string): Promise<string> {
  const api = await wabt();
  return withModule(
    (enabled) => api.readWasm(wasm, { readDebugNames: true, check: true, ...features(enabled) }),
    (module) => {
      module.generateNames();
      module.applyNames();
      return module.toText({ foldExprs: false, inlineExport: false });
    },
    (message) => binaryError(message, file),
    file,
  );
}

/** Words that open a block; behind a parenthesis it is that which counts. */
const OPENING: readonly string[] = ['block', 'loop', 'if', 'try', 'try_table'];

/** @throws PlacedError where parentheses and blocks nest too deep */
function checkNesting(text: string, file: string): void {
  let depth = 0;
  let isFolded = false;
  for (const { kind, start, end } of scanWat(text)) {
    const word = kind === 'atom' && end - start <= 9 ? text.slice(start, end) : kind;
    if (word === ')' || word === 'end') depth--;
    else if (word === '(' || (OPENING.includes(word) && !isFolded)) depth++;
    isFolded = word === '(';
    if (depth <= MOST_NESTING) continue;
    throw new PlacedError(`nested more than ${MOST_NESTING} levels deep`, { file, ...new Lines(text).placeOf(start) });
  }
}

/**
 * Checks that bytes are a valid module without unsupported proposals.
 * @throws PlacedError naming the proposal, or what is wrong at which byte
 */
export async function validate(wasm: Uint8Array, file?: string): Promise<void> {
  if (wasm.length > MOST_BYTES) throw new PlacedError('larger than 64 MiB', { file });
  if (wasm.length < 4 || wasm[0] !== 0 || wasm[1] !== 0x61 || wasm[2] !== 0x73 || wasm[3] !== 0x6d) {
    const what = wasm.length === 0 ? 'the file is empty' : 'not a WebAssembly module';
    throw new PlacedError(`${what}: a module starts with the bytes 00 61 73 6d`, { file });
  }
  if (wasm.length >= 8 && (wasm[4] !== 1 || wasm[5] || wasm[6] || wasm[7])) {
    const component = wasm[6] === 1 ? ' (this is a component, not a module)' : '';
    throw new PlacedError(`WebAssembly version ${wasm[4] | (wasm[5] << 8)} is not supported${component}`, { file });
  }
  const api = await wabt();
  withModule(
    (enabled) => {
      const allowed = features(enabled);
      const module = api.readWasm(wasm, { readDebugNames: true, check: true, ...allowed });
      try {
        checked(module, allowed);
      } catch (error) {
        module.destroy();
        throw error;
      }
      return module;
    },
    () => undefined,
    (message) => binaryError(message, file),
    file,
  );
}

/** Makes a module with the allowed features; when that fails, finds out whether proposals would help. */
function withModule<T>(
  make: (enabled: readonly Proposal[]) => Module,
  use: (module: Module) => T,
  explain: (message: string) => PlacedError,
  file: string | undefined,
): T {
  let module: Module;
  try {
    module = make([]);
  } catch (error) {
    const crashed = crash(error, file);
    if (crashed) throw crashed;
    const { message } = error as Error;
    const needed: string[] = neededProposals(make).map((proposal) => REFUSED[proposal]);
    const said = needed.length === 0 ? UNKNOWN.find(([words]) => words.test(message))?.[1] : undefined;
    if (said !== undefined) needed.push(said);
    const found = explain(message);
    throw needed.length === 0 ? found : new NeedsProposal(needed, found);
  }
  let result: T;
  try {
    result = use(module);
  } catch (error) {
    throw crash(error, file) ?? explain((error as Error).message);
  }
  module.destroy();
  return result;
}

/** wabt recurses into nested blocks. Out of stack or memory it is unusable from then on: the next call loads another. */
function crash(error: unknown, file: string | undefined): PlacedError | undefined {
  const name = (error as Error).name;
  if (name !== 'RuntimeError' && name !== 'RangeError') return undefined;
  loading = undefined;
  return new PlacedError('too large or too deeply nested to be read', { file });
}

/** The proposals without which the module is refused; empty when it is invalid anyway. */
function neededProposals(make: (enabled: readonly Proposal[]) => Module): Proposal[] {
  const works = (enabled: readonly Proposal[]) => {
    try {
      make(enabled).destroy();
      return true;
    } catch {
      return false;
    }
  };
  const single = PROPOSALS.find((proposal) => works([proposal]));
  if (single) return [single];
  if (!works(ALL)) return [];
  let needed = ALL;
  for (const proposal of [...ALL].reverse()) {
    const without = needed.filter((other) => other !== proposal);
    if (works(without)) needed = without;
  }
  return needed;
}

/** wabt's `input.wat:line:column: error: message` with quoted source; columns there count bytes. */
const FAULT = new RegExp(`^${TEXT_NAME}:(\\d+):(\\d+): error: (.*)$`, 'gm');

/** What wabt says of a text; nothing if it takes it. */
function faultsOf(text: string, make: (text: string) => Module): Fault[] {
  try {
    make(text).destroy();
    return [];
  } catch (error) {
    if (crash(error, undefined)) return [];
    const matches = (error as Error).message.matchAll(FAULT);
    return [...matches].map(([, line, column, message]) => ({ message, line: Number(line), column: Number(column) }));
  }
}

/** All that is wrong with a text. `judge` is asked again, with what it finds made harmless. */
function textError(
  message: string,
  file: string,
  text: string,
  judge: (text: string) => readonly Fault[],
): PlacedError {
  const lines = new Lines(text);
  const problems = problemsOf(text, judge).map((problem) => {
    return { message: problem.message, place: { file, ...lines.placeOf(problem.offset) } };
  });
  return problems.length > 0 ? PlacedError.of(problems) : new PlacedError(lastWords(message), { file });
}

/** wabt's `0000abc: error: message`. */
function binaryError(message: string, file: string | undefined): PlacedError {
  const match = /^([0-9a-f]{7,}): error: (.*)$/m.exec(message);
  if (match) return new PlacedError(`invalid module: ${match[2]}`, { file, offset: Number.parseInt(match[1], 16) });
  const bare = /error: (.*)/.exec(message);
  return new PlacedError(`invalid module: ${bare ? bare[1] : lastWords(message)}`, { file });
}

function lastWords(message: string): string {
  return message.replace(/^\w+ failed:\s*/, '').split('\n')[0] || 'wabt gave no reason';
}
