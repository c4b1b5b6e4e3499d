/** One exported function per operator of WebAssembly, in V8 and in the oracle, called with the same bits. */
import type { TokenProgram } from '../../engine/isa/program.ts';
import { Invoker, type Value } from '../oracle/invoke.ts';
import { type Exported, instantiate, trapReason } from '../oracle/native.ts';
import { programOf, wasmOf } from './wat.ts';

/** An operator: `f64.add` with parameters and result. */
export interface Operator {
  readonly name: string;
  readonly params: readonly string[];
  readonly result: string;
}

/** The integer type with as many bytes. */
const bitsOf = (type: string) => `i${type.slice(1)}`;

/** Functions on bits: floats come and go as integers, so that no NaN is changed on the way. */
export function moduleOf(operators: readonly Operator[]): string {
  const functions = operators.map(({ name, params, result }) => {
    const args = params.map((type, i) => {
      const get = `(local.get ${i})`;
      return type[0] === 'f' ? `(${type}.reinterpret_${bitsOf(type)} ${get})` : get;
    });
    const body = `(${name} ${args.join(' ')})`;
    const back = result[0] === 'f' ? `(${bitsOf(result)}.reinterpret_${result} ${body})` : body;
    return `(func (export "${name}") (param ${params.map(bitsOf).join(' ')}) (result ${bitsOf(result)}) ${back})`;
  });
  return `(module ${functions.join('\n')})`;
}

/** Both sides, ready to be called. */
export class Sides {
  readonly program: TokenProgram;
  readonly ours: Invoker;
  private readonly exports: Record<string, unknown>;

  private constructor(program: TokenProgram, exports: Record<string, unknown>) {
    this.program = program;
    this.ours = new Invoker(program);
    this.exports = exports;
  }

  static async of(operators: readonly Operator[]): Promise<Sides> {
    const wasm = await wasmOf(moduleOf(operators));
    return new Sides(await programOf(wasm, { exports: true }), instantiate(wasm));
  }

  /** Result, or name of the trap, in V8. */
  native(name: string, args: readonly Value[]): Value | string {
    try {
      return (this.exports[name] as Exported)(...args) as Value;
    } catch (error) {
      return trapReason(error as Error);
    }
  }

  oracle(name: string, args: readonly Value[]): Value | string {
    const result = this.ours.bits(name, args);
    return typeof result === 'string' ? result : result[0];
  }
}

/** A source of pseudo-random 32-bit numbers. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
