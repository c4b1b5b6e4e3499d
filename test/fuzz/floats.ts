/**
 * Every operator on floats in the model itself (by its kernel), on hard operands and random ones, against V8. Operands lie
 * in memory; the model goes through them and folds all results into one number, whose every bit depends on each of them.
 */
import type { TokenProgram } from '../../engine/isa/program.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Instance } from '../../engine/wast/instance.ts';
import type { Value } from '../../engine/wast/numbers.ts';
import { type Exported, instantiate } from '../oracle/native.ts';
import { canonical, OPERATORS } from '../toolchain/float-cases.ts';
import { moduleOf, type Operator } from '../toolchain/operators.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';
import { HardOperands } from './hard-floats.ts';

/** Operands of each operator that one program has in its memory. */
const EACH = 2000;
/** Bytes for the operands of one application. */
const STRIDE = 16;
const BUDGET = 60_000_000;

/** Where the model and V8 differ. */
export interface FloatDifference {
  readonly operator: string;
  readonly operands: readonly (number | bigint)[];
}

/** The operators in V8. */
let native: Record<string, unknown> | undefined;

interface Applied {
  readonly operator: Operator;
  readonly operands: (number | bigint)[][];
  readonly results: bigint[];
}

const integerOf = (type: string) => `i${type.slice(1)}`;
const name = ({ name }: Operator) => `fold ${name}`;

/** An exported function that applies an operator to all operands between two addresses. */
function foldText(operator: Operator): string {
  const { params, result } = operator;
  const args = params.map((type, i) => `(${type}.load offset=${8 * i} (local.get $at))`);
  const made = `(${operator.name} ${args.join(' ')})`;
  const bits = result[0] === 'f' ? `(${integerOf(result)}.reinterpret_${result} ${made})` : made;
  const wide = result.endsWith('32') ? `(i64.extend_i32_u ${bits})` : bits;
  return `(func (export "${name(operator)}") (param $at i32) (param $end i32) (result i64) (local $sum i64)
    (loop $next
      (local.set $sum (i64.xor (i64.rotl (local.get $sum) (i64.const 7)) ${wide}))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${STRIDE}))) (local.get $end))))
    (local.get $sum))`;
}

/** What the functions above fold results into. */
function folded(results: readonly bigint[]): bigint {
  return results.reduce((sum, bits) => (BigInt.asUintN(64, sum << 7n) | (sum >> 57n)) ^ bits, 0n);
}

function dataText(all: readonly Applied[]): string {
  const bytes = Buffer.alloc(all.reduce((sum, { operands }) => sum + STRIDE * operands.length, 0));
  let at = 0;
  for (const { operator, operands } of all) {
    for (const values of operands) {
      for (const [i, value] of values.entries()) {
        if (operator.params[i].endsWith('32')) bytes.writeInt32LE(value as number, at + 8 * i);
        else bytes.writeBigInt64LE(value as bigint, at + 8 * i);
      }
      at += STRIDE;
    }
  }
  return bytes.toString('hex').replace(/../g, '\\$&');
}

/** Applies each operator to `each` operands. The first difference, if there is one, and how many tokens it took. */
export async function compareFloats(
  each: number,
  operands: HardOperands,
  generator: () => Generator,
): Promise<{ difference: FloatDifference | undefined; tokens: number }> {
  native ??= instantiate(await wasmOf(moduleOf(OPERATORS)));
  const exports = native;
  const all = OPERATORS.map((operator) => appliedTo(operator, each, operands, exports[operator.name] as Exported));
  const pages = Math.ceil((all.length * each * STRIDE) / 65536);
  const text = `(module (memory ${pages}) (data (i32.const 0) "${dataText(all)}") ${OPERATORS.map(foldText).join('\n')})`;
  const program: TokenProgram = await programOf(await wasmOf(text), { exports: true });
  const instance = new Instance(program, generator(), BUDGET);
  for (const [i, { operator, operands, results }] of all.entries()) {
    const agrees = (from: number, to: number) => {
      const [at, end] = [from, to].map((k): Value => ({ type: 'i32', bits: BigInt(STRIDE * (i * each + k)) }));
      const outcome = instance.call(name(operator), [at, end]);
      return outcome.kind === 'results' && outcome.values[0].bits === folded(results.slice(from, to));
    };
    if (agrees(0, each)) continue;
    let [from, to] = [0, each];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (agrees(from, middle)) from = middle;
      else to = middle;
    }
    return { difference: { operator: operator.name, operands: operands[from] }, tokens: instance.tokens };
  }
  return { difference: undefined, tokens: instance.tokens };
}

/** Operands on which an operator does not trap, and what V8 makes of them. */
function appliedTo(operator: Operator, count: number, operands: HardOperands, native: Exported): Applied {
  const made: Applied = { operator, operands: [], results: [] };
  while (made.operands.length < count) {
    const values = operands.of(operator);
    try {
      const result = canonical(operator, native(...values) as number | bigint);
      made.results.push(BigInt.asUintN(operator.result.endsWith('32') ? 32 : 64, BigInt(result)));
      made.operands.push(values);
    } catch (error) {
      if (!(error instanceof Error) || !/float unrepresentable/.test(error.message)) throw error;
    }
  }
  return made;
}

/** Tries so many operands, as many of each operator; prints the first that differ. Returns the exit status. */
export async function fuzzFloats(count: number, seed: number, generator: () => Generator): Promise<number> {
  const operands = new HardOperands(seed);
  const batch = EACH * OPERATORS.length;
  console.log(`seed ${seed}: ${OPERATORS.length} operators`);
  let tokens = 0;
  for (let done = 0; done < count; done += batch) {
    const each = Math.min(EACH, Math.ceil((count - done) / OPERATORS.length));
    const found = await compareFloats(each, operands, generator);
    tokens += found.tokens;
    if (found.difference) {
      const { operator, operands } = found.difference;
      console.log(`${operator} ${operands.map((value) => BigInt.asUintN(64, BigInt(value)).toString(16)).join(' ')}`);
      return 1;
    }
    console.log(
      `${(done + each * OPERATORS.length).toLocaleString('en')} operations agree, ${tokens.toLocaleString('en')} tokens`,
    );
  }
  console.log('the model and V8 agree');
  return 0;
}
