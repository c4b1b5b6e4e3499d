/**
 * The state of the machine at one moment, as far as debug information asks for it. The debugger implements it over
 * the trace; tests implement it over a memory snapshot.
 */

/**
 * Reads of one moment. A wasm value is given by its bits: i32 and f32 as an unsigned number below 2^32, i64 and f64 as
 * a bigint. Undefined is "not known" and shows as such.
 */
export interface MachineState {
  /** Wasm local of the selected frame, parameters first. */
  local(index: number): number | bigint | undefined;
  /** Wasm global by index. */
  global(index: number): number | bigint | undefined;
  /** Operand stack of the selected frame, from the bottom: entry 0 is its oldest. */
  stack(index: number): number | bigint | undefined;
  /** Bytes of linear memory; fewer than `length` (down to none) where it ends. The result is not written to. */
  memory(address: number, length: number): Uint8Array;
  /** Bytes from an address to the end of the heap's block that holds it; undefined for what is in none. */
  extent?(address: number): number | undefined;
  /** Other numbers of the moment, by names that who makes the state agrees on with who asks. */
  other?(name: string): number | bigint | undefined;
}
