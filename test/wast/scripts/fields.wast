;; A file may be one module without its parentheses.
(memory 1)
(func (export "size") (result i32) (memory.size))
(assert_return (invoke "size") (i32.const 1))
