/** Small programs that several tests debug. */
import { wasmOf } from '../toolchain/wat.ts';
import { file } from './driver.ts';

/** A module without debug information, as it is without its text. */
export const MODULE = file(
  'sum.wasm',
  await wasmOf(`(module
  (global $total (mut i32) (i32.const 100))
  (func $twice (param $x i32) (result i32)
    local.get $x
    i32.const 2
    i32.mul)
  (func (export "main") (result i32)
    (local $i i32)
    i32.const 20
    local.set $i
    local.get $i
    call $twice
    global.get $total
    i32.add
    global.set $total
    global.get $total))
`),
);

export const VALUES = file(
  'values.c',
  `struct point { int x, y; };
char *name = "model";
int unused = 4;
int numbers[200];
int main(void) {
  struct point p = { 1, -2 };
  struct point *q = &p;
  char text[4] = "ab";
  numbers[150] = 15;
  {
    int p = 3;
    p++;
  }
  return q->y + name[0];
}
`,
);
