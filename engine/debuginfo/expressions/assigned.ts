/** The bytes that an assignment puts where a value is: the new value, converted to its type. */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { bare, sizeOf, spellType } from '../types/types.ts';
import { bytesOf, scalarOf, Unreadable, type Value } from '../types/values.ts';
import { bytesOfScalar, writeBits } from './encoding.ts';

/** @throws PlacedError for types that do not fit, and for values that cannot be read */
export function assigned(target: Value, value: Value, state: MachineState): Uint8Array {
  try {
    return bytesAssigned(target, value, state);
  } catch (error) {
    if (error instanceof Unreadable) throw new PlacedError(error.message);
    throw error;
  }
}

const SCALARS = ['integer', 'float', 'pointer', 'enum', 'boolean'];

function bytesAssigned(target: Value, value: Value, state: MachineState): Uint8Array {
  const to = bare(target.type);
  const size = sizeOf(to) ?? 0;
  const from = bare(value.type);
  if (!SCALARS.includes(to.kind) || !SCALARS.includes(from.kind)) {
    if (spellType(to) !== spellType(from) || size === 0) {
      throw new PlacedError(`a value of type ${spellType(from)} cannot be put into one of type ${spellType(to)}`);
    }
    return bytesOf(value, state).slice();
  }
  const number = scalarOf(value, state);
  if (to.kind === 'float') return bytesOfScalar(number, true, size);
  if (!Number.isFinite(Number(number))) throw new PlacedError(`${number} is no value of type ${spellType(to)}`);
  const truth = to.kind === 'boolean' ? BigInt(Number(number) !== 0) : undefined;
  const whole = truth ?? (typeof number === 'bigint' ? number : BigInt(Math.trunc(number)));
  if (!target.bits) return Uint8Array.from({ length: size }, (_, i) => Number((whole >> BigInt(8 * i)) & 0xffn));
  const bytes = bytesOf(target, state).slice();
  writeBits(bytes, 0, target.bits, whole);
  return bytes;
}
