/**
 * C expressions compiled to closures over the machine's state: conditions, watches, hovers, the debug console.
 *
 * An expression is compiled for one code offset, where it is known which variable each name means and where it lives.
 * Evaluating is then loads and arithmetic only, so a condition on a breakpoint costs microseconds.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { INT, LONG, ULONG } from '../types/base-types.ts';
import {
  bare,
  type FloatType,
  type IntegerType,
  type Member,
  type PointerType,
  sizeOf,
  spellType,
  type Type,
  VOID,
  withLengths,
} from '../types/types.ts';
import { elementOf, memberOf } from '../types/values.ts';
import {
  bigintOperator,
  commonType,
  compareBigints,
  complement,
  isArithmetic,
  negate,
  numberOperator,
  promoted,
  representation,
} from './arithmetic.ts';
import {
  bigintAs,
  type Code,
  decayed,
  type NumberGetter,
  noValue,
  numberAs,
  objectAt,
  objectIn,
  pointerTo,
  truthOf,
} from './code.ts';
import type { BinaryOperator, Expression } from './parser.ts';
import type { NameScope } from './scope.ts';

/** Compiles a tree. Throws `PlacedError` with the column of what cannot be compiled. */
export function compile(tree: Expression, scope: NameScope): Code {
  return new Compiler(scope).compile(tree);
}

class Compiler {
  private readonly scope: NameScope;

