/** What calls through tables can reach. */

import { evaluate } from '../decode/constants.ts';
import type { WasmModule } from '../decode/module.ts';
import { elementValue, fittingElements, MAX_TABLE } from './elements.ts';
import type { Problems } from './problems.ts';
import { referredFunctions } from './references.ts';
import type { Stored } from './stored.ts';

/** Function per entry up to the last used one, null where there is none. */
export type Table = readonly (number | null)[];

/** Number of what stands in for every table that is stored: the functions by the numbers of references to them. */
const BY_REFERENCE = -1;

/** The tables of calls: those as the element segments leave them, and for stored tables all functions referred to. */
export class CallTables {
  private readonly fixed: readonly Table[];
  private readonly stored: Stored;
  private readonly referred: Table;

  constructor(module: WasmModule, fixed: readonly Table[], stored: Stored) {
    this.fixed = fixed;
    this.stored = stored;
    this.referred = stored.tables.size > 0 ? [null, ...referredFunctions(module)] : [];
  }

  /** Number of the list of functions that a call through this table chooses from. */
  keyOf(table: number): number {
    return this.stored.tables.has(table) ? BY_REFERENCE : table;
  }

  /** The list of this number. */
  functions(key: number): Table {
    return key === BY_REFERENCE ? this.referred : (this.fixed[key] ?? []);
  }

  get keys(): number[] {
    return [BY_REFERENCE, ...this.fixed.keys()];
  }
}

/**
 * The tables that are not stored, which no instruction changes, and whether an element segment does not fit:
 * instantiation traps, and later segments do nothing.
 */
export function tablesOf(
  module: WasmModule,
  stored: Stored,
  problems: Problems,
): { tables: CallTables; overflow: boolean } {
  const tables: (number | null)[][] = module.tables.map(() => []);
  const fitting = fittingElements(module);
  for (const { elements } of module.elements) {
    const unknown = elements.find((element) => !elementValue(element, module));
    if (unknown) problems.add(`a table element computed by ${(unknown as { text: string }).text}`);
  }
  for (const { offset, elements, table: index } of module.elements.slice(0, fitting)) {
    if (!offset) continue;
    const place = evaluate(offset, module.globals);
    if (!place) problems.add(`an element segment at a place computed by ${offset.text}`);
    const table = tables[index];
    if (!table) throw problems.malformed(`there is no table ${index}`);
    if (stored.tables.has(index)) continue;
    const start = (place?.low ?? 0) >>> 0;
    const end = start + elements.length;
    if (end > MAX_TABLE) {
      problems.add(`table element ${end - 1} (the limit is ${MAX_TABLE} elements)`);
    } else {
      while (table.length < start) table.push(null);
      for (const [i, element] of elements.entries()) table[start + i] = elementValue(element, module)?.function ?? null;
    }
  }
  for (const table of tables) while (table.length > 0 && table[table.length - 1] === null) table.pop();
  return { tables: new CallTables(module, tables, stored), overflow: fitting < module.elements.length };
}
