/**
 * Evaluating C expressions: text to a compiled expression, and its results as values.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import type { DisplayFormat } from '../types/integer-text.ts';
import { bare, sizeOf, type Type } from '../types/types.ts';
import type { Value } from '../types/values.ts';
import { bytesPlace, type Code, decayed, truthOf } from './code.ts';
import { compile } from './compiler.ts';
import { bytesOfScalar } from './encoding.ts';
import { type ExpressionScope, typeIn } from './scope.ts';
import { parseExpression } from './syntax/parser.ts';

/** An expression ready to be evaluated, any number of times. */
export interface CompiledExpression {
  type: Type;
  /** The text without a format suffix, and a count as `@count`: what names of children are made from. */
  source: string;
  /** What the suffix `,x` asks for. */
  format: DisplayFormat | undefined;
  /** Whether it calls functions: it has a value only in a state that can. */
  calls: boolean;
  /** The value in a state; an object's has the object's place. Throws `PlacedError` (column from 1) where there is none. */
  evaluate(state: MachineState): Value;
  /** Whether the value is not zero: for conditions. Throws `PlacedError`. */
  truth(state: MachineState): boolean;
}

/**
 * Compiles a C expression for a place of the program. Throws `PlacedError` with the column (from 1) in `text`: syntax,
 * unknown names, types that don't fit, and what is not evaluated (assignments).
 */
export function compileExpression(text: string, scope: ExpressionScope): CompiledExpression {
  const { tree, source, format } = nameAlone(text, scope) ?? parseExpression(text, scope);
  const { code, calls } = compile(tree, scope);
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
    source,
    format,
    calls,
    evaluate: isFunction ? (state) => functionValue(evaluate, code.type, state) : evaluate,
    truth: lazyTruth(result),
  };
}

/** A name that C cannot spell, and WebAssembly's text can (`$a-b`, `$f.0`), means what it names where it stands alone. */
function nameAlone(text: string, scope: ExpressionScope): ReturnType<typeof parseExpression> | undefined {
  const name = text.trim();
  const isName = /^\$[\w!#$%&'*+./:<=>?@\\^`|~-]+$/.test(name);
  if (!isName || !scope.lookUp(name)) return undefined;
  return { tree: { kind: 'name', name, column: text.indexOf(name) + 1 }, source: name, format: undefined };
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
  if (!number && !bigint) return () => ({ type, place: bytesPlace(new Uint8Array(0)) });
  const plain = bare(type);
  const size = sizeOf(plain) ?? 0;
  return (state) => ({
    type,
    place: bytesPlace(bytesOfScalar(bigint ? bigint(state) : number!(state), plain.kind === 'float', size)),
  });
}
