/**
 * What an expression reads of the machine while it is evaluated: so it becomes clear whether its value, or the place of
 * its value, hangs on anything, and on what.
 */
import type { MachineState } from '../../engine/debuginfo/index.ts';

/** Indices of the wasm locals and globals that were read, and whether anything else was. */
export interface Reads {
  readonly locals: Set<number>;
  readonly globals: Set<number>;
  others: boolean;
}

export function noReads(): Reads {
  return { locals: new Set(), globals: new Set(), others: false };
}

/** A state that notes what is read of it. */
export function noting(state: MachineState, reads: Reads): MachineState {
  const other = <T>(value: T): T => {
    reads.others = true;
    return value;
  };
  return {
    numberOf: state.numberOf,
    local: (index) => {
      reads.locals.add(index);
      return state.local(index);
    },
    global: (index) => {
      reads.globals.add(index);
      return state.global(index);
    },
    stack: (index) => other(state.stack(index)),
    memory: (address, length) => other(state.memory(address, length)),
    other: (name) => other(state.other?.(name)),
  };
}