  constructor(scope: NameScope) {
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
      case 'logical': {
        const left = truthOf(this.compile(tree.left));
        const right = truthOf(this.compile(tree.right));
        const number: NumberGetter =
          tree.operator === '&&'
            ? (state) => (left(state) && right(state) ? 1 : 0)
            : (state) => (left(state) || right(state) ? 1 : 0);
        return { type: INT, column, number };
      }
      case 'conditional':
        return this.conditional(tree);
      case 'comma':
        this.compile(tree.left);
        return this.value(tree.right);
      case 'cast':
        return this.cast(tree.type, this.value(tree.operand), column);
      case 'sizeof':
        return this.sizeOf(this.compile(tree.operand), column);
      case 'sizeofType':
        return this.sizeOf({ type: tree.type, column }, column);
      case 'member':
        return this.member(tree.record, tree.name, tree.arrow, column);
      case 'index':
        return this.index(tree.array, tree.index, column);
    }
  }

  /** Compiled, with arrays and functions as pointers. */
  private value(tree: Expression): Code {
    return decayed(this.compile(tree));
  }

  private name(name: string, column: number): Code {
    const found = this.scope.lookUp(name);
    if (!found) throw new PlacedError(`'${name}' is not in scope here`, { column });
    if (found.kind === 'constant') return integerConstant(found.value, found.type, column);
    if (found.kind === 'type') throw new PlacedError(`'${name}' is a type`, { column });
    if (found.kind === 'function') {
      const { type, tableIndex } = found;
      const number = (): number => {
        if (tableIndex !== undefined) return tableIndex;
        throw new PlacedError(`'${name}' has no address: the program never takes it`, { column });
      };
      return { type, column, number };
    }
    const { type, locator } = found;
    if (locator.kind === 'gone') return objectIn(type, () => locator, column, name);
    if (locator.kind === 'memory') {
      const { address } = locator;
      const known: NumberGetter = (state) => {
        const at = address(state);
        if (at === undefined) throw new PlacedError(`${name}: not known in this state`, { column });
        return at;
      };
      return this.dereferenced(objectAt(type, known, column));
    }
    const size = sizeOf(type);
    if (size === undefined) throw new PlacedError(`'${name}' has no size`, { column });
    return objectIn(type, (state) => locator.read(state, size), column, name);
  }

  /** A C++ reference stands for what it refers to. */
  private dereferenced(code: Code): Code {
    const type = bare(code.type);
    const { number } = code;
    return type.kind === 'pointer' && type.reference && number ? objectAt(type.to, number, code.column) : code;
  }

  private unary(operator: '*' | '&' | '!' | '~' | '-' | '+', operand: Expression, column: number): Code {
    if (operator === '&') return this.addressOf(operand, column);
    if (operator === '!') {
      const truth = truthOf(this.compile(operand));
      return { type: INT, column, number: (state) => (truth(state) ? 0 : 1) };
    }
    const code = this.value(operand);
    if (operator === '*') return this.target(code, column);
    const type = promoted(code.type, code.bits?.width);
    if (!isArithmetic(bare(code.type))) return noValue(code);
    if (operator === '~') {
      if (type.kind === 'float') throw new PlacedError("'~' needs an integer", { column });
      return mapped(code, type, complement(type), column);
    }
    return mapped(code, type, operator === '-' ? negate(type) : (value) => value, column);
  }

  private addressOf(operand: Expression, column: number): Code {
    const code = this.compile(operand);
    if (bare(code.type).kind === 'function') return decayed(code);
    if (code.bits) throw new PlacedError('a bit-field has no address', { column });
    if (code.address) return { type: pointerTo(code.type), column, number: code.address };
    const reason = code.place ? 'it is not in memory' : 'it is not an object';
    throw new PlacedError(`this has no address: ${reason}`, { column });
  }

  private target(code: Code, column: number): Code {
    const type = bare(code.type);
    if (type.kind !== 'pointer' || !code.number) {
      throw new PlacedError(`'*' needs a pointer, not ${spellType(code.type)}`, { column });
    }
    const to = bare(type.to);
    if (to.kind === 'function') return { type: type.to, column, number: code.number };
    if (to.kind === 'void') {
      throw new PlacedError('a void pointer does not say what it points to: cast it first', { column });
    }
    return objectAt(type.to, code.number, column);
  }

  private binary(operator: BinaryOperator, left: Code, right: Code, column: number): Code {
    const a = bare(left.type);
    const b = bare(right.type);
    if (a.kind === 'pointer' || b.kind === 'pointer') return this.pointerOperator(operator, left, right, column);
    if (!isArithmetic(a)) return noValue(left);
    if (!isArithmetic(b)) return noValue(right);
    const promotedLeft = promoted(a, left.bits?.width);
    const promotedRight = promoted(b, right.bits?.width);
    if (a.kind !== 'float' && !representation(a)) return tooWide(left);
    if (b.kind !== 'float' && !representation(b)) return tooWide(right);
    const isShift = operator === '<<' || operator === '>>';
    const type = isShift ? promotedLeft : commonType(promotedLeft, promotedRight);
    if (type.kind === 'float' || promotedRight.kind === 'float') {
      if (/^(?:%|&|\||\^|<<|>>)$/.test(operator)) throw new PlacedError(`'${operator}' needs integers`, { column });
    }
    // The count of a shift keeps its own type: a count of 2^32 in 64 bits must not become 0.
    const rightType = isShift ? promotedRight : type;
    const result = isComparison(operator) ? INT : type;
    if (type.kind === 'integer' && type.size === 8) {
      return bigintBinary(operator, left, right, { type, rightType, result, isShift }, column);
    }
    const x = numberAs(left, type);
    const y =
      rightType.size === 8 && rightType.kind === 'integer' ? countOf(right, rightType) : numberAs(right, rightType);
    const apply = numberOperator(operator, type, column);
    return { type: result, column, number: (state) => apply(x(state), y(state)) };
  }

  private pointerOperator(operator: BinaryOperator, left: Code, right: Code, column: number): Code {
    const a = bare(left.type);
    const b = bare(right.type);
    if (isComparison(operator)) {
      const x = numberAs(left, pointerOperand(left, column));
      const y = numberAs(right, pointerOperand(right, column));
      const apply = numberOperator(operator, ULONG, column);
      return { type: INT, column, number: (state) => apply(x(state), y(state)) };
    }
    if (operator === '-' && a.kind === 'pointer' && b.kind === 'pointer') {
      const x = left.number!;
      const y = right.number!;
      const scale = this.scale(a, column);
      return { type: LONG, column, number: (state) => Math.trunc(((x(state) - y(state)) | 0) / scale(state)) };
    }
    const [pointer, offset] = a.kind === 'pointer' ? [left, right] : [right, left];
    const pointerType = bare(pointer.type) as PointerType;
    const offsetType = bare(offset.type);
    const allowed = operator === '+' || (operator === '-' && a.kind === 'pointer');
    if (!allowed || !isArithmetic(offsetType) || offsetType.kind === 'float') {
      throw new PlacedError(`'${operator}' cannot combine ${spellType(left.type)} and ${spellType(right.type)}`, {
        column,
      });
    }
    const x = pointer.number!;
    const y = numberAs(offset, LONG);
    const scale = this.scale(pointerType, column);
    const number: NumberGetter =
      operator === '+'
        ? (state) => (x(state) + y(state) * scale(state)) >>> 0
        : (state) => (x(state) - y(state) * scale(state)) >>> 0;
    return { type: pointer.type, column, number };
  }

  /** Bytes per step of a pointer; of `void *` 1, as compilers have it. */
  private scale(pointer: PointerType, column: number): NumberGetter {
    const target = bare(pointer.to);
    const size = target.kind === 'void' ? 1 : sizeOf(target);
    if (size !== undefined && size > 0) return () => size;
    return this.dynamicSize(pointer.to, column);
  }

  /** The size of a type with lengths known only at run time. */
  private dynamicSize(type: Type, column: number): NumberGetter {
    if (bare(type).kind !== 'array') throw new PlacedError(`the size of ${spellType(type)} is not known`, { column });
    const { codeOffset } = this.scope;
    return (state) => {
      const size = sizeOf(withLengths(type, state, codeOffset));
      if (size === undefined) throw new PlacedError(`the size of ${spellType(type)} is not known here`, { column });
      return size;
    };
  }

  private sizeOf(code: Code, column: number): Code {
    if (code.bits) throw new PlacedError('sizeof cannot be applied to a bit-field', { column });
    const kind = bare(code.type).kind;
    const size = kind === 'void' || kind === 'function' ? 1 : sizeOf(code.type);
    return { type: ULONG, column, number: size === undefined ? this.dynamicSize(code.type, column) : () => size };
  }

  private conditional(tree: Extract<Expression, { kind: 'conditional' }>): Code {
    const test = truthOf(this.compile(tree.test));
    const then = this.value(tree.then);
    const otherwise = this.value(tree.otherwise);
    const { column } = tree;
    const a = bare(then.type);
    const b = bare(otherwise.type);
    if (isArithmetic(a) && isArithmetic(b)) {
      const type = commonType(promoted(a, then.bits?.width), promoted(b, otherwise.bits?.width));
      return chosen(test, this.cast(type, then, column), this.cast(type, otherwise, column), type, column);
    }
    if (a.kind === 'pointer' || b.kind === 'pointer') {
      // A null constant, and void * as C rules it, give way to the other operand's type.
      const keepFirst =
        a.kind === 'pointer' && !otherwise.isZero
          ? b.kind === 'pointer' && bare(a.to).kind !== 'void'
          : a.kind === 'pointer';
      const type = keepFirst || b.kind !== 'pointer' ? then.type : otherwise.type;
      if (a.kind !== 'pointer' && !then.isZero) return noValue(then);
      if (b.kind !== 'pointer' && !otherwise.isZero) return noValue(otherwise);
      return chosen(test, this.cast(type, then, column), this.cast(type, otherwise, column), type, column);
    }
    const [x, y] = [then.place, otherwise.place];
    if (a.kind !== b.kind || !x || !y || spellType(a) !== spellType(b)) {
      throw new PlacedError(`'?:' cannot give either ${spellType(then.type)} or ${spellType(otherwise.type)}`, {
        column,
      });
    }
    return { type: then.type, column, place: (state) => (test(state) ? x(state) : y(state)) };
  }

  private cast(type: Type, code: Code, column: number): Code {
    const target = bare(type);
    if (target.kind === 'void') return { type: VOID, column };
    const kind = representation(target);
    const source = bare(code.type);
    const scalar = isArithmetic(source) || source.kind === 'pointer';
    const mixed =
      (target.kind === 'pointer' && source.kind === 'float') || (target.kind === 'float' && source.kind === 'pointer');
    if (!kind || !scalar || mixed) {
      throw new PlacedError(`${spellType(code.type)} cannot be cast to ${spellType(type)}`, { column });
    }
    const isZero = code.isZero === true && (target.kind === 'integer' || isVoidPointer(target));
    if (kind === 'bigint') return { type, column, bigint: bigintAs(code, target as IntegerType), isZero };
    return { type, column, number: numberAs(code, target), isZero };
  }

  private member(record: Expression, name: string, arrow: boolean, column: number): Code {
    const outer = arrow ? this.value(record) : this.compile(record);
    const type = bare(outer.type);
    let whole = outer;
    if (arrow) {
      if (type.kind !== 'pointer') {
        throw new PlacedError(`'->' needs a pointer to a struct, not ${spellType(outer.type)}`, { column });
      }
      whole = this.target(outer, column);
    }
    const plain = bare(whole.type);
    if (plain.kind !== 'struct' && plain.kind !== 'union') {
      const hint = !arrow && plain.kind === 'pointer' ? ": use '->'" : '';
      throw new PlacedError(`'${arrow ? '->' : '.'}' needs a struct or union, not ${spellType(whole.type)}${hint}`, {
        column,
      });
    }
    if (!plain.complete) throw new PlacedError(`${spellType(plain)} is only declared, not defined`, { column });
    const member = findMember(plain.members, name, 0);
    if (!member) throw new PlacedError(`${spellType(plain)} has no member '${name}'`, { column });
    const { address, place } = whole;
    const { offset, bits } = member;
    if (address) {
      return this.dereferenced(objectAt(member.type, (state) => (address(state) + offset) >>> 0, column, bits));
    }
    if (!place) return noValue(whole);
    return objectIn(
      member.type,
      (state) => memberOf({ type: plain, place: place(state) }, member).place,
      column,
      name,
      bits,
    );
  }

  private index(array: Expression, index: Expression, column: number): Code {
    const base = this.value(array);
    const position = this.value(index);
    const type = bare(base.type);
    // An array that is not in memory has no address to step from.
    if (type.kind === 'array' && base.place) {
      const { place } = base;
      const { element } = type;
      const at = numberAs(position, LONG);
      return objectIn(
        element,
        (state) => elementOf({ type, place: place(state) }, element, at(state)).place,
        column,
        '[]',
      );
    }
    if (type.kind !== 'pointer' && bare(position.type).kind !== 'pointer') {
      throw new PlacedError(`'[' needs an array or a pointer, not ${spellType(base.type)}`, { column });
    }
    return this.target(this.pointerOperator('+', base, position, column), column);
  }
}

