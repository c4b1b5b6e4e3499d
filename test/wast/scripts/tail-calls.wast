;; Tail calls: no frame is left behind, whatever the function has on its stack and in its locals.
(module
  (type $unary (func (param i32) (result i32)))
  (table 3 funcref)
  (elem (i32.const 0) func $even $odd $wrong)
  (func $wrong (result i32) (i32.const 0))

  (func $even (export "even") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (return_call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (return_call_indirect (type $unary) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))

  ;; The locals of the function that is called are zero, though the frame has been another's.
  (func $zeros (param i32) (result i64) (local i64 i32 f64)
    (i64.add
      (i64.add (local.get 1) (i64.extend_i32_u (local.get 2)))
      (i64.add (i64.trunc_f64_s (local.get 3)) (i64.extend_i32_u (local.get 0)))))
  (func (export "zeros") (param i64 i64 i64) (result i64)
    (local.set 1 (i64.const 77))
    (return_call $zeros (i32.const 5)))

  ;; What lies below the arguments is dropped.
  (func $subtract (param i32 i64) (result i64) (i64.sub (i64.extend_i32_u (local.get 0)) (local.get 1)))
  (func (export "below") (param i64) (result i64)
    (i32.const 1) (i64.const 2) (i32.const 3)
    (block (result i64)
      (i32.const 10) (local.get 0)
      (return_call $subtract))
    (drop) (drop) (drop) (drop)
    (i64.const 0))
  (func $depth (param i32) (result i32)
    (i32.const 9)
    (return_call_indirect (type $unary) (local.get 0) (i32.const 1)))
  (func (export "in-a-sum") (param i32) (result i32) (i32.add (i32.const 100) (call $depth (local.get 0))))
  (func (export "at") (param i32) (result i32) (return_call_indirect (type $unary) (i32.const 4) (local.get 0))))

(assert_return (invoke "even" (i32.const 0)) (i32.const 1))
(assert_return (invoke "even" (i32.const 7)) (i32.const 0))
;; More calls than can be open at once.
(assert_return (invoke "even" (i32.const 40000)) (i32.const 1))
(assert_return (invoke "zeros" (i64.const 1) (i64.const 2) (i64.const 3)) (i64.const 5))
(assert_return (invoke "below" (i64.const 4)) (i64.const 6))
(assert_return (invoke "in-a-sum" (i32.const 3)) (i32.const 101))
(assert_return (invoke "in-a-sum" (i32.const 4)) (i32.const 100))
(assert_return (invoke "at" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "at" (i32.const 2)) "indirect call type mismatch")
(assert_trap (invoke "at" (i32.const 3)) "undefined element")
