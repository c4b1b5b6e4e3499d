/**
 * What a data breakpoint lies on, and how clients name it: the protocol's `dataId`.
 *
 *   memory:1040+4        four bytes of memory, as long as the program
 *   memory:66016+4@812   the same of the call that trace line 812 made
 *   cell:35@812          a wasm local of that call, by its cell; without a call, a wasm global
 *   static:main:total    a static variable as the function `main` sees it; found anew when the program was compiled anew
 */
import type { DataPlace } from '../../engine/trace/accesses.ts';

/** A place, and the trace line of the call that it belongs to; of none if it is there as long as the program. */
export interface BoundPlace {
  readonly place: DataPlace;
  readonly call: number | undefined;
}

export type DataName = BoundPlace | { readonly functionName: string; readonly expression: string };

const ADDRESS_SPACE = 2 ** 32;

/** Bytes that one data breakpoint may lie on. */
const MOST_BYTES = 2 ** 20;

/** The `dataId` of a name. */
export function dataIdOf(name: DataName): string {
  if ('expression' in name) return `static:${name.functionName}:${name.expression}`;
  const { place, call } = name;
  const where = place.kind === 'cell' ? `cell:${place.cell}` : `memory:${place.address}+${place.length}`;
  return call === undefined ? where : `${where}@${call}`;
}

/** What a `dataId` names; undefined for text that is none. */
export function dataNameOf(dataId: string): DataName | undefined {
  const named = /^static:([^:]*):(.+)$/s.exec(dataId);
  if (named) return { functionName: named[1], expression: named[2] };
  const match = /^(?:memory:(\d{1,10})\+(\d{1,10})|cell:(\d{1,10}))(?:@(\d{1,10}))?$/.exec(dataId);
  if (!match) return undefined;
  const call = match[4] === undefined ? undefined : Number(match[4]);
  if (match[3] !== undefined) return { place: { kind: 'cell', cell: Number(match[3]) }, call };
  const place = memoryPlace(Number(match[1]), Number(match[2]));
  return place && { place, call };
}

/** Some bytes of memory; undefined where there are none, or too many. */
export function memoryPlace(address: number, length: number): DataPlace | undefined {
  if (!Number.isSafeInteger(address) || address < 0 || address + length > ADDRESS_SPACE) return undefined;
  return length >= 1 && length <= MOST_BYTES ? { kind: 'memory', address, length } : undefined;
}
