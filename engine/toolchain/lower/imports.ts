/**
 * What a program may import, and what a call of it becomes: instructions, a helper function, or (for the helpers
 * themselves) an instruction that C has no word for.
 */
import { MEMORY_PAGES } from '../../isa/limits.ts';
import { opcodeNamed, trapNumber } from '../../isa/opcodes.ts';
import type { FunctionType, WasmImport, WasmModule } from '../decode/module.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import { hasHost } from '../host/given.ts';
import { WASI_MODULES } from '../wasi-modules.ts';

/** What a call of an imported function does. */
export type Action =
  /** These instructions, on the arguments on the stack. `errors`: what they write is for standard error. */
  | {
      readonly kind: 'lines';
      readonly lines: readonly (readonly [name: string, imm?: number])[];
      readonly errors?: boolean;
    }
  /** Reads or writes a cell of four bytes that the toolchain adds. */
  | { readonly kind: 'cell'; readonly name: string; readonly set: boolean }
  /** Calls a helper function. */
  | { readonly kind: 'helper'; readonly name: string };

/** Numbers of the reasons for which the toolchain makes traps. */
export const TRAP = {
  divideByZero: trapNumber('integer divide by zero'),
  overflow: trapNumber('integer overflow'),
  memory: trapNumber('out of bounds memory access'),
  undefinedElement: trapNumber('undefined element'),
  typeMismatch: trapNumber('indirect call type mismatch'),
  invalidConversion: trapNumber('invalid conversion to integer'),
} as const;

const line = (name: string, imm?: number): Action => ({ kind: 'lines', lines: [[name, imm]] });

/** To the machine a write like any other: which output it is for is told by where in the program it stands. */
const WRITE_ERROR: Action = { kind: 'lines', lines: [['write_byte']], errors: true };

/** Imports of module `stepformer`. */
const STEPFORMER: ReadonlyMap<string, readonly [type: string, action: Action]> = new Map([
  ['write_byte', ['(i32) -> ()', line('write_byte')]],
  ['write_error', ['(i32) -> ()', WRITE_ERROR]],
  ['read_byte', ['() -> (i32)', line('read_byte')]],
]);

/** Imports of module `machine`, which only the helpers have, besides instructions. `cell x` reads the cell `$x`, `set x` writes it. */
const MACHINE: ReadonlyMap<string, Action> = new Map([
  ['write_error', WRITE_ERROR],
  ['trap overflow', line('trap', TRAP.overflow)],
  ['trap divide by zero', line('trap', TRAP.divideByZero)],
  ['trap invalid conversion', line('trap', TRAP.invalidConversion)],
  ['trap out of bounds', line('trap', TRAP.memory)],
  ['trap undefined element', line('trap', TRAP.undefinedElement)],
  ['all pages', line('i32.const', MEMORY_PAGES)],
]);

/** WASI before preview 1, and what it has otherwise: sizes of structures, and where a seek begins. */
const DRAFT = 'wasi_unstable';
const DIFFERS: ReadonlySet<string> = new Set(['fd_filestat_get', 'path_filestat_get', 'poll_oneoff']);

/** Where imports come from. */
export interface Sources {
  readonly helpers?: Helpers;
}

/** `(i32, i32) -> (i32)`; types are equal when this text is. */
export function signatureText({ params, results }: FunctionType): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}

/** What an imported function does, or in words what is wrong with the import. */
export function resolveImport(module: WasmModule, entry: WasmImport, sources: Sources): Action | string {
  const { module: from, name } = entry;
  const type = module.types[entry.type];
  const actual = type ? signatureText(type) : 'an unknown type';
  const mismatch = (expected: string) => `the import ${from}.${name} of type ${actual} (its type is ${expected})`;
  if (from === 'stepformer') {
    const found = STEPFORMER.get(name);
    if (!found) return `the import ${from}.${name} (stepformer has only ${[...STEPFORMER.keys()].join(', ')})`;
    return actual === found[0] ? found[1] : mismatch(found[0]);
  }
  // What AssemblyScript's programs import; floats are integers to the helpers.
  const inEnv = from === 'env' ? sources.helpers?.typeOf(`env.${name}`) : undefined;
  if (inEnv) {
    const expected = signatureText(inEnv).replaceAll('i64', 'f64');
    return actual === expected ? { kind: 'helper', name: `env.${name}` } : mismatch(expected);
  }
  // WASI's functions are helpers named `wasi.` and their name, or `host.` where the module can have files.
  if (WASI_MODULES.includes(from)) {
    if (from === DRAFT && (DIFFERS.has(name) || (name === 'fd_seek' && hasHost(module)))) {
      return `the import ${from}.${name} (of WASI's draft of 2019, from which preview 1 differs there: build for wasm32-wasip1)`;
    }
    const host = `host.${name}`;
    const known = hasHost(module) && sources.helpers?.typeOf(host) ? host : `wasi.${name}`;
    const helper = sources.helpers?.typeOf(known);
    if (!helper) return `the import ${from}.${name} (not among the functions of WASI that exist here)`;
    const expected = signatureText(helper);
    return actual === expected ? { kind: 'helper', name: known } : mismatch(expected);
  }
  return `the import ${from}.${name} (only stepformer's ${[...STEPFORMER.keys()].join(', ')}, WASI's preview 1, and of AssemblyScript's env abort, console.log and its kin, Date.now, performance.now and seed exist)`;
}

/** What a helper's import stands for. @throws RangeError if there is no such thing: the helpers are our own. */
export function machineAction({ name }: WasmImport): Action {
  const cell = /^(cell|set) (\w+)$/.exec(name);
  if (cell) return { kind: 'cell', name: `$${cell[2]}`, set: cell[1] === 'set' };
  const action = MACHINE.get(name) ?? (opcodeNamed(name) && line(name));
  if (!action) throw new RangeError(`no machine instruction ${name}`);
  return action;
}
