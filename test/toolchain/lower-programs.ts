/**
 * WebAssembly text programs that cover every lowering, each with an entry `_start` or `main`. Their outcomes are not
 * written down: the same wasm in V8 says what they are.
 */

/** A program, its input, and its trap where V8's message does not say which of two it is. */
export interface LowerProgram {
  readonly name: string;
  readonly wat: string;
  readonly input?: string;
  readonly trap?: string;
}

const IO =
  '(import "stepformer" "write_byte" (func $put (param i32))) (import "stepformer" "read_byte" (func $get (result i32)))';
const main = (body: string, more = '') => `(module ${IO} ${more} (func (export "main") (result i32) ${body}))`;

/** A function of one parameter run on each of `arguments`, its results written as four bytes each. */
const each = (args: readonly number[], body: string, more = '') =>
  `(module ${IO} ${more}
    (func $word (param i32)
      (call $put (local.get 0)) (call $put (i32.shr_u (local.get 0) (i32.const 8)))
      (call $put (i32.shr_u (local.get 0) (i32.const 16))) (call $put (i32.shr_u (local.get 0) (i32.const 24))))
    (func $f (param $x i32) (result i32) ${body})
    (func (export "_start") ${args.map((arg) => `(call $word (call $f (i32.const ${arg})))`).join(' ')}))`;

const INDIRECT = `(type $unary (func (param i32) (result i32))) (type $same (func (param i32) (result i32)))
  (type $none (func)) (type $binary (func (param i32 i32) (result i32)))
  (table 8 funcref) (elem (i32.const 1) $double $square $nothing $get2 $add) (elem (i32.const 7) $put)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $square (type $same) (i32.mul (local.get 0) (local.get 0)))
  (func $nothing (type $none) nop)
  (func $get2 (result i32) call $get)
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))`;