function isComparison(operator: BinaryOperator): boolean {
  return /^(?:[<>]=?|[=!]=)$/.test(operator);
}

function integerConstant(value: bigint, type: IntegerType, column: number): Code {
  if (type.size === 8) return { type, column, bigint: () => value, isZero: value === 0n };
  const number = Number(value);
  return { type, column, number: () => number, isZero: number === 0 };
}

function isVoidPointer(type: Type): boolean {
  return type.kind === 'pointer' && bare(type.to).kind === 'void';
}

function tooWide(code: Code): never {
  throw new PlacedError(`arithmetic on ${spellType(code.type)} is not evaluated`, { column: code.column });
}

/** A side of a comparison with a pointer: a pointer, or an integer taken as an address. */
function pointerOperand(code: Code, column: number): PointerType {
  const type = bare(code.type);
  if (type.kind === 'pointer' || (isArithmetic(type) && type.kind !== 'float')) return pointerTo(VOID);
  throw new PlacedError(`a pointer cannot be compared with ${spellType(code.type)}`, { column });
}

function mapped(
  code: Code,
  type: IntegerType | FloatType,
  apply: (value: number | bigint) => number | bigint,
  column: number,
): Code {
  if (type.kind === 'integer' && type.size === 8) {
    const value = bigintAs(code, type);
    return { type, column, bigint: (state) => apply(value(state)) as bigint };
  }
  if (!representation(type)) return tooWide(code);
  const value = numberAs(code, type);
  return { type, column, number: (state) => apply(value(state)) as number };
}

