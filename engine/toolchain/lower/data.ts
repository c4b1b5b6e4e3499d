/**
 * Data segments as the prompt's `data` lines. A token per byte stands before the program runs, and memory reads as
 * zero where nothing was written, so zeros at a segment's ends and long runs of them inside are left out.
 */
import { PAGE_SIZE } from '../../isa/limits.ts';
import type { DataSegment } from '../../isa/program.ts';
import { evaluate } from '../decode/constants.ts';
import type { WasmModule } from '../decode/module.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import type { Plan } from './check.ts';
import { storedData } from './stored.ts';

/** Zeros in a row that cost as many tokens as the beginning of another `data` line would, and a few. */
const LONG_RUN = 12;

/**
 * Active data segments of the module, split; `overflow` is true when one does not fit in its initial memory
 * (instantiation traps, and later ones do nothing). O(bytes).
 */
export function lowerData(
  module: WasmModule,
  { regions, stored }: Plan,
  helpers: Helpers | undefined,
): { data: DataSegment[]; overflow: boolean } {
  const data: DataSegment[] = storedData(module, stored, helpers).flatMap(({ address, bytes }) =>
    withoutZeros(address, bytes),
  );
  let written = 0;
  for (const { memory, offset, bytes } of module.data) {
    const place = offset && evaluate(offset, module.globals);
    if (!place) continue;
    const { base, initial } = regions[memory] ?? { base: 0, initial: 0 };
    if ((place.low >>> 0) + bytes.length > initial * PAGE_SIZE) return { data, overflow: true };
    const address = base * PAGE_SIZE + (place.low >>> 0);
    // A zero may be left out only where no earlier segment put something else.
    if (address >= written) data.push(...withoutZeros(address, bytes));
    else if (bytes.length > 0) data.push({ address, bytes });
    written = Math.max(written, address + bytes.length);
  }
  return { data, overflow: false };
}

/** The nonzero bytes of `bytes`, which stand at `address`, as segments. O(bytes). */
export function withoutZeros(address: number, bytes: Uint8Array): DataSegment[] {
  const pieces: DataSegment[] = [];
  const end = bytes.length;
  let position = 0;
  while (position < end) {
    while (position < end && bytes[position] === 0) position++;
    if (position === end) break;
    // The piece reaches to the last nonzero byte before a long run of zeros.
    let last = position;
    for (let i = position; i < end && i - last <= LONG_RUN; i++) if (bytes[i] !== 0) last = i;
    pieces.push({ address: address + position, bytes: bytes.subarray(position, last + 1) });
    position = last + 1;
  }
  return pieces;
}
