;; Modules that import from each other: what is shared, what is each one's own, and what a module leaves behind that
;; cannot be made.

(module $bank
  (memory (export "vault") 1 6) (data (i32.const 32) "gold")
  (table (export "desks") 6 funcref) (elem (i32.const 1) $teller)
  (global $balance (export "balance") (mut i64) (i64.const 100))
  (global (export "rate") f64 (f64.const 1.5))
  (func $teller (result i32) (i32.const 11))
  (func (export "pay") (param i64) (result i64)
    (global.set $balance (i64.add (global.get $balance) (local.get 0))) (global.get $balance))
  (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "ask") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (func (export "rooms") (result i32) (memory.size))
)
(register "bank" $bank)
(assert_return (invoke $bank "pay" (i64.const 5)) (i64.const 105))

;; A member that joins late finds the state of now.
(module $client
  (import "bank" "pay" (func $pay (param i64) (result i64)))
  (import "bank" "balance" (global $balance (mut i64)))
  (import "bank" "rate" (global $rate f64))
  (import "spectest" "print_i64" (func $print (param i64)))
  (memory 1) (data (i32.const 32) "iron")
  (table 3 funcref) (elem (i32.const 0) $local $hidden)
  (global (export "rate") f64 (global.get $rate))
  (export "bank pay" (func $pay)) (export "their balance" (global $balance))
  (func $local (result i32) (i32.const 21))
  (func $hidden (param i64) (result i64) (local.get 0))
  (func (export "double") (result i64)
    (global.set $balance (i64.mul (global.get $balance) (i64.const 2))) (call $print (i64.const 1))
    (call $pay (i64.const 0)))
  (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "poke") (param i32) (i32.store8 (local.get 0) (i32.const 99)))
  (func (export "ask") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
)
(assert_return (get $client "their balance") (i64.const 105))
(assert_return (get $client "rate") (f64.const 1.5))
(assert_return (invoke $client "double") (i64.const 210))
(assert_return (get $bank "balance") (i64.const 210))
(assert_return (invoke $client "bank pay" (i64.const -10)) (i64.const 200))

;; Memories and tables of their own, with bounds of their own.
(assert_return (invoke $client "peek" (i32.const 32)) (i32.const 0x69))
(assert_return (invoke $bank "peek" (i32.const 32)) (i32.const 0x67))
(assert_return (invoke $client "poke" (i32.const 65535)))
(assert_return (invoke $bank "peek" (i32.const 65535)) (i32.const 0))
(assert_trap (invoke $client "poke" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke $bank "peek" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke $client "grow") (i32.const 1))
(assert_return (invoke $client "poke" (i32.const 65536)))
(assert_return (invoke $bank "rooms") (i32.const 1))
(assert_trap (invoke $bank "peek" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke $client "ask" (i32.const 0)) (i32.const 21))
(assert_trap (invoke $client "ask" (i32.const 1)) "indirect call type mismatch")
(assert_trap (invoke $client "ask" (i32.const 2)) "uninitialized element")
(assert_return (invoke $bank "ask" (i32.const 1)) (i32.const 11))
(assert_trap (invoke $bank "ask" (i32.const 2)) "uninitialized")

;; Segments are written into what is imported, and functions put into the table can be called from there.
(module $auditor
  (import "bank" "vault" (memory 1))
  (import "bank" "desks" (table 2 funcref))
  (global $asked (mut i32) (i32.const 30))
  (data (i32.const 33) "AS") (elem (i32.const 2) $answer $answer)
  (func $answer (result i32) (global.set $asked (i32.add (global.get $asked) (i32.const 1))) (global.get $asked))
  (func (export "enlarge") (result i32) (memory.grow (i32.const 2)))
)
(assert_return (invoke $bank "peek" (i32.const 33)) (i32.const 0x41))
(assert_return (invoke $bank "peek" (i32.const 35)) (i32.const 0x64))
(assert_return (invoke $client "peek" (i32.const 33)) (i32.const 0x72))
(assert_return (invoke $client "peek" (i32.const 65536)) (i32.const 99))
(assert_return (invoke $bank "ask" (i32.const 3)) (i32.const 31))
(assert_return (invoke $bank "ask" (i32.const 2)) (i32.const 32))
(assert_return (invoke $auditor "enlarge") (i32.const 1))
(assert_return (invoke $bank "rooms") (i32.const 3))
(assert_return (invoke $bank "peek" (i32.const 196607)) (i32.const 0))

;; Limits are those of now.
(module (import "bank" "vault" (memory 3 6)))
(assert_unlinkable (module (import "bank" "vault" (memory 4))) "incompatible import type")
(assert_unlinkable (module (import "bank" "vault" (memory 1 5))) "incompatible import type")
(assert_unlinkable (module (import "bank" "desks" (table 7 funcref))) "incompatible import type")
(assert_unlinkable (module (import "bank" "desks" (table 1 9 funcref))) "incompatible import type")
(assert_unlinkable (module (import "bank" "balance" (global i64))) "incompatible import type")
(assert_unlinkable (module (import "bank" "pay" (func (param i32) (result i64)))) "incompatible import type")
(assert_unlinkable (module (import "bank" "cellar" (memory 1))) "unknown import")