function bigintBinary(
  operator: BinaryOperator,
  left: Code,
  right: Code,
  types: { type: IntegerType; rightType: IntegerType | FloatType; result: IntegerType | FloatType; isShift: boolean },
  column: number,
): Code {
  const { type, result } = types;
  const x = bigintAs(left, type);
  if (types.isShift) {
    const count = countOf(right, types.rightType as IntegerType);
    const apply = bigintOperator(operator, type, column);
    return { type, column, bigint: (state) => apply(x(state), BigInt(count(state))) };
  }
  const y = bigintAs(right, type);
  const compare = compareBigints(operator);
  if (compare) return { type: result, column, number: (state) => compare(x(state), y(state)) };
  const apply = bigintOperator(operator, type, column);
  return { type, column, bigint: (state) => apply(x(state), y(state)) };
}

/** The count of a shift as a number: large counts stay large (and are then refused). */
function countOf(code: Code, type: IntegerType): NumberGetter {
  if (type.size !== 8) return numberAs(code, type);
  const count = bigintAs(code, type);
  return (state) => Number(count(state));
}

function chosen(test: (state: MachineState) => boolean, then: Code, otherwise: Code, type: Type, column: number): Code {
  const [a, b] = [then.number, otherwise.number];
  if (a && b) return { type, column, number: (state) => (test(state) ? a(state) : b(state)) };
  const [x, y] = [then.bigint, otherwise.bigint];
  if (x && y) return { type, column, bigint: (state) => (test(state) ? x(state) : y(state)) };
  return noValue(then);
}

/** A member by name, looking into anonymous structs and unions; its offset counts from the outermost record. */
export function findMember(members: Member[], name: string, depth: number): Member | undefined {
  for (const member of members) {
    if (member.name === name) return member;
    const type = bare(member.type);
    if (member.name !== undefined || depth > 20 || (type.kind !== 'struct' && type.kind !== 'union')) continue;
    const inner = findMember(type.members, name, depth + 1);
    if (inner) return { name, type: inner.type, offset: member.offset + inner.offset, bits: inner.bits };
  }
  return undefined;
}
