/**
 * Evaluating C expressions: text to a compiled expression, and its results as values.
 */
import { PlacedError } from '../../errors.ts';
import type { Place } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { bare, sizeOf, type Type } from '../types/types.ts';
import type { Value } from '../types/values.ts';
import { type Code, decayed, truthOf } from './code.ts';
import { compile } from './compiler.ts';
import { parseExpression } from './parser.ts';
import { type ExpressionScope, typeIn } from './scope.ts';
import type { Expression } from './tree.ts';

/** An expression ready to be evaluated, any number of times. */
export interface CompiledExpression {
  type: Type;
  /** The value in a state; an object's has the object's place. Throws `PlacedError` (column from 1) where there is none. */
  evaluate(state: MachineState): Value;
  /** Whether the value is not zero: for conditions. Throws `PlacedError`. */
  truth(state: MachineState): boolean;
}

/**
 * Compiles a C expression for a place of the program. Throws `PlacedError` with the column (from 1) in `text`: syntax,
 * unknown names, types that don't fit, and what is not evaluated (calls, assignments).
 */
export function compileExpression(text: string, scope: ExpressionScope): CompiledExpression {
  const code = compile(nameAlone(text, scope) ?? parseExpression(text, scope), scope);
  if (code.list) {
    throw new PlacedError(`${code.list.description} has no value of its own: write ${text.trim()}[0]`, {
      column: code.column,
    });
  }
  const isFunction = bare(code.type).kind === 'function';
  const result = isFunction ? decayed(code) : code;
  const evaluate = evaluator(result, scope);
  return {
    type: result.type,
    evaluate: isFunction ? (state) => functionValue(evaluate, code.type, state) : evaluate,
    truth: lazyTruth(result),
  };
}

/** A name that C cannot spell, and WebAssembly's text can (`$a-b`, `$f.0`), means what it names where it stands alone. */
function nameAlone(text: string, scope: ExpressionScope): Expression | undefined {
  const name = text.trim();
  const isName = /^\$[\w!#$%&'*+./:<=>?@\\^`|~-]+$/.test(name);
  return isName && scope.lookUp(name) ? { kind: 'name', name, column: text.indexOf(name) + 1 } : undefined;
}

/** A function by itself is shown as the pointer it becomes; one that no pointer can hold shows its type. */
function functionValue(evaluate: (state: MachineState) => Value, type: Type, state: MachineState): Value {
  try {
    return evaluate(state);
  } catch (error) {
    if (error instanceof PlacedError) return { type, place: { kind: 'gone', reason: error.message } };
    throw error;
  }
}

/** Conditions on values that are neither true nor false fail when asked, not when shown. */
function lazyTruth(code: Code): (state: MachineState) => boolean {
  let truth: ((state: MachineState) => boolean) | undefined;
  return (state) => {
    truth ??= truthOf(code);
    return truth(state);
  };
}

function evaluator(code: Code, scope: ExpressionScope): (state: MachineState) => Value {
  const { type, place, bits, number, bigint } = code;
  if (place) return (state) => ({ type: typeIn(scope, type, state), place: place(state), bits });
  if (!number && !bigint) return () => ({ type, place: { kind: 'bytes', bytes: new Uint8Array(0), known: undefined } });
  const plain = bare(type);
  const size = sizeOf(plain) ?? 0;
  return (state) => ({
    type,
    place: bytesOfScalar(bigint ? bigint(state) : number!(state), plain.kind === 'float', size),
  });
}

function bytesOfScalar(value: number | bigint, isFloat: boolean, size: number): Place {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (isFloat) {
    if (size === 4) view.setFloat32(0, Number(value), true);
    else if (size === 8) view.setFloat64(0, Number(value), true);
    else setFloat128(view, Number(value));
  } else if (size === 8) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else if (size === 4) view.setUint32(0, Number(value) >>> 0, true);
  else if (size === 2) view.setUint16(0, Number(value) & 0xffff, true);
  else view.setUint8(0, Number(value) & 0xff);
  return { kind: 'bytes', bytes, known: undefined };
}

/** A double as IEEE binary128: wider in both parts, so exact (subnormal doubles, which would need shifting, become 0). */
function setFloat128(view: DataView, value: number): void {
  const double = new DataView(new ArrayBuffer(8));
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const wide = exponent === 0x7ffn ? 0x7fffn : exponent === 0n ? 0n : exponent - 1023n + 16383n;
  const high = ((bits >> 63n) << 63n) | (wide << 48n) | (exponent === 0n ? 0n : fraction >> 4n);
  view.setBigUint64(8, high, true);
  view.setBigUint64(0, exponent === 0n ? 0n : (fraction & 0xfn) << 60n, true);
}
