/**
 * C expressions compiled to closures over the machine's state: conditions, watches, hovers, the debug console.
 *
 * An expression is compiled for one place of the program, where it is known which variable each name means and where it
 * lives. Evaluating is then loads and arithmetic only, so a condition on a breakpoint costs microseconds.
 */
import { PlacedError } from '../../errors.ts';
import { alignmentOf } from '../types/alignment.ts';
import { INT, ULONG } from '../types/base-types.ts';
import { questionOf } from '../types/containers/containers.ts';
import { bare, spellType, type Type } from '../types/types.ts';
import { isComparison } from './arithmetic.ts';
import { behind, call } from './calls.ts';
import { type Code, decayed, type NumberGetter, objectAt, truthOf } from './code.ts';
import { answerOf, elementIn, heldIn } from './containers.ts';
import { cast, conditional, integerConstant } from './conversions.ts';
import { compoundLiteral, stringLiteral } from './literals.ts';
import { indexed, memberOfCode, named, pointerIn } from './objects.ts';
import { arithmetic, signOperator } from './operators.ts';
import { addressOf, pointerOperator, sizeOperator, spanOf, targetOf } from './pointers.ts';
import type { ExpressionScope } from './scope.ts';
import type { BinaryOperator, Expression, UnaryOperator } from './syntax/tree.ts';
import { textComparison } from './text-comparison.ts';

/**
 * Compiles a tree; `calls`: whether evaluating it calls functions. Throws `PlacedError` with the column of what cannot be
 * compiled.
 */
export function compile(tree: Expression, scope: ExpressionScope): { code: Code; calls: boolean } {
  const compiler = new Compiler(scope);
  const code = compiler.compile(tree);
  return { code, calls: compiler.calls };
}

class Compiler {
  private readonly scope: ExpressionScope;
  calls = false;

  constructor(scope: ExpressionScope) {
    this.scope = scope;
  }

  compile(tree: Expression): Code {
    const { column } = tree;
    switch (tree.kind) {
      case 'integer':
        return integerConstant(tree.value, tree.type, column);
      case 'float': {
        const { value, type } = tree;
        return { type, column, number: () => value };
      }
      case 'name':
        return this.name(tree.name, column);
      case 'unary':
        return this.unary(tree.operator, tree.operand, column);
      case 'binary':
        return this.binary(tree.operator, this.compile(tree.left), this.compile(tree.right), column);
      case 'logical':
        return this.logical(tree);
      case 'conditional': {
        const test = truthOf(this.compile(tree.test));
        return conditional(test, this.value(tree.then), this.value(tree.otherwise), column);
      }
      case 'comma': {
        const before = this.compile(tree.left);
        return this.calls ? behind(before, this.value(tree.right)) : this.value(tree.right);
      }
      case 'cast':
        return this.cast(tree.type, tree.operand, column);
      case 'sizeof':
        return sizeOperator(this.compile(tree.operand), column, this.scope);
      case 'sizeofType':
        return sizeOperator({ type: tree.type, column }, column, this.scope);
      case 'string':
        return stringLiteral(tree.bytes, column);
      case 'compound':
        return compoundLiteral(tree.type, tree.list, column, (inner) => this.compile(inner));
      case 'span':
        return spanOf(this.compile(tree.start), this.value(tree.count), column);
      case 'offsetof':
        return this.offsetOf(tree);
      case 'alignof': {
        const alignment = alignmentOf(tree.type);
        if (alignment !== undefined) return integerConstant(BigInt(alignment), ULONG, column);
        throw new PlacedError(`${spellType(tree.type)} has no alignment`, { column });
      }
      case 'member':
        return this.member(tree);
      case 'index':
        return indexed(this.value(tree.array), this.value(tree.index), column, this.scope);
      case 'call':
        return this.call(tree);
    }
  }

  private call({ callee, arguments: given, column }: Extract<Expression, { kind: 'call' }>): Code {
    const answer = callee.kind === 'member' ? this.answer(callee, given) : undefined;
    if (answer) return answer;
    this.calls = true;
    const called = callee.kind === 'name' ? this.functionNamed(callee.name, callee.column) : this.compile(callee);
    const name = callee.kind === 'name' ? callee.name : 'the function';
    return call(
      name,
      called,
      given.map((argument) => this.compile(argument)),
      column,
    );
  }

  /** What a function of a container says, without a call; undefined for all others. */
  private answer(callee: Extract<Expression, { kind: 'member' }>, given: readonly Expression[]): Code | undefined {
    const { record, name, arrow, column } = callee;
    const outer = arrow ? this.value(record) : this.compile(record);
    const pointer = arrow ? (pointerIn(outer, column) ?? outer) : undefined;
    const object = arrow ? (heldIn(outer, column) ?? (pointer?.number && targetOf(pointer, column))) : outer;
    if (!object) return undefined;
    const [position] = given;
    const asked = questionOf(object.type, name);
    if (asked === undefined || given.length !== (asked === 'at' ? 1 : 0)) return undefined;
    if (asked === 'pointer') return pointerIn(object, column);
    return asked === 'at' ? elementIn(object, this.value(position), column) : answerOf(object, asked, column);
  }