;; A segment that does not fit: in version 1.0 nothing is written.
(assert_unlinkable
  (module (import "bank" "vault" (memory 1)) (import "bank" "desks" (table 1 funcref))
    (elem (i32.const 5) $f) (data (i32.const 0) "no") (data (i32.const 0x30000) "x") (func $f (result i32) (i32.const 1)))
  "data segment does not fit")
(assert_unlinkable
  (module (import "bank" "vault" (memory 1)) (import "bank" "desks" (table 1 funcref))
    (elem (i32.const 5) $f) (elem (i32.const 6) $f) (data (i32.const 0) "no") (func $f (result i32) (i32.const 1)))
  "elements segment does not fit")
(assert_return (invoke $bank "peek" (i32.const 0)) (i32.const 0))
(assert_trap (invoke $bank "ask" (i32.const 5)) "uninitialized element")

;; Later it is a trap, and what comes before it remains.
(assert_trap
  (module (import "bank" "vault" (memory 1)) (import "bank" "desks" (table 1 funcref))
    (elem (i32.const 4) $f) (elem (i32.const 6) $f) (elem (i32.const 5) $f) (data (i32.const 0) "no")
    (func $f (result i32) (i32.const 41)))
  "out of bounds table access")
(assert_return (invoke $bank "ask" (i32.const 4)) (i32.const 41))
(assert_trap (invoke $bank "ask" (i32.const 5)) "uninitialized element")
(assert_return (invoke $bank "peek" (i32.const 0)) (i32.const 0))
(assert_trap
  (module (import "bank" "vault" (memory 1)) (data (i32.const 0) "yes") (data (i32.const 0x30000) "x") (data (i32.const 1) "x"))
  "out of bounds memory access")
(assert_return (invoke $bank "peek" (i32.const 0)) (i32.const 0x79))
(assert_return (invoke $bank "peek" (i32.const 1)) (i32.const 0x65))

;; What happened before a start function traps remains, too.
(assert_trap
  (module (import "bank" "vault" (memory 1)) (import "bank" "desks" (table 1 funcref))
    (import "bank" "balance" (global $balance (mut i64)))
    (elem (i32.const 5) $f) (func $f (result i32) (i32.const 51))
    (func $start (i32.store8 (i32.const 7) (i32.const 77)) (global.set $balance (i64.const 1)) (unreachable)) (start $start))
  "unreachable")
(assert_return (invoke $bank "peek" (i32.const 7)) (i32.const 77))
(assert_return (invoke $bank "ask" (i32.const 5)) (i32.const 51))
(assert_return (invoke $bank "pay" (i64.const 1)) (i64.const 2))
(assert_return (invoke $bank "ask" (i32.const 2)) (i32.const 33))

;; What is imported can be exported again, under any name.
(module $agent
  (import "bank" "vault" (memory 1)) (import "bank" "pay" (func $f (param i64) (result i64)))
  (import "bank" "balance" (global (mut i64)))
  (export "m" (memory 0)) (export "f" (func 0)) (export "g" (global 0)))
(register "agent")
(register "" $agent)
(module
  (import "agent" "m" (memory 3)) (import "" "f" (func $f (param i64) (result i64))) (import "" "g" (global $g (mut i64)))
  (func (export "all") (result i64)
    (drop (call $f (i64.const 3))) (i64.add (global.get $g) (i64.load8_u (i32.const 7)))))
(assert_return (invoke "all") (i64.const 82))

;; Two groups become one.
(module $left (global $g (export "n") (mut i32) (i32.const 1)) (func (export "get") (result i32) (global.get $g)))
(register "left")
(module $right (memory (export "m") 1) (global $g (export "n") (mut i32) (i32.const 2))
  (func (export "get") (result i32) (i32.add (global.get $g) (i32.load8_u (i32.const 0)))))
(register "right")
(assert_return (invoke $right "get") (i32.const 2))
(module $both
  (import "left" "n" (global $l (mut i32))) (import "right" "n" (global $r (mut i32)))
  (import "left" "get" (func $get (result i32))) (import "right" "m" (memory 1))
  (func (export "swap") (result i32)
    (global.get $l) (global.set $l (global.get $r)) (global.set $r)
    (i32.store8 (i32.const 0) (i32.const 10)) (call $get)))
(assert_return (invoke $both "swap") (i32.const 2))
(assert_return (invoke $left "get") (i32.const 2))
(assert_return (invoke $right "get") (i32.const 11))

;; The host's memory and table are the same for all.
(module (import "spectest" "memory" (memory 1)) (data (i32.const 9) "\09"))
(module (import "spectest" "table" (table 10 funcref)) (elem (i32.const 9) $f) (func $f (result i32) (i32.const 9)))
(module $host
  (import "spectest" "memory" (memory 1 2)) (import "spectest" "table" (table 10 20 funcref))
  (func (export "peek") (result i32) (i32.load8_u (i32.const 9)))
  (func (export "ask") (result i32) (call_indirect (result i32) (i32.const 9)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(assert_return (invoke "peek") (i32.const 9))
(assert_return (invoke "ask") (i32.const 9))
(assert_return (invoke "grow") (i32.const 1))
(module (import "spectest" "memory" (memory 2 2)) (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(assert_return (invoke "grow") (i32.const -1))
(assert_unlinkable (module (import "spectest" "memory" (memory 3))) "incompatible import type")
