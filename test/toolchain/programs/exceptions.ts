/** Programs that throw and catch, in WebAssembly's text. */

const START = `(import "stepformer" "write_byte" (func $put (param i32)))
  (tag $none) (tag $one (param i32)) (tag $two (param i64 i32 f32 f64 i64)) (tag $other (param i32))
  (func $throws (param $x i32)
    (if (i32.eq (local.get $x) (i32.const 1)) (then (throw $none)))
    (if (i32.eq (local.get $x) (i32.const 2)) (then (throw $one (i32.const 77))))
    (if (i32.eq (local.get $x) (i32.const 3))
      (then (throw $two (i64.const 0x1234567890) (i32.const 5) (f32.const 1.5) (f64.const 2.5) (i64.const -9))))
    (if (i32.eq (local.get $x) (i32.const 4)) (then (throw $other (i32.const 0)))))
  (func $sum (param i64 i32 f32 f64 i64) (result i32)
    (i32.wrap_i64 (i64.add (i64.shr_u (local.get 0) (i64.const 32)) (i64.add (local.get 4)
      (i64.add (i64.extend_i32_s (local.get 1))
        (i64.add (i64.reinterpret_f64 (local.get 3)) (i64.extend_i32_u (i32.reinterpret_f32 (local.get 2)))))))))`;

/** `$f` for each kind of exception and for none, each result in the output. */
export const each = (body: string, more = '') => `(module ${START} ${more}
  (func $f (param $x i32) (result i32) ${body})
  (func (export "_start") (local $i i32)
    (loop $l (call $put (call $f (local.get $i)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))))`;

/** Catches each of them, with another result. */
export const ALL = `(catch $none (i32.const 11)) (catch $one) (catch $two (call $sum)) (catch_all (i32.const 44))`;
export const TRY = (body: string, catches: string) => `(try (result i32) (do ${body}) ${catches})`;

/** What V8 runs too: each way in which something is thrown and caught. */
export const PROGRAMS: readonly (readonly [name: string, wat: string])[] = [
  ['each tag finds its catch', each(TRY('(call $throws (local.get $x)) (i32.const 1)', ALL))],
  [
    'values below are dropped on the way, in every function',
    each(
      `(i32.add (i32.const 100) ${TRY('(i32.add (i32.const 7) (call $mid (local.get $x)))', ALL)})`,
      `(func $mid (param i32) (result i32) (i64.const 3) (i32.const 4) (call $throws (local.get 0)) (drop) (drop) (i32.const 9))`,
    ),
  ],
  [
    'what is not caught goes on to the block around it',
    each(
      TRY(`(try (do (call $throws (local.get $x))) (catch $one (drop) (call $put (i32.const 3)))) (i32.const 2)`, ALL),
    ),
  ],
  [
    'a throw in a catch is caught outside',
    each(TRY(TRY('(call $throws (local.get $x)) (i32.const 1)', '(catch_all (throw $one (i32.const 55)))'), ALL)),
  ],
  [
    'rethrow, from the catch and from one around it',
    each(
      TRY(
        `(try (do (call $throws (local.get $x)))
          (catch_all (try (do (throw $other (i32.const 8))) (catch $other (call $put) (rethrow 1))))) (i32.const 6)`,
        ALL,
      ),
    ),
  ],
  [
    'delegate passes over the blocks between',
    each(
      TRY(
        `(try $between (do (try (do (call $throws (local.get $x))) (delegate 1))) (catch_all (call $put (i32.const 99)))) (i32.const 2)`,
        ALL,
      ),
    ),
  ],
  [
    'delegate to the caller',
    each(
      TRY('(call $g (local.get $x)) (i32.const 3)', ALL),
      '(func $g (param i32) (try (do (try (do (call $throws (local.get 0))) (delegate 1))) (catch_all (call $put (i32.const 98)))))',
    ),
  ],
  [
    'through a table, in a loop that goes on',
    each(
      `(local $n i32) (local $r i32) (loop $again (try (do (call_indirect (param i32) (local.get $x) (i32.const 0)))
        (catch_all (local.set $r (i32.add (local.get $r) (i32.const 10)))))
        (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 3)))) (local.get $r)`,
      '(table funcref (elem $throws))',
    ),
  ],
  ['a try in code that is not reached', each(`(return (i32.const 4)) (try (do (try (do) (delegate 0))) (catch_all))`)],
  [
    'a try without catch, and a branch out of one',
    each(
      `(block $out (try (do (br $out)) (catch_all))) ${TRY('(try (do (call $throws (local.get $x)))) (i32.const 5)', ALL)}`,
    ),
  ],
];
