/** Tables as the element segments leave them. No instruction here changes a table. */
import type { WasmModule } from '../decode/module.ts';
import { evaluate } from './imports.ts';
import type { Problems } from './problems.ts';

/** More entries than any program's table of functions; every entry costs an instruction per type called. */
const MAX_TABLE = 65536;

/** Function per entry up to the last used one, null where there is none. */
export type Table = readonly (number | null)[];

/** How many element segments instantiation applies: those before the first that does not fit its table. */
export function fittingElements({ elements, tables, globals }: Pick<WasmModule, 'elements' | 'tables' | 'globals'>) {
  const end = elements.findIndex(({ table, offset, functions }) => {
    const place = offset && evaluate(offset, globals);
    return place && (place.low >>> 0) + functions.length > (tables[table]?.initial ?? 0);
  });
  return end < 0 ? elements.length : end;
}

/** The tables, and whether an element segment does not fit: instantiation traps, and later segments do nothing. */
export function tablesOf(module: WasmModule, problems: Problems): { tables: Table[]; overflow: boolean } {
  const tables: (number | null)[][] = module.tables.map(() => []);
  const fitting = fittingElements(module);
  for (const { offset, functions, table: index } of module.elements.slice(0, fitting)) {
    if (!offset) continue;
    const place = evaluate(offset, module.globals);
    if (!place) problems.add(`an element segment at a place computed by ${offset.text}`);
    if (functions.includes(undefined)) problems.add('table elements that are not functions');
    const table = tables[index];
    if (!table) throw problems.malformed(`there is no table ${index}`);
    const start = (place?.low ?? 0) >>> 0;
    const end = start + functions.length;
    if (end > MAX_TABLE) {
      problems.add(`table element ${end - 1} (the limit is ${MAX_TABLE} elements)`);
    } else {
      while (table.length < start) table.push(null);
      for (const [i, element] of functions.entries()) table[start + i] = element ?? null;
    }
  }
  for (const table of tables) while (table.length > 0 && table[table.length - 1] === null) table.pop();
  return { tables, overflow: fitting < module.elements.length };
}
