/** A program in the model and in V8: the first thing in which the two differ. */
import { PlacedError } from '../../engine/errors.ts';
import { type NumberType, numberType, type TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { History } from '../../engine/trace/history.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import type { Instance } from '../../engine/wast/instance.ts';
import { formatValue, isNaNOf, parseValue, type Value } from '../../engine/wast/numbers.ts';
import { type Exported, instantiate, runNative, trapReason } from '../oracle/native.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';
import { type Call, moduleText, type RandomModule } from './module.ts';
import { TYPES } from './operators.ts';

/** Where the two differ. */
export interface Difference {
  readonly where: string;
  readonly model: string;
  readonly native: string;
}

export interface Outcome {
  readonly difference: Difference | undefined;
  /** Tokens that were generated, and the traps that were met. */
  readonly tokens: number;
  readonly traps: readonly string[];
}

/** Most tokens per program. */
export const BUDGET = 20_000_000;

/** An instance whose exports can be called: in the model, or in the oracle. */
export type Callee = Pick<Instance, 'call' | 'global' | 'tokens'>;

const view = new DataView(new ArrayBuffer(8));

/** A value as JavaScript has it. */
function toNative({ type, bits }: Value): number | bigint {
  view.setBigUint64(0, bits);
  switch (type) {
    case 'i32':
      return view.getInt32(4);
    case 'i64':
      return view.getBigInt64(0);
    case 'f32':
      return view.getFloat32(4);
    default:
      return view.getFloat64(0);
  }
}

function fromNative(type: NumberType, value: number | bigint): Value {
  if (type === 'i64') return { type, bits: BigInt.asUintN(64, value as bigint) };
  if (type === 'i32') return { type, bits: BigInt.asUintN(32, BigInt(value)) };
  if (type === 'f32') view.setFloat32(0, value as number);
  else view.setFloat64(0, value as number);
  return { type, bits: type === 'f32' ? BigInt(view.getUint32(0)) : view.getBigUint64(0) };
}

/** Any NaN is as good as another. */
const text = (value: Value) => `${value.type} ${isNaNOf(value, 'any') ? 'nan' : formatValue(value)}`;

/** V8 has one message for two traps, twice: which it is, is ours to know. */
function sameTrap(model: string, native: string): boolean {
  if (native === 'indirect call type mismatch') return model === native || model === 'undefined element';
  if (native === 'invalid conversion to integer') return model === native || model === 'integer overflow';
  return model === native;
}

/** Makes the calls one after the other; after each, globals and memory are compared, too. */
export async function compareModule(
  module: RandomModule,
  calls: readonly Call[],
  open: (program: TokenProgram) => Callee,
): Promise<Outcome> {
  const wasm = await wasmOf(moduleText(module));
  const program = await programOf(wasm, { exports: true });
  const instance = open(program);
  const exports = instantiate(wasm);
  const traps: string[] = [];
  const result = (name: string, args: readonly Value[]): Difference | undefined => {
    const where = `${name}(${args.map(text).join(', ')})`;
    const outcome = instance.call(name, args);
    const types = program.entries?.find((entry) => entry.name === name)?.results ?? [];
    const model = outcome.kind === 'results' ? outcome.values.map(text).join(', ') : outcomeWords(outcome);
    try {
      const given = (exports[name] as Exported)(...args.map(toNative));
      const values = (types.length > 1 ? given : types.length === 1 ? [given] : []) as (number | bigint)[];
      const native = [...values].map((value, i) => text(fromNative(numberType(types[i]), value))).join(', ');
      return model === native ? undefined : { where, model, native };
    } catch (error) {
      const native = trapReason(error as Error);
      if (outcome.kind === 'trap' && sameTrap(outcome.reason, native)) {
        traps.push(outcome.reason);
        return undefined;
      }
      return { where, model, native: `trap: ${native}` };
    }
  };
  const state = (after: string): Difference | undefined => {
    for (const type of TYPES) {
      const model = text(instance.global(type) as Value);
      const native = text(fromNative(type, (exports[type] as { value: number | bigint }).value));
      if (model !== native) return { where: `global ${type} after ${after}`, model, native };
    }
    const memory = result('checksum', []);
    return memory && { ...memory, where: `memory after ${after}` };
  };
  let difference: Difference | undefined;
  for (const { func, args } of calls) {
    const { params } = module.functions[func].type;
    const values = params.map((type, i) => parseValue(type, args[i]) ?? { type, bits: 0n });
    difference = result(`f${func}`, values) ?? state(`f${func}(${values.map(text).join(', ')})`);
    if (difference) break;
  }
  return { difference, tokens: instance.tokens, traps };
}

function outcomeWords(outcome: { kind: string; reason?: string; code?: number }): string {
  return `${outcome.kind}: ${outcome.reason ?? outcome.code}`;
}

/** Runs a program from its entry: output, exit code and trap are compared. */
export async function compareProgram(wasm: Uint8Array, generator: Generator): Promise<Outcome> {
  const native = runNative(wasm);
  const program = await programOf(wasm);
  const prompt = encodePrompt(program, new Uint8Array());
  const history = new History(program, prompt);
  generator.append(prompt);
  const output: number[] = [];
  let refusal: string | undefined;
  try {
    while (!history.end && history.tokenCount < prompt.length + BUDGET) {
      const from = generator.length;
      const made = generator.generate(1 << 16);
      const tokens = generator.read(from, from + made);
      for (const token of tokens) if (token >= TOKEN.out && token < TOKEN.out + 256) output.push(token - TOKEN.out);
      history.append(tokens);
    }
  } catch (error) {
    if (!(error instanceof PlacedError)) throw error;
    refusal = error.message;
  }
  const latin = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('latin1');
  const { end } = history;
  const ended = !end
    ? (refusal ?? 'the budget is used up')
    : end.kind === 'trap'
      ? `trap: ${end.reason}`
      : `exit: ${end.code}`;
  const model = `${latin(output)}${ended}`;
  const expected = `${latin(native.output)}${native.trap ? `trap: ${native.trap}` : `exit: ${native.exitCode}`}`;
  const difference = model === expected ? undefined : { where: 'output', model, native: expected };
  return { difference, tokens: history.tokenCount - prompt.length, traps: end?.reason ? [end.reason] : [] };
}
