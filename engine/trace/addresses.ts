/** Numbers that are addresses, as far as that can be told by the number: they are written like addresses wherever they come up. */
import type { TokenProgram } from '../isa/program.ts';
import type { Moment } from './moment.ts';

/** The global in which clang keeps where C's stack ends. */
export const STACK_POINTER = '__stack_pointer';

/** Bytes below where C's stack ends that a function without calls uses all the same. */
export const RED_ZONE = 128;

/** Whether a number points into C's stack, as far as it is in use at a moment. Small numbers are mostly none. */
export function isOnStack({ globals }: Pick<TokenProgram, 'globals'>, moment: Moment, value: number): boolean {
  const stack = globals.find(({ name }) => name === STACK_POINTER);
  if (!stack || value >>> 0 < 1 << 16) return false;
  return (value >>> 0) + RED_ZONE >= moment.cell(stack.cell) >>> 0 && value >>> 0 < stack.initial;
}

export const hexadecimal = (address: number | bigint): string =>
  `0x${BigInt.asUintN(32, BigInt(address)).toString(16)}`;
