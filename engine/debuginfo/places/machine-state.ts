/**
 * The state of the machine at one moment, as far as debug information asks for it. The debugger implements it over
 * the trace; tests implement it over a memory snapshot.
 */

/**
 * Reads of one moment. A wasm value is given by its bits: i32 and f32 as an unsigned number below 2^32, i64 and f64 as
 * a bigint. Undefined is "not known" and shows as such.
 */
export interface MachineState {
  /** Local of the selected frame, as the machine numbers them, parameters first. */
  local(index: number): number | bigint | undefined;
  /**
   * The machine's number of a local of the module, and that of the upper half of a vector, which is two numbers; -1 for what is
   * none. Missing where they are the same.
   */
  numberOf?(local: number): readonly [low: number, high: number];
  /** Wasm global by index. */
  global(index: number): number | bigint | undefined;
  /** Operand stack of the selected frame, from the bottom: entry 0 is its oldest. */
  stack(index: number): number | bigint | undefined;
  /** Bytes of linear memory; fewer than `length` (down to none) where it ends. The result is not written to. */
  memory(address: number, length: number): Uint8Array;
  /** Bytes from an address to the end of the heap's block that holds it; undefined for what is in none. */
  extent?(address: number): number | undefined;
  /**
   * Calls a function of the program. `site` tells the calls of one expression apart: each is made once, however often its
   * result is read. Missing where nothing can be called.
   */
  call?(site: object, call: MachineCall): MachineResult;
  /** Other numbers of the moment, by names that who makes the state agrees on with who asks. */
  other?(name: string): number | bigint | undefined;
}

/** The value of a local as the module numbers them; undefined for a vector. */
export function localOf(state: MachineState, local: number): number | bigint | undefined {
  const [number, high] = state.numberOf?.(local) ?? [local, -1];
  return high < 0 ? state.local(number) : undefined;
}

/** The sixteen bytes of a local that is a vector. */
export function vectorOf(state: MachineState, local: number): bigint | undefined {
  const [low, high] = state.numberOf?.(local) ?? [local, -1];
  const halves = high < 0 ? [] : [state.local(low), state.local(high)];
  if (halves.length === 0 || halves.some((half) => half === undefined)) return undefined;
  const [lower, upper] = halves.map((half) => BigInt.asUintN(64, BigInt(half as bigint)));
  return (upper << 64n) | lower;
}

/** Types of values, as WebAssembly has them. */
export type MachineType = 'i32' | 'i64' | 'f32' | 'f64';

/** A call in terms of the machine. */
export interface MachineCall {
  /** What is called, as the expression says it: for messages. */
  readonly name: string;
  /** Index in the module's function space, or which entry of its table. */
  readonly callee: { readonly index: number } | { readonly tableEntry: number };
  readonly arguments: readonly MachineArgument[];
  /** Type of the result on the stack; undefined without one. */
  readonly result: MachineType | undefined;
  /** Of a result that the function puts into memory: the first argument is then where, and nobody else gives it. */
  readonly room: MachineRoom | undefined;
}

/** Bytes of memory that nothing else uses. */
export interface MachineRoom {
  readonly size: number;
  readonly alignment: number;
}

/** What is passed: a number by its bits, or the address of bytes, or of other arguments in a row. */
export type MachineArgument =
  | { readonly kind: 'number'; readonly type: MachineType; readonly bits: number | bigint }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly alignment: number }
  | { readonly kind: 'row'; readonly parts: readonly MachineArgument[] };

/** What a call gave: the bits of its result, and where its room is; 0 for what there is not. */
export interface MachineResult {
  readonly bits: number | bigint;
  readonly address: number;
}
