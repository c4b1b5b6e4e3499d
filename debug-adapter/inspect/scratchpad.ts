/**
 * Room below C's stack for what a call is given that is nowhere in memory: literals, copies of structs, arguments behind
 * `...`, and the place of a result. The function's own stack begins below it.
 */
import type { MachineArgument } from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import type { PassedValue } from '../../engine/isa/calling.ts';
import { type DataSegment, widthOf } from '../../engine/isa/program.ts';

/** Alignment of C's stack. */
const STACK_ALIGNMENT = 16;

/** See the file's comment. */
export class Scratchpad {
  /** What is to be written. */
  readonly segments: DataSegment[] = [];
  private readonly memorySize: number;
  /** The lowest address that is used; undefined where the program has no stack. */
  private low: number | undefined;

  /** `free`: the address below which nothing is used. */
  constructor(free: number | undefined, memorySize: number) {
    this.low = free;
    this.memorySize = memorySize;
  }

  /** Where the function's stack may begin; 0 where the program has none. */
  get top(): number {
    return aligned(this.low ?? 0, STACK_ALIGNMENT);
  }

  /** The address of room that nothing is in yet. @throws PlacedError where there is none */
  reserve(size: number, alignment: number): number {
    if (this.low === undefined) {
      throw new PlacedError('literals and structs cannot be passed: the program has no stack in memory');
    }
    const address = aligned(this.low - size, alignment);
    if (address < 0 || address + size > this.memorySize) {
      throw new PlacedError(`there is no room on the stack for ${size} bytes to pass`);
    }
    this.low = address;
    return address;
  }

  /** What is passed for an argument: itself, or where it was put. */
  place(argument: MachineArgument): PassedValue {
    if (argument.kind === 'number') return argument;
    if (argument.kind === 'bytes') return this.write(argument.bytes, argument.alignment);
    const parts = argument.parts.map((part) => this.place(part));
    if (parts.length === 0) return { type: 'i32', bits: 0 };
    let size = 0;
    const places = parts.map(({ type }) => {
      const width = widthOf(type);
      const at = -aligned(-size, width);
      size = at + width;
      return at;
    });
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    parts.forEach(({ type, bits }, i) => {
      if (widthOf(type) === 8) view.setBigUint64(places[i], BigInt.asUintN(64, BigInt(bits)), true);
      else view.setUint32(places[i], Number(BigInt.asUintN(32, BigInt(bits))), true);
    });
    return this.write(bytes, STACK_ALIGNMENT);
  }

  private write(bytes: Uint8Array, alignment: number): PassedValue {
    const address = this.reserve(bytes.length, alignment);
    this.segments.push({ address, bytes });
    return { type: 'i32', bits: address };
  }
}

/** The multiple of a power of two that is not above `address`. */
function aligned(address: number, alignment: number): number {
  return Math.floor(address / alignment) * alignment;
}
