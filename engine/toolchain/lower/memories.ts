/**
 * Where memories lie. The machine has one memory, whose size in pages is in cell 0; a module's memory is that.
 *
 * A module, and linked ones, can have several. Each then gets a region, an equal share of what the machine can have, and a cell
 * that says at which page it ends at present. An access first puts that page into cell 0, so that the machine itself
 * traps beyond it, and adds the region's first byte to its offset, which cannot wrap around. The first region is that of the
 * memory exported as `memory`, if there is one: it is what the host's functions see.
 */
import type { InstructionList } from '../../isa/instruction-list.ts';
import { MEMORY_PAGES, PAGE_SIZE } from '../../isa/limits.ts';
import { PAGES_CELL } from '../../isa/program.ts';
import type { WasmModule } from '../decode/module.ts';
import type { Problems } from './problems.ts';

/** Pages that a memory can have by the language's rules. */
const MOST_PAGES = 65536;

/** A memory's part of the machine's. All in pages. */
export interface Region {
  readonly base: number;
  /** How many there are at the start. */
  readonly initial: number;
  /** How many there can be. */
  readonly maximum: number;
  /** How many the module allows. */
  readonly allowed: number;
}

/** A memory's region, and the cell that says at which page it ends at present. */
export interface MemoryPlace extends Region {
  readonly end: number;
}

/** The machine's memory as it is: what helper functions see. */
export const MACHINE_MEMORY: MemoryPlace = { base: 0, initial: 0, maximum: 0, allowed: 0, end: PAGES_CELL };

/**
 * Regions of the module's memories, by index. What is too large is added to the problems.
 * @param taken pages at the end of the machine's memory that are not for them
 */
export function regionsOf({ memories, exports }: WasmModule, taken: number, problems: Problems): Region[] {
  const known = exports.find(({ kind, name }) => kind === 'memory' && name === 'memory')?.index ?? 0;
  const share = Math.floor((MEMORY_PAGES - Math.min(taken, MEMORY_PAGES)) / Math.max(1, memories.length));
  return memories.map(({ initial, maximum: allowed = MOST_PAGES }, i) => {
    if (initial > share) problems.add(tooLarge(initial, share, memories.length));
    const place = i === known ? 0 : i < known ? i + 1 : i;
    return { base: place * share, initial, maximum: Math.min(allowed, share), allowed };
  });
}

function tooLarge(pages: number, limit: number, memories: number): string {
  const mebibytes = (count: number) => (count * PAGE_SIZE) / 2 ** 20;
  const each = memories > 1 ? ` for each of ${memories}` : '';
  return `a memory of ${pages} pages, ${mebibytes(pages)} MiB (the limit is ${limit}, ${mebibytes(limit)} MiB${each})`;
}

/** Appends an instruction; returns its cursor. */
type Push = (name: string, imm?: number) => number;

/** Makes the machine's memory end where this one of several does; returns the offset to access it with. */
export function pushReach(push: Push, { base, end }: MemoryPlace, offset: number): number {
  if (end === PAGES_CELL) return offset;
  push('global.get', end);
  push('global.set', PAGES_CELL);
  // An offset that is too large for the immediate is beyond any memory.
  return Math.min((offset >>> 0) + base * PAGE_SIZE, 0xffffffff);
}

/** Makes the machine's memory end where that of several does which the host's functions see. */
export function pushHostReach(push: Push, memories: readonly MemoryPlace[]): void {
  const known = memories.find(({ base }) => base === 0);
  if (known) pushReach(push, known, 0);
}

/** The memory's pages. */
export function pushMemorySize(push: Push, memory: MemoryPlace): void {
  pushEnd(push, memory);
  if (memory.base === 0) return;
  push('i32.const', memory.base);
  push('i32.sub');
}

function pushEnd(push: Push, { end }: MemoryPlace): void {
  if (end === PAGES_CELL) push('memory.size', end);
  else push('global.get', end);
}

/**
 * Grows if delta, on the stack, is at most maximum - pages as unsigned numbers: leaves the old number of pages, or -1.
 * `delta`: a free local. Returns the cursor of what executes when it does not grow.
 */
export function pushMemoryGrow(push: Push, list: InstructionList, memory: MemoryPlace, delta: number): number {
  push('local.tee', delta);
  push('i32.const', memory.maximum);
  pushMemorySize(push, memory);
  push('i32.sub');
  push('i32.gt_u');
  const fits = push('if');
  const refused = push('i32.const', -1);
  const over = push('br');
  list.patch(fits, list.ops.length);
  pushMemorySize(push, memory);
  pushEnd(push, memory);
  push('local.get', delta);
  push('i32.add');
  push('global.set', memory.end);
  list.patch(over, list.ops.length);
  return refused;
}
