/**
 * Random modules as data, and their text. Functions can be emptied or cut short and the module stays valid, which is
 * what shrinking needs.
 */
import type { NumberType } from '../../engine/isa/program.ts';
import { TYPES } from './operators.ts';

export interface Signature {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

/** One instruction or more, how many blocks are open behind it, and the type on top of the stack there, if known. */
export interface Line {
  readonly text: string;
  readonly depth: number;
  readonly top: NumberType | undefined;
}

export interface RandomFunction {
  readonly type: Signature;
  readonly lines: readonly Line[];
}

export interface RandomModule {
  readonly functions: readonly RandomFunction[];
  readonly globals: readonly string[];
  readonly data: string;
}

/** A call of an exported function with its arguments, as numbers of the text format. */
export interface Call {
  readonly func: number;
  readonly args: readonly string[];
}

/** Locals of each type that a function has besides its parameters. */
export const LOCALS_PER_TYPE = 2;
/** Entries of the table: functions, and some that are null. */
export const NULL_ENTRIES = 2;
/** Calls and loop rounds in one call from outside: every call ends. */
const FUEL = 150;

/** Traps when there is no fuel left. */
export const BURN =
  'global.get $fuel\ni32.eqz\nif\nunreachable\nend\nglobal.get $fuel\ni32.const 1\ni32.sub\nglobal.set $fuel';

export const typeText = ({ params, results }: Signature) =>
  `${params.length > 0 ? `(param ${params.join(' ')})` : ''} ${results.length > 0 ? `(result ${results.join(' ')})` : ''}`;

/** A value of this type, made of nothing. */
export const zero = (type: NumberType) => `${type}.const 0`;

/**
 * The text. Exports: each function (`f0`...), the globals by their types, and `checksum` of memory.
 */
export function moduleText({ functions, globals, data }: RandomModule): string {
  const locals = TYPES.flatMap((type) => Array<string>(LOCALS_PER_TYPE).fill(type)).join(' ');
  const bodies = functions.map(
    ({ type, lines }, i) =>
      `(func $f${i} ${typeText(type)} (local ${locals})\n${lines.map(({ text }) => text).join('\n')})`,
  );
  const exported = functions.map(({ type }, i) => {
    const args = type.params.map((_, p) => `(local.get ${p})`).join(' ');
    return `(func (export "f${i}") ${typeText(type)} (global.set $fuel (i32.const ${FUEL})) (call $f${i} ${args}))`;
  });
  const canon = (type: NumberType) =>
    `(func $canon_${type} (param ${type}) (result ${type})
      (select (local.get 0) (${type}.const nan) (${type}.eq (local.get 0) (local.get 0))))`;
  return `(module
(memory 1 2)
(data (i32.const 0) "${data}")
(data (i32.const 65528) "behind")
(global $fuel (mut i32) (i32.const 0))
${TYPES.map((type, i) => `(global $${type} (export "${type}") (mut ${type}) (${type}.const ${globals[i]}))`).join('\n')}
(table ${functions.length + NULL_ENTRIES} funcref)
(elem (i32.const 1) ${functions.map((_, i) => `$f${i}`).join(' ')})
${canon('f32')} ${canon('f64')}
${bodies.join('\n')}
${exported.join('\n')}
(func (export "checksum") (result i64) (local $at i32) (local $sum i64)
  (loop $next
    (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 0x5851f42d4c957f2d)) (i64.load (local.get $at))))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (br_if $next (i32.lt_u (local.get $at) (i32.const 272)))
    (local.set $at (select (i32.const 65520) (local.get $at) (i32.lt_u (local.get $at) (i32.const 65520))))
    (br_if $next (i32.lt_u (local.get $at) (i32.const 65536))))
  (i64.add (local.get $sum) (i64.extend_i32_u (memory.size)))))`;
}
