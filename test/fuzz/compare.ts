/** A program in the model and in V8: the first thing in which the two differ. */
import { PlacedError } from '../../engine/errors.ts';
import { type NumberType, numberType, type TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { ContextRun } from '../../engine/run/contexts.ts';
import type { Stop } from '../../engine/run/run.ts';
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
      const model = text(instance.global(type)?.[0] as Value);
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

/** Tokens of a context beside the state that it begins with, from so many on. */
const CONTEXT = 2 ** 15;

/**
 * Runs a program from its entry, in contexts of several lengths that the seed says: output, exit code and trap are compared.
 */
export async function compareProgram(wasm: Uint8Array, generator: Generator, seed: number): Promise<Outcome> {
  const native = runNative(wasm);
  const program = await programOf(wasm);
  let contexts = 0;
  const run = new ContextRun(program, { input: new Uint8Array(), more: false }, generator, {
    budget: BUDGET,
    prompt: encodePrompt,
    // Longer and longer, so that a program of millions of tokens has some dozens.
    length: (state) => 2 * state + CONTEXT * (1 + contexts ** 2) + ((seed * 7919 + contexts++ * 104_729) % CONTEXT),
  });
  const stop = run.toEnd(1 << 16);
  if (stop.kind === 'failed' && !(stop.error instanceof PlacedError)) throw stop.error;
  const latin = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('latin1');
  const output = latin(run.output.pieces(0).flatMap(({ bytes }) => [...bytes]));
  const model = `${output}${stopWords(stop)}`;
  const expected = `${latin(native.output)}${native.trap ? `trap: ${native.trap}` : `exit: ${native.exitCode}`}`;
  const difference = model === expected ? undefined : { where: 'output', model, native: expected };
  const traps = stop.kind === 'ended' && stop.end.reason ? [stop.end.reason] : [];
  return { difference, tokens: run.generated, traps };
}

function stopWords(stop: Stop): string {
  switch (stop.kind) {
    case 'ended':
      return stop.end.kind === 'trap' ? `trap: ${stop.end.reason}` : `exit: ${stop.end.code}`;
    case 'failed':
      return stop.error.message;
    default:
      return 'the budget is used up';
  }
}
