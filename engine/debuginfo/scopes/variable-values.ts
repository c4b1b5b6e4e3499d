/**
 * Variables as values: where the machine stands decides where a variable is and how long its arrays are.
 */
import { OPTIMISED_OUT, type Place } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { sizeOf, withLengths } from '../types/types.ts';
import type { Value } from '../types/values.ts';
import type { Variable } from './scopes.ts';

/** The value of a variable while the machine stands at `codeOffset`. Never throws: what is gone says so. */
export function readVariable(variable: Variable, codeOffset: number, state: MachineState): Value {
  const locator = variable.locate(codeOffset);
  const type = withLengths(variable.type, state, codeOffset);
  if (locator.kind === 'gone') return { type, place: locator };
  if (locator.kind === 'memory') {
    const address = locator.address(state);
    return { type, place: address === undefined ? UNKNOWN_HERE : { kind: 'memory', address } };
  }
  const size = sizeOf(type);
  return { type, place: size === undefined || size > LARGEST_VALUE ? OPTIMISED_OUT : locator.read(state, size) };
}

const UNKNOWN_HERE: Place = { kind: 'gone', reason: 'not known in this state' };

/** Values outside memory are pieced together from at most this many bytes. */
const LARGEST_VALUE = 1 << 16;
