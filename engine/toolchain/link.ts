/**
 * Several modules to one: what a module imports becomes what another exports, and their index spaces are appended. So
 * modules that share memories, tables, globals or functions are one program, and run in one sequence of tokens.
 */
import {
  type Constant,
  type ElementSegment,
  type ExternalKind,
  type Step,
  typeOfFunction,
  type WasmDataSegment,
  type WasmExport,
  type WasmFunction,
  type WasmModule,
} from './decode/module.ts';
import { fittingElements } from './lower/elements.ts';
import { signatureText } from './lower/imports.ts';
import { CODE, touchesMemory } from './lower/operators.ts';

/** A module of nothing: where linking begins. */
export const EMPTY_MODULE: WasmModule = {
  bytes: new Uint8Array(),
  types: [],
  imports: [],
  importedFunctions: [],
  functions: [],
  tables: [],
  memories: [],
  globals: [],
  exports: [],
  elements: [],
  data: [],
  start: undefined,
  tags: [],
  names: { functions: new Map(), locals: new Map(), globals: new Map() },
  sections: [],
  codeSection: 0,
};

/**
 * What each import of `module` is, given the export it is to be, if there is one: its index in `base`; or in the
 * specification's words why the modules cannot be linked.
 */
export function matchImports(
  base: WasmModule,
  module: WasmModule,
  exportOf: (from: string, name: string) => WasmExport | undefined,
): number[] | string {
  const next = { function: 0, table: 0, memory: 0, global: 0, tag: 0 };
  const indices: number[] = [];
  for (const { kind, module: from, name } of module.imports) {
    const index = next[kind]++;
    const found = exportOf(from, name);
    if (!found) return `unknown import ${from}.${name}`;
    if (found.kind !== kind || !fits(base, found.index, module, index, kind)) {
      return `incompatible import type of ${from}.${name}`;
    }
    indices.push(found.index);
  }
  return indices;
}

/** Whether what `base` has at `given` can be what `module` imports as `wanted`. */
function fits(base: WasmModule, given: number, module: WasmModule, wanted: number, kind: ExternalKind): boolean {
  switch (kind) {
    case 'function':
      return typeText(base, given) === typeText(module, wanted);
    case 'global':
      return (
        base.globals[given].type === module.globals[wanted].type &&
        base.globals[given].mutable === module.globals[wanted].mutable
      );
    case 'memory':
    case 'table': {
      const list = kind === 'memory' ? 'memories' : 'tables';
      const has = base[list][given];
      if (kind === 'table' && base.tables[given].type !== module.tables[wanted].type) return false;
      const { initial, maximum } = module[list][wanted];
      if (has.initial < initial) return false;
      return maximum === undefined || (has.maximum !== undefined && has.maximum <= maximum);
    }
    case 'tag':
      return signatureText(base.types[base.tags[given]]) === signatureText(module.types[module.tags[wanted]]);
  }
}

function typeText(module: WasmModule, index: number): string {
  const type = module.types[typeOfFunction(module, index) ?? -1];
  return type ? signatureText(type) : 'unknown';
}

/** In place of a segment that is not written. */
const NO_DATA: WasmDataSegment = { memory: 0, offset: undefined, bytes: new Uint8Array() };

/** Index in the linked module, by index in the module that joins. */
type Space = readonly number[];

/**
 * Links `module` to `base`, which imports nothing.
 * @param imports what each import is, as `matchImports` says
 * @param prefix goes before the names of the module's exports: names are those of one module only
 * @returns a module that imports nothing, with the start function of `module`
 */
export function link(base: WasmModule, module: WasmModule, imports: readonly number[], prefix: string): WasmModule {
  const spaces = spacesOf(base, module, imports);
  const step = (value: Step): Step => {
    if (value.kind === 'global') return { ...value, index: spaces.global[value.index] };
    return value.kind === 'function' ? { ...value, index: spaces.function[value.index] } : value;
  };
  const constant = (value: Constant): Constant => ({ ...value, steps: value.steps?.map(step) });
  const own = <T>(list: readonly T[], kind: ExternalKind): T[] =>
    list.slice(module.imports.filter((entry) => entry.kind === kind).length);
  const element = ({ table, offset, declared, type, elements: listed }: ElementSegment): ElementSegment => ({
    table: spaces.table[table],
    offset: offset && constant(offset),
    declared,
    type,
    elements: listed.map((value) =>
      typeof value === 'number' ? spaces.function[value] : value === null ? null : constant(value),
    ),
  });
  const segment = ({ memory, offset, bytes }: WasmDataSegment): WasmDataSegment => ({
    memory: spaces.memory[memory],
    offset: offset && constant(offset),
    bytes,
  });
  const store = {
    elements: [...base.elements, ...module.elements.map(element)],
    tables: [...base.tables, ...own(module.tables, 'table')],
    globals: [
      ...base.globals,
      ...own(module.globals, 'global').map((global) => ({ ...global, initial: constant(global.initial) })),
    ],
  };
  // Elements come first: where they do not fit, no data is written.
  const written = fittingElements(store) === store.elements.length;
  return {
    ...module,
    types: [...base.types, ...module.types],
    imports: [],
    importedFunctions: [],
    functions: [...base.functions, ...module.functions.map((fn) => relocated(fn, spaces, base))],
    memories: [...base.memories, ...own(module.memories, 'memory')],
    exports: [
      ...base.exports,
      ...module.exports.map(({ name, kind, index }) => ({ name: prefix + name, kind, index: spaces[kind][index] })),
    ],
    ...store,
    data: [...base.data, ...module.data.map(segment).map((found) => (found.offset && !written ? NO_DATA : found))],
    start: module.start === undefined ? undefined : spaces.function[module.start],
    tags: [...base.tags, ...own(module.tags, 'tag').map((type) => base.types.length + type)],
    names: {
      functions: joined(base.names.functions, module.names.functions, spaces.function),
      locals: joined(base.names.locals, module.names.locals, spaces.function),
      globals: joined(base.names.globals, module.names.globals, spaces.global),
    },
  };
}

