/**
 * Expressions as trees (C17, section 6.5): what the parser makes and the compiler walks.
 */
import type { FloatType, IntegerType, Type } from '../../types/types.ts';

/** An expression. `column` is where an error about this node points. */
export type Expression =
  | { kind: 'integer'; value: bigint; type: IntegerType; column: number }
  | { kind: 'float'; value: number; type: FloatType; column: number }
  /** With `::` before it, of what is outside of all functions. */
  | { kind: 'name'; name: string; column: number }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression; column: number }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression; column: number }
  | { kind: 'logical'; operator: '&&' | '||'; left: Expression; right: Expression; column: number }
  | { kind: 'conditional'; test: Expression; then: Expression; otherwise: Expression; column: number }
  | { kind: 'comma'; left: Expression; right: Expression; column: number }
  | { kind: 'cast'; type: Type; operand: Expression; column: number }
  | { kind: 'string'; bytes: Uint8Array; column: number }
  /** `(type){…}`. */
  | { kind: 'compound'; type: Type; list: InitialiserList; column: number }
  /** `start@count`: objects in a row. */
  | { kind: 'span'; start: Expression; count: Expression; column: number }
  | { kind: 'offsetof'; type: Type; path: Designator[]; column: number }
  | { kind: 'alignof'; type: Type; column: number }
  | { kind: 'sizeofType'; type: Type; column: number }
  | { kind: 'sizeof'; operand: Expression; column: number }
  | { kind: 'member'; record: Expression; name: string; arrow: boolean; column: number }
  | { kind: 'index'; array: Expression; index: Expression; column: number }
  | { kind: 'call'; callee: Expression; arguments: Expression[]; column: number };

/** A step into an aggregate: `.name` or `[index]`. */
export type Designator = { kind: 'member'; name: string; column: number } | { kind: 'element'; index: Expression };

/** `{…}` of an initialiser; each item says where it goes, or goes behind the one before. */
export interface InitialiserList {
  kind: 'list';
  items: { path: Designator[]; value: Expression | InitialiserList }[];
  column: number;
}

export type UnaryOperator = '*' | '&' | '!' | '~' | '-' | '+';

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|';
