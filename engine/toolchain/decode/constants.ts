/** Values of constant expressions, which segments and globals begin with. */
import type { Constant, Step, WasmGlobal } from './module.ts';

/** The bits of a value; of a reference to a function, which. */
export interface ConstantValue {
  readonly low: number;
  readonly high: number;
  readonly function?: number;
}

type Known = readonly (ConstantValue | undefined)[];

const KNOWN = new WeakMap<readonly WasmGlobal[], Known>();

/** The value of an expression; undefined if it is not known, as that of an imported global. */
export function evaluate(constant: Constant, globals: readonly WasmGlobal[]): ConstantValue | undefined {
  return constantValue(constant, valuesOf(globals));
}

/** Initial values of globals, each from those before it. */
function valuesOf(globals: readonly WasmGlobal[]): Known {
  const known = KNOWN.get(globals);
  if (known) return known;
  const values: (ConstantValue | undefined)[] = [];
  for (const { initial } of globals) values.push(constantValue(initial, values));
  KNOWN.set(globals, values);
  return values;
}

function constantValue({ steps }: Constant, globals: Known): ConstantValue | undefined {
  const stack: (ConstantValue | undefined)[] = [];
  for (const step of steps ?? []) stack.push(stepValue(step, globals, stack));
  return stack.length === 1 ? stack[0] : undefined;
}

/** Takes what the step takes from the stack. */
function stepValue(step: Step, globals: Known, stack: (ConstantValue | undefined)[]): ConstantValue | undefined {
  switch (step.kind) {
    case 'bits':
      return { low: step.low, high: step.high };
    case 'global':
      return globals[step.index];
    case 'function':
      return { low: 0, high: 0, function: step.index };
    case 'operator': {
      const [a, b] = stack.splice(-2);
      return a && b && arithmetic(step.name, a, b);
    }
  }
}

function arithmetic(name: string, a: ConstantValue, b: ConstantValue): ConstantValue {
  const [x, y] = [a, b].map(({ low, high }) => (BigInt(high | 0) << 32n) | BigInt(low >>> 0));
  const operator = name.slice(4);
  const result = operator === 'add' ? x + y : operator === 'sub' ? x - y : x * y;
  const high = name.startsWith('i64') ? Number(BigInt.asIntN(32, result >> 32n)) : 0;
  return { low: Number(BigInt.asIntN(32, result)), high };
}