/** Imports come first, then the module's own, which go behind what `base` has. */
function spacesOf(base: WasmModule, module: WasmModule, imports: readonly number[]): Record<ExternalKind, Space> {
  const space = (kind: ExternalKind, all: number, taken: number): Space => {
    const imported = imports.filter((_, i) => module.imports[i].kind === kind);
    return [...imported, ...Array.from({ length: all - imported.length }, (_, i) => taken + i)];
  };
  const functions = module.importedFunctions.length + module.functions.length;
  return {
    function: space('function', functions, base.functions.length),
    table: space('table', module.tables.length, base.tables.length),
    memory: space('memory', module.memories.length, base.memories.length),
    global: space('global', module.globals.length, base.globals.length),
    tag: space('tag', module.tags.length, base.tags.length),
  };
}

/** Names of the one and of the other; what is imported keeps the name that its module gave it. */
function joined<T>(base: ReadonlyMap<number, T>, other: ReadonlyMap<number, T>, space: Space): Map<number, T> {
  return new Map([...[...other].map(([index, name]): [number, T] => [space[index], name]), ...base]);
}

function relocated(fn: WasmFunction, spaces: Record<ExternalKind, Space>, base: WasmModule): WasmFunction {
  const types = base.types.length;
  const immediates = fn.immediates.slice();
  const highs = fn.highs.slice();
  const tables = fn.tables.slice();
  for (const [i, code] of fn.codes.entries()) {
    const immediate = immediates[i];
    switch (code) {
      case CODE.call:
      case CODE.returnCall:
      case CODE.refFunc:
        immediates[i] = spaces.function[immediate];
        break;
      case CODE.callIndirect:
      case CODE.returnCallIndirect:
        immediates[i] = types + immediate;
        highs[i] = spaces.table[highs[i]];
        break;
      case CODE.globalGet:
      case CODE.globalSet:
        immediates[i] = spaces.global[immediate];
        break;
      case CODE.throw:
      case CODE.catch:
        immediates[i] = spaces.tag[immediate];
        break;
      case CODE.tryTable:
        tables[highs[i]] = tables[highs[i]].map((value, part) => (part % 3 === 1 ? (spaces.tag[value] ?? 0) : value));
        if (immediate >= 0) immediates[i] = types + immediate;
        break;
      case CODE.try:
      case CODE.block:
      case CODE.loop:
      case CODE.if:
        if (immediate >= 0) immediates[i] = types + immediate;
        break;
      case CODE.tableGet:
      case CODE.tableSet:
      case CODE.tableSize:
      case CODE.tableGrow:
      case CODE.tableFill:
        immediates[i] = spaces.table[immediate];
        break;
      case CODE.tableCopy:
        immediates[i] = spaces.table[immediate];
        highs[i] = spaces.table[highs[i]];
        break;
      case CODE.tableInit:
        immediates[i] = base.elements.length + immediate;
        highs[i] = spaces.table[highs[i]];
        break;
      case CODE.elemDrop:
        immediates[i] = base.elements.length + immediate;
        break;
      case CODE.dataDrop:
        immediates[i] = base.data.length + immediate;
        break;
      case CODE.memoryCopy:
        immediates[i] = spaces.memory[immediate];
        highs[i] = spaces.memory[highs[i]];
        break;
      case CODE.memoryInit:
        immediates[i] = base.data.length + immediate;
        highs[i] = spaces.memory[highs[i]];
        break;
      default:
        if (touchesMemory(code)) highs[i] = spaces.memory[highs[i]];
    }
  }
  return { ...fn, index: spaces.function[fn.index], type: types + fn.type, immediates, highs, tables };
}
