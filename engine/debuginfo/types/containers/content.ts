/** What a container of C++'s library holds, whatever it is made of. */
import type { MachineState } from '../../places/machine-state.ts';
import { sizeOf, type Type } from '../types.ts';
import { outsideMemory, Unreadable, type Value } from '../values.ts';

/** An element, with its key where it has one. */
export interface Item {
  readonly key?: Value | undefined;
  readonly value: Value;
}

/** Elements in their order. */
export interface Items {
  readonly kind: 'items';
  readonly count: number;
  /** Whether the count is told: the type of an array or a tuple says it. */
  readonly counted: boolean;
  /** Whether an index, or a key, leads to an element in expressions too. */
  readonly indexable: boolean;
  /** Elements from `start` up to but not including `end`, which is at most `count`. @throws Unreadable */
  slice(start: number, end: number): Item[];
}

/** Characters. */
export interface Text {
  readonly kind: 'text';
  readonly count: number;
  readonly character: Type;
  readonly address: number;
}

/** What is shown instead of the object: the pointer in a smart one, the value in an optional. */
export interface Instead {
  readonly kind: 'instead';
  readonly value: Value;
  /** How C++ reaches it from the object, by members alone. */
  readonly path: string | undefined;
  /** What stands before it. */
  readonly label?: string;
}

/** Nothing is in it. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly text: string;
}

export type Content = Items | Text | Instead | Nothing;

/** Reads one kind of container. @throws Unreadable where it is not made as expected, or damaged */
export type Reader = (value: Value, state: MachineState) => Content;

/** The size of what a container holds. @throws Unreadable */
export function sizeIn(type: Type): number {
  const size = sizeOf(type);
  if (!size) throw new Unreadable('its elements have no size');
  return size;
}

/** Objects in a row. @throws Unreadable where they do not all lie in memory */
export function row(element: Type, address: number, count: number, state: MachineState): Items {
  const size = sizeIn(element);
  checkCount(count);
  // An empty one may have no memory yet, but none elsewhere.
  const isNowhere = count === 0 && address === 0;
  if (!isNowhere && state.memory(address + Math.max(count * size, 1) - 1, 1).length === 0) {
    throw new Unreadable(outsideMemory(address));
  }
  const at = (index: number): Item => ({
    value: { type: element, place: { kind: 'memory', address: address + index * size } },
  });
  return items(count, at);
}

/** Elements that each can be found by itself. */
export function items(count: number, at: (index: number) => Item, { counted = true, indexable = true } = {}): Items {
  const slice = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => at(start + i));
  return { kind: 'items', count, counted, indexable, slice };
}

/** @throws Unreadable for what cannot be a number of elements */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > 0x7fff_ffff) throw new Unreadable('it is damaged');
}
