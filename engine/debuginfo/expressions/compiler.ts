/**
 * C expressions compiled to closures over the machine's state: conditions, watches, hovers, the debug console.
 *
 * An expression is compiled for one place of the program, where it is known which variable each name means and where it
 * lives. Evaluating is then loads and arithmetic only, so a condition on a breakpoint costs microseconds.
 */
import { PlacedError } from '../../errors.ts';
import { INT } from '../types/base-types.ts';
import { bare } from '../types/types.ts';
import { type Code, decayed, type NumberGetter, truthOf } from './code.ts';
import { cast, conditional, integerConstant } from './conversions.ts';
import { indexed, memberOfCode, named } from './objects.ts';
import { arithmetic, signOperator } from './operators.ts';
import { addressOf, pointerOperator, sizeOperator, targetOf } from './pointers.ts';
import type { ExpressionScope } from './scope.ts';
import type { BinaryOperator, Expression, UnaryOperator } from './tree.ts';

/** Compiles a tree. Throws `PlacedError` with the column of what cannot be compiled. */
export function compile(tree: Expression, scope: ExpressionScope): Code {
  return new Compiler(scope).compile(tree);
}

class Compiler {
  private readonly scope: ExpressionScope;

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
        return this.binary(tree.operator, this.value(tree.left), this.value(tree.right), column);
      case 'logical':
        return this.logical(tree);
      case 'conditional': {
        const test = truthOf(this.compile(tree.test));
        return conditional(test, this.value(tree.then), this.value(tree.otherwise), column);
      }
      case 'comma':
        this.compile(tree.left);
        return this.value(tree.right);
      case 'cast':
        return cast(tree.type, this.value(tree.operand), column);
      case 'sizeof':
        return sizeOperator(this.compile(tree.operand), column, this.scope);
      case 'sizeofType':
        return sizeOperator({ type: tree.type, column }, column, this.scope);
      case 'member':
        return this.member(tree);
      case 'index':
        return indexed(this.value(tree.array), this.value(tree.index), column, this.scope);
    }
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
    if (operator === '*') return targetOf(this.value(operand), column);
    if (operator !== '!') return signOperator(operator, this.value(operand), column);
    const truth = truthOf(this.compile(operand));
    return { type: INT, column, number: (state) => (truth(state) ? 0 : 1) };
  }

  private binary(operator: BinaryOperator, left: Code, right: Code, column: number): Code {
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