export const PROGRAMS: readonly LowerProgram[] = [
  { name: 'three plus five', wat: main('(i32.add (i32.const 3) (i32.const 5))') },
  { name: 'a start function without results exits with 0', wat: `(module ${IO} (func (export "_start") nop))` },
  {
    name: 'echo of the input until its end',
    wat: `(module ${IO} (func (export "_start") (local $c i32)
      (block $done (loop $next
        (br_if $done (i32.eq (local.tee $c (call $get)) (i32.const -1)))
        (call $put (local.get $c)) (br $next)))))`,
    input: 'transformer\0\xff!',
  },
  {
    name: 'if with and without else, with results',
    wat: each(
      [0, 1, 5],
      '(if (i32.eqz (local.get $x)) (then (local.set $x (i32.const 9)))) (if (result i32) (i32.gt_s (local.get $x) (i32.const 4)) (then (i32.const 100)) (else (i32.const 200) (i32.add (local.get $x))))',
    ),
  },
  {
    name: 'if whose branches leave or fall through',
    wat: each(
      [0, 1, 2, 3],
      `(block $out (result i32)
      (if (i32.eq (local.get $x) (i32.const 1)) (then (br $out (i32.const 11))) (else (if (i32.eq (local.get $x) (i32.const 2)) (then (return (i32.const 22))))))
      (i32.add (local.get $x) (i32.const 40)))`,
    ),
  },
  {
    name: 'br and br_if with a result and surplus values below it',
    wat: each(
      [0, 1, 7],
      `(i32.const 1000) (i32.add (block $b (result i32)
      (i32.const 1) (i32.const 2) (local.get $x)
      (br_if $b (i32.eqz (local.get $x)))
      (i32.add) (i32.add)
      (i32.const 5) (i32.const 6) (br_if $b (i32.eq (local.get $x) (i32.const 1))) (br $b (i32.mul)) ))`,
    ),
  },
  {
    name: 'br to an outer block drops values of both',
    wat: each(
      [3, 4],
      `(block $outer (result i32) (i32.const 50) (block $inner (result i32) (i32.const 60) (i32.const 70)
      (br_if $outer (i32.const 7) (i32.and (local.get $x) (i32.const 1))) (br $outer)) (i32.add) )`,
    ),
  },
  {
    name: 'return with surplus values, and a branch to the function itself',
    wat: each(
      [0, 1, 2],
      `(i32.const 1) (i32.const 2) (i32.const 3)
      (if (i32.eqz (local.get $x)) (then (return (i32.const 77))))
      (br_if 0 (i32.eq (local.get $x) (i32.const 1)))
      (return)`,
    ),
  },
  {
    name: 'several results from blocks, loops, ifs and functions',
    wat: each(
      [3, 6],
      `(call $swap (local.get $x) (i32.const 10)) (i32.sub)
      (block (result i32 i32) (i32.const 5) (i32.const 6) (br 0 (i32.const 8) (i32.const 9))) (i32.sub)
      (i32.add)
      (local.get $x) (i32.const 1) (if (param i32) (result i32 i32) (then (i32.const 4)) (else (i32.const 5))) (i32.add) (i32.add)
      (i32.const 2) (loop $l (param i32) (result i32) (i32.const 3) (i32.mul) (local.set $x (i32.sub (local.get $x) (i32.const 1)))
        (i32.const 99) (drop) (br_if $l (local.get $x))) (i32.add)`,
      '(func $swap (param i32 i32) (result i32 i32) (i32.const 4) (return (local.get 1) (local.get 0)))',
    ),
  },
  {
    name: 'a branch back to a loop that takes a value and drops others',
    wat: each(
      [4],
      `(i32.const 0) (loop $l (param i32) (result i32)
      (local.get $x) (i32.add) (i32.const 123) (i32.const 0) (local.set $x (i32.sub (local.get $x) (i32.const 1)))
      (drop) (drop) (i32.const 321) (drop) (i32.const 5)
      (drop) (br_if $l (local.get $x)))`,
    ),
  },
  {
    name: 'br_table without values',
    wat: each(
      [0, 1, 2, 3, 4, -1],
      `(block $c (block $b (block $a (br_table $a $b $c $b (local.get $x))) (return (i32.const 1))) (return (i32.const 2))) (i32.const 3)`,
    ),
  },
  {
    name: 'br_table with values, some rows dropping surplus',
    wat: each(
      [0, 1, 2, 3, -5],
      `(block $far (result i32) (i32.const 900) (block $near (result i32) (i32.const 30) (i32.const 31)
      (br_table $near $far $near $far 2 (local.get $x))) (i32.add))`,
    ),
  },
  {
    name: 'br_table that goes round a loop',
    wat: each(
      [1, 2, 3, 9],
      `(local $n i32) (block $done (loop $again (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (local.set $x (i32.sub (local.get $x) (i32.const 1)))
      (br_if $done (i32.gt_s (local.get $n) (i32.const 20)))
        (br_table $done $again $again $again (local.get $x)))) (local.get $n)`,
    ),
  },
  {
    name: 'an empty br_table is a branch',
    wat: each([0, 7], '(block (br_table 0 (local.get $x))) (i32.const 4)'),
  },
  {
    name: 'nested loops',
    wat: each(
      [1, 5],
      `(local $i i32) (local $j i32) (local $sum i32)
      (loop $rows (local.set $j (i32.const 0))
        (loop $columns (local.set $sum (i32.add (local.get $sum) (i32.mul (local.get $i) (local.get $j))))
          (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $x))))
        (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $x))))
      (local.get $sum)`,
    ),
  },
  {
    name: 'code that cannot be reached',
    wat: each(
      [0, 1],
      `(block (br 0) (i32.add) drop (block (loop (br 1) (i32.add) (drop))) (if (then unreachable) (else nop)))
      (if (result i32) (local.get $x) (then (return (i32.const 1)) (i32.add)) (else (br 1 (i32.const 2)) (if (result i32) (then (i32.const 1)) (else (i32.const 2)))))
      (return) (unreachable)`,
    ),
  },
  {
    name: 'an endless loop left by return',
    wat: each(
      [5],
      '(loop $l (if (i32.eqz (local.tee $x (i32.sub (local.get $x) (i32.const 1)))) (then (return (i32.const 8)))) (br $l)) (unreachable)',
    ),
  },
  {
    name: 'recursion keeps locals apart and starts them at zero',
    wat: each(
      [0, 1, 10],
      `(local $zero i32) (local.set $zero (i32.add (local.get $zero) (i32.const 1)))
      (if (result i32) (i32.lt_u (local.get $x) (i32.const 2)) (then (i32.mul (local.get $x) (local.get $zero)))
        (else (i32.add (call $f (i32.sub (local.get $x) (i32.const 1))) (i32.mul (local.get $zero) (call $f (i32.sub (local.get $x) (i32.const 2)))))))`,
    ),
  },
  {
    name: 'arguments arrive in order',
    wat: each(
      [2],
      '(call $digits (i32.const 1) (local.get $x) (i32.const 3))',
      '(func $digits (param i32 i32 i32) (result i32) (i32.add (i32.mul (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1)) (i32.const 10)) (local.get 2)))',
    ),
  },
  ...[1, 2].map((element) => ({
    name: `call_indirect of element ${element}`,
    wat: main(`(call_indirect (type $unary) (i32.const 21) (i32.const ${element}))`, INDIRECT),
  })),
  {
    name: 'call_indirect of an import',
    wat: main('(call_indirect (param i32) (i32.const 65) (i32.const 7)) (i32.const 1)', INDIRECT),
  },
  {
    name: 'call_indirect of two types',
    wat: main(
      '(call_indirect (type $none) (i32.const 3)) (call_indirect (type $binary) (i32.const 4) (call_indirect (type $same) (i32.const 3) (i32.const 2)) (i32.const 5))',
      INDIRECT,
    ),
  },
  ...[3, 4, 5, 7, 8, 100, -1].map((element) => ({
    name: `call_indirect of element ${element}, which has not the type`,
    wat: main(`(call_indirect (type $unary) (i32.const 21) (i32.const ${element}))`, INDIRECT),
  })),
  ...[0, 6].map((element) => ({
    name: `call_indirect of element ${element}, which is null`,
    wat: main(`(call_indirect (type $unary) (i32.const 21) (i32.const ${element}))`, INDIRECT),
    trap: 'undefined element',
  })),
  {
    name: 'memory.size and memory.grow with a maximum',
    wat: each(
      [0, 1, 2, 1, 1, 0, -1, 0x10000, 1],
      '(i32.add (i32.mul (i32.const 100) (memory.grow (local.get $x))) (memory.size))',
      '(memory 1 4)',
    ),
  },
  {
    name: 'memory.grow makes room',
    wat: main(
      '(drop (memory.grow (i32.const 1))) (i32.store (i32.const 131068) (i32.const 7)) (i32.load (i32.const 131068))',
      '(memory 1)',
    ),
  },
  {
    name: 'memory.grow on a stack that holds values',
    wat: main('(i32.const 5) (i32.const 6) (memory.grow (i32.const 3)) (i32.add) (i32.mul)', '(memory 1)'),
  },
  { name: 'access beyond memory', wat: main('(i32.load offset=65533 (i32.const 0))', '(memory 1)') },
  { name: 'access beyond 2^32', wat: main('(i32.load offset=4294967295 (i32.const -1))', '(memory 1)') },
  { name: 'access to a memory of no pages', wat: main('(i32.load8_u (i32.const 0))', '(memory 0)') },
  {
    name: 'loads and stores of every width',
    wat: each(
      [0, 1, 2, 3],
      `(i32.store offset=8 (local.get $x) (i32.const 0x81828384)) (i32.store16 offset=14 (local.get $x) (i32.const 0x98765)) (i32.store8 (i32.const 20) (i32.const 0x1ff))
      (i32.load8_s offset=8 (local.get $x)) (i32.load8_u offset=9 (local.get $x)) (i32.load16_s offset=10 (local.get $x)) (i32.load16_u offset=13 (local.get $x)) (i32.load offset=11 (local.get $x)) (i32.load (i32.const 18))
      i32.xor i32.add i32.xor i32.add i32.xor`,
      '(memory 1)',
    ),
  },
  {
    name: 'globals, one of them constant',
    wat: each(
      [1, 2, 3],
      '(global.set $sum (i32.add (global.get $sum) (i32.mul (local.get $x) (global.get $scale)))) (global.get $sum)',
      '(global $scale i32 (i32.const -3)) (global $sum (mut i32) (i32.const 1000))',
    ),
  },
  {
    name: 'an unused global of another type',
    wat: main('(global.get $b)', '(global $a i64 (i64.const 5)) (global $b (mut i32) (i32.const 6))'),
  },
  {
    name: 'a start function runs first',
    wat: main(
      '(global.get $g)',
      '(global $g (mut i32) (i32.const 1)) (start $s) (func $s (global.set $g (i32.const 42)) (call $put (i32.const 83)))',
    ),
  },
  {
    name: 'data segments: overlapping, with zeros over other data, and long runs of zeros',
    wat: each(
      [0, 1, 2, 3, 4, 8, 30, 60, 61, 62, 100, 65535],
      '(i32.load8_u (local.get $x))',
      `(memory 1) (data (i32.const 0) "abcdef") (data (i32.const 2) "\\00\\00X") (data (i32.const 8) "q${'\\00'.repeat(50)}rs\\00\\00") (data (i32.const 30) "") (data (i32.const 65535) "z")`,
    ),
  },
  { name: 'a data segment that does not fit', wat: main('(i32.const 1)', '(memory 1) (data (i32.const 65535) "ab")') },
  {
    name: 'an empty data segment beyond the end',
    wat: main('(i32.const 1)', '(memory 1) (data (i32.const 65537) "")'),
  },
  {
    name: 'an element segment that does not fit',
    wat: main('(i32.const 1)', '(table 2 funcref) (elem (i32.const 1) $put $put)'),
  },
  {
    name: 'a later element segment wins',
    wat: main(
      '(call_indirect (result i32) (i32.const 0))',
      '(table 2 funcref) (elem (i32.const 0) $one $one) (elem (i32.const 0) $two) (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))',
    ),
  },
  { name: 'unreachable', wat: main('(call $put (i32.const 33)) (unreachable)') },
  { name: 'division by zero', wat: main('(i32.rem_u (i32.const 1) (i32.const 0))') },
  { name: 'division overflow', wat: main('(i32.div_s (i32.const 0x80000000) (i32.const -1))') },
  { name: 'endless recursion', wat: main('(call $f)', '(func $f (result i32) (i32.add (call $f) (i32.const 1)))') },
  {
    name: 'select, typed and not',
    wat: each(
      [0, 1],
      '(i32.sub (select (i32.const 10) (i32.const 20) (local.get $x)) (select (result i32) (i32.const 1) (i32.const 2) (local.get $x)))',
    ),
  },
  {
    name: 'tee, drop and nop',
    wat: each(
      [6],
      '(nop) (drop (local.tee $x (i32.const 9))) (i32.mul (local.get $x) (local.tee $x (i32.const 3))) (nop)',
    ),
  },
  {
    name: 'unused functions may do anything',
    wat: main(
      '(i32.const 2)',
      '(func $unused (result f64) (f64.sqrt (f64.convert_i64_s (i64.const 2)))) (table 1 funcref) (elem (i32.const 0) $unused)',
    ),
  },
];