  /** What a name that is called stands for. One that the program does not say may be a function of a library. */
  private functionNamed(name: string, column: number): Code {
    const { scope } = this;
    const meaning = scope.lookUp(name);
    if (meaning && meaning.kind !== 'function') return named(name, meaning, column);
    const reason = scope.notCallable?.(name);
    if (reason === undefined) {
      if (meaning && bare(meaning.type).kind === 'function') return named(name, meaning, column);
      const found = scope.libraryFunction?.(name);
      if (found) return { type: found.type, column, function: found.index };
    }
    const missing =
      'the program has no such function. What nothing calls is left out of it, in its own sources and in the library';
    throw new PlacedError(`'${name}' cannot be called: ${reason ?? missing}`, { column });
  }

  /** Compiled, with arrays and functions as pointers. */
  private value(tree: Expression): Code {
    return decayed(this.compile(tree));
  }

  private name(name: string, column: number): Code {
    const meaning = this.scope.lookUp(name);
    if (meaning) return named(name, meaning, column);
    if (this.scope.typedef(name)) throw new PlacedError(`'${name}' is a type`, { column });
    throw new PlacedError(`'${name}' is not in scope here`, { column });
  }

  private unary(operator: UnaryOperator, operand: Expression, column: number): Code {
    if (operator === '&') return addressOf(this.compile(operand), column);
    if (operator === '*') {
      const pointer = this.value(operand);
      const held = pointerIn(pointer, column) ? undefined : heldIn(pointer, column);
      if (held) return held;
      return targetOf(pointerIn(pointer, column) ?? pointer, column);
    }
    if (operator !== '!') return signOperator(operator, this.value(operand), column);
    const truth = truthOf(this.compile(operand));
    return { type: INT, column, number: (state) => (truth(state) ? 0 : 1) };
  }

  /** The two sides may still be arrays: as text they end where the array does. */
  private binary(operator: BinaryOperator, a: Code, b: Code, column: number): Code {
    if (isComparison(operator) && (a.literal || b.literal)) return textComparison(operator, a, b, column);
    const [left, right] = [decayed(a), decayed(b)];
    const isPointer = (code: Code): boolean => bare(code.type).kind === 'pointer';
    return isPointer(left) || isPointer(right)
      ? pointerOperator(operator, left, right, column, this.scope)
      : arithmetic(operator, left, right, column);
  }

  private logical({ operator, column, ...tree }: Extract<Expression, { kind: 'logical' }>): Code {
    const left = truthOf(this.compile(tree.left));
    const right = truthOf(this.compile(tree.right));
    const number: NumberGetter =
      operator === '&&'
        ? (state) => (left(state) && right(state) ? 1 : 0)
        : (state) => (left(state) || right(state) ? 1 : 0);
    return { type: INT, column, number };
  }

  private cast(type: Type, operand: Expression, column: number): Code {
    const code = this.compile(operand);
    const { kind } = bare(type);
    if (kind === 'void' && this.calls) return behind(code, cast(type, code, column));
    return cast(type, kind === 'array' || kind === 'struct' || kind === 'union' ? code : decayed(code), column);
  }

  /** The address that the member would have in an object at 0. */
  private offsetOf({ type, path, column }: Extract<Expression, { kind: 'offsetof' }>): Code {
    let code = objectAt(type, () => 0, column);
    for (const step of path) {
      code =
        step.kind === 'member'
          ? memberOfCode(code, step.name, false, step.column)
          : indexed(decayed(code), this.value(step.index), column, this.scope);
    }
    if (code.bits) throw new PlacedError('a bit-field has no offset in bytes', { column });
    return { type: ULONG, column, number: code.address };
  }

  private member(tree: Extract<Expression, { kind: 'member' }>): Code {
    const { record, name, arrow, column } = tree;
    const dotted = dottedName(tree);
    const meaning = dotted === undefined ? undefined : this.scope.lookUp(dotted.name);
    // Wasm names may have dots: `a.b` is one where there is no record `a`.
    if (dotted && meaning && this.scope.lookUp(dotted.first)?.kind !== 'variable') {
      return named(dotted.name, meaning, column);
    }
    return memberOfCode(arrow ? this.value(record) : this.compile(record), name, arrow, column);
  }
}

/** `a.b.c` as one name; undefined for what is not names and dots only. */
function dottedName(tree: Expression): { name: string; first: string } | undefined {
  if (tree.kind === 'name') return { name: tree.name, first: tree.name };
  if (tree.kind !== 'member' || tree.arrow) return undefined;
  const record = dottedName(tree.record);
  return record && { name: `${record.name}.${tree.name}`, first: record.first };
}
