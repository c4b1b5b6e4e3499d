/**
 * Evaluating C expressions at a place of the program: the public face of the evaluator, and name completion for it.
 */
import { PlacedError } from '../../errors.ts';
import type { Place } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { bare, type Member, sizeOf, spellType, type Type, withLengths } from '../types/types.ts';
import type { Value } from '../types/values.ts';
import { type Code, decayed, truthOf } from './code.ts';
import { compile } from './compiler.ts';
import { lex, type Token } from './lexer.ts';
import { parseExpression } from './parser.ts';
import { type ExpressionScope, NameScope } from './scope.ts';

/** An expression ready to be evaluated, any number of times. */
export interface CompiledExpression {
  text: string;
  type: Type;
  typeName: string;
  /** Whether it denotes an object: its value then has a place in memory where it has one. */
  isObject: boolean;
  /** The value in a state. Throws `PlacedError` (column in the expression) where there is none. */
  evaluate(state: MachineState): Value;
  /** Whether the value is not zero: for conditions. Throws `PlacedError`. */
  truth(state: MachineState): boolean;
}

/**
 * Compiles a C expression for a place of the program. Throws `PlacedError` with the column (from 1) in `text`: syntax,
 * unknown names, types that don't fit, and what is not evaluated (calls, assignments).
 */
export function compileExpression(text: string, scope: ExpressionScope): CompiledExpression {
  const names = new NameScope(scope);
  const code = compile(parseExpression(text, names), names);
  const isFunction = bare(code.type).kind === 'function';
  const result = isFunction ? decayed(code) : code;
  const { codeOffset } = scope;
  const evaluate = evaluator(result, codeOffset);
  return {
    text,
    type: result.type,
    typeName: spellType(result.type),
    isObject: result.place !== undefined,
    evaluate: isFunction ? (state) => functionValue(evaluate, code.type, state) : evaluate,
    truth: lazyTruth(result),
  };
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

function evaluator(code: Code, codeOffset: number): (state: MachineState) => Value {
  const { type, place, bits, number, bigint } = code;
  if (place) return (state) => ({ type: withLengths(type, state, codeOffset), place: place(state), bits });
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

/** A name that could stand at the end of an unfinished expression. */
export interface Completion {
  label: string;
  kind: 'variable' | 'member' | 'constant' | 'function';
  /** Type as C spells it. */
  detail: string;
  /** The part of the text that the label replaces: column from 1, and length. */
  column: number;
  length: number;
}

/**
 * Names that fit at the end of `text`: members behind `.` and `->`, otherwise what is in scope, locals first. Never
 * throws: where nothing can be said, nothing is offered.
 */
export function completions(text: string, scope: ExpressionScope): Completion[] {
  let tokens: Token[];
  try {
    tokens = lex(text).slice(0, -1);
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
  const last = tokens.at(-1);
  const isPartial = last?.kind === 'name' && last.column + last.text.length === text.length + 1;
  const prefix = isPartial ? last.text : '';
  const before = isPartial ? tokens.slice(0, -1) : tokens;
  const at = { column: text.length + 1 - prefix.length, length: prefix.length };
  const access = before.at(-1);
  const isAccess = access?.kind === 'operator' && (access.text === '.' || access.text === '->');
  const found = isAccess ? memberCompletions(text, before, scope) : scopeCompletions(scope);
  return found.filter(({ label }) => label.startsWith(prefix)).map((completion) => ({ ...completion, ...at }));
}

type Candidate = Omit<Completion, 'column' | 'length'>;

function memberCompletions(text: string, before: Token[], scope: ExpressionScope): Candidate[] {
  const access = before[before.length - 1];
  const start = postfixStart(before, before.length - 2);
  if (start === undefined) return [];
  const record = text.slice(before[start].column - 1, access.column - 1);
  try {
    let type = bare(compileExpression(record, scope).type);
    if (access.text === '->' && type.kind === 'pointer') type = bare(type.to);
    return type.kind === 'struct' || type.kind === 'union' ? memberNames(type.members, 0) : [];
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
}

function memberNames(members: Member[], depth: number): Candidate[] {
  return members.flatMap((member): Candidate[] => {
    if (member.name !== undefined) return [{ label: member.name, kind: 'member', detail: spellType(member.type) }];
    const type = bare(member.type);
    return depth < 20 && (type.kind === 'struct' || type.kind === 'union') ? memberNames(type.members, depth + 1) : [];
  });
}

/** Index of the first token of the postfix expression that ends at token `end`: `a[i].b`, `(*p)`. */
function postfixStart(tokens: Token[], end: number): number | undefined {
  let at = end;
  while (at >= 0) {
    const token = tokens[at];
    if (token.kind === 'operator' && (token.text === ']' || token.text === ')')) {
      const open = matching(tokens, at);
      if (open === undefined) return undefined;
      if (token.text === ')') return open;
      at = open - 1;
    } else if (token.kind === 'name') {
      const previous = tokens[at - 1];
      if (previous?.kind !== 'operator' || (previous.text !== '.' && previous.text !== '->')) return at;
      at -= 2;
    } else {
      return undefined;
    }
  }
  return undefined;
}

function matching(tokens: Token[], close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const { kind, text } = tokens[at];
    if (kind !== 'operator') continue;
    if (text === ']' || text === ')') depth++;
    if ((text === '[' || text === '(') && --depth === 0) return at;
  }
  return undefined;
}

function scopeCompletions({ info, codeOffset, frame }: ExpressionScope): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate): void => {
    if (!found.has(candidate.label)) found.set(candidate.label, candidate);
  };
  for (const { name, typeName } of info.variablesAt(codeOffset, frame)) {
    add({ label: name, kind: 'variable', detail: typeName });
  }
  for (const { name, typeName } of info.globals) add({ label: name, kind: 'variable', detail: typeName });
  for (const { constants } of info.namesFor(info.functionAt(codeOffset)?.unit)) {
    for (const { name, type } of constants.values()) add({ label: name, kind: 'constant', detail: spellType(type) });
  }
  for (const { name, type } of info.functions) add({ label: name, kind: 'function', detail: spellType(type) });
  return [...found.values()];
}
