/**
 * The module `spectest`, which the specification's scripts import from: as modules, like others. Its memory and its
 * table are shared by all that import them; its functions do nothing and its globals do not change, so that who imports
 * those shares nothing.
 */
import { decode } from '../toolchain/decode/decode.ts';
import type { WasmModule } from '../toolchain/decode/module.ts';
import { watToWasm } from '../wat/wat.ts';

const CONSTANTS = `(module
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64))
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6)))`;
const MEMORY = '(module (memory (export "memory") 1 2))';
const TABLE = '(module (table (export "table") 10 20 funcref))';

let loading: Promise<readonly WasmModule[]> | undefined;

/** What is constant, the memory, the table. */
export function spectestModules(): Promise<readonly WasmModule[]> {
  loading ??= Promise.all(
    [CONSTANTS, MEMORY, TABLE].map(async (text) => decode(await watToWasm(text, 'spectest'), 'spectest')),
  );
  return loading;
}
