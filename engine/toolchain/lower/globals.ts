/** The cells of frame 0, which hold what outlasts a call: sizes of memories, and globals. */
import {
  isReference,
  PAGES_CELL,
  type ProgramGlobal,
  type ReferenceType,
  type ValueType,
  widthOf,
} from '../../isa/program.ts';
import { evaluate } from '../decode/constants.ts';
import type { WasmModule } from '../decode/module.ts';
import type { Plan } from './check.ts';
import type { MemoryPlace } from './memories.ts';
import { referenceTo } from './references.ts';
import { HIGH, LOW, machineType, storedType } from './vectors/halves.ts';

/** Pages of the machine's memory at the start: of several memories, all that they can have. */
export function pagesOf({ regions }: Plan): number {
  if (regions.length === 1) return regions[0].initial;
  return Math.max(0, ...regions.map(({ base, maximum }) => base + maximum));
}

/**
 * Frame 0: `$pages`, where each of several memories ends, the module's globals. With the cell of each global (-1 where
 * no value is known) and the place of each memory.
 */
export function lowerGlobals(module: WasmModule, plan: Plan) {
  const cell = (name: string, initial: number): ProgramGlobal => {
    return { name, cell: globals.length, type: 'i32', initial, mutable: true };
  };
  const globals: ProgramGlobal[] = [];
  globals.push(cell('$pages', pagesOf(plan)));
  const { regions } = plan;
  const memories = regions.map((region, i): MemoryPlace => {
    if (regions.length === 1) return { ...region, end: PAGES_CELL };
    globals.push(cell(`$end ${i}`, region.base + region.initial));
    return { ...region, end: globals.length - 1 };
  });
  const cells = module.globals.map(({ type, mutable, initial, origin }, index) => {
    const value = evaluate(initial, module.globals);
    if (!value) return -1;
    const cell = globals.length;
    const name = module.names.globals.get(index) ?? `global ${index}`;
    const exports = module.exports.filter((entry) => entry.kind === 'global' && entry.index === index);
    globals.push({
      name,
      cell,
      type: storedType(type),
      ...(isReference(type as ValueType) ? { reference: type as ReferenceType } : {}),
      initial: value.function === undefined ? value.low >>> 0 : referenceTo(module, value.function),
      ...(widthOf(machineType(type)) === 8 ? { high: value.high >>> 0 } : {}),
      mutable,
      index: origin ?? index,
      ...(type === LOW || type === HIGH ? { half: type === LOW ? 'low' : 'high' } : {}),
      ...(exports.length > 0 ? { exports: exports.map((entry) => entry.name) } : {}),
    });
    return cell;
  });
  return { globals, cells, memories };
}
