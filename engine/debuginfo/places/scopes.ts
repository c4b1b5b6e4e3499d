/**
 * Functions, blocks and variables: who is in scope at a code offset (DWARF 5, chapters 3 and 4).
 */

import { AT, OP, TAG } from '../dwarf/constants.ts';
import { DamagedData } from '../dwarf/cursor.ts';
import { type Entries, type Entry, isCompileUnit, type Unit } from '../dwarf/entries.ts';
import { type LocationRange, locationsOf, type Range, rangesOf } from '../dwarf/ranges.ts';
import type { TypeReader } from '../types/type-reader.ts';
import { sizeOf, spellType, type Type } from '../types/types.ts';
import { compileFrameBase, compileLocation, type LocationContext, type Locator, OPTIMISED_OUT } from './location.ts';
import type { MachineState } from './machine-state.ts';

/** A variable or parameter of the source. */
export interface Variable {
  name: string;
  readonly type: Type;
  /** The type as C spells it. */
  readonly typeName: string;
  isParameter: boolean;
  /** Source path, when known. */
  file: string | undefined;
  /** Line of its declaration; 0 when unknown. */
  line: number;
  /** Where it lives while the machine stands at `codeOffset`. */
  locate(codeOffset: number): Locator;
}

/** A function's body, a block inside it, or the body of a function inlined there. */
export interface Scope {
  ranges: Range[];
  variables: Variable[];
  children: Scope[];
  /** For an inlined call: what was inlined and where it was called from. */
  inlined:
    | { name: string; file: string | undefined; line: number; callLine: number; callFile: string | undefined }
    | undefined;
}

/** A function with code. */
export interface FunctionInfo {
  name: string;
  linkageName: string | undefined;
  file: string | undefined;
  /** Line of its declaration; 0 when unknown. */
  line: number;
  /** First byte of the body (the declarations of its locals) and the one behind its last. */
  lowPc: number;
  highPc: number;
  /** Code offset of the first statement after the prologue: from here on its variables can be read. */
  prologueEnd: number;
  parameters: Variable[];
  readonly type: Type;
  scope: Scope;
  unit: Unit;
  /** What frame-relative locations count from; undefined where it is not known. */
  frameBase: ((state: MachineState) => number | undefined) | undefined;
}

/** Deeper nesting than any compiler makes; what lies below is left out. */
const DEPTH_LIMIT = 200;

/** Makes functions and variables from entries. */
export class ScopeReader {
  readonly globals: { variable: Variable; unit: Unit }[] = [];
  readonly functions: FunctionInfo[] = [];
  private readonly entries: Entries;
  private readonly types: TypeReader;
  private readonly codeLength: number;
  private readonly fileOf: (unit: Unit, index: number) => string | undefined;

  constructor(
    entries: Entries,
    types: TypeReader,
    codeLength: number,
    fileOf: (unit: Unit, index: number) => string | undefined,
  ) {
    this.entries = entries;
    this.types = types;
    this.codeLength = codeLength;
    this.fileOf = fileOf;
  }

  /** Collects the functions and globals of all units. */
  read(): void {
    for (const unit of this.entries.units) {
      if (isCompileUnit(unit)) this.readDeclarations(unit.root, 0);
    }
    this.functions.sort((a, b) => a.lowPc - b.lowPc);
  }

  private readDeclarations(parent: Entry, depth: number): void {
    for (const entry of parent.children) {
      if (entry.tag === TAG.subprogram) this.readFunction(entry);
      else if (entry.tag === TAG.variable) {
        const variable = this.variable(entry, undefined);
        if (variable && entry.has(AT.location)) this.globals.push({ variable, unit: entry.unit });
      } else if (depth < DEPTH_LIMIT && (entry.tag === TAG.namespace || isRecord(entry))) {
        this.readDeclarations(entry, depth + 1);
      }
    }
  }

  private readFunction(entry: Entry): void {
    // Linkers point functions they removed at 0 or beyond the code.
    const ranges = rangesOf(entry).filter(({ low, high }) => low > 0 && high <= this.codeLength);
    const name = this.text(entry, AT.name) ?? this.text(entry, AT.linkageName);
    if (ranges.length === 0 || name === undefined) return;
    const context: LocationContext = { unit: entry.unit, entries: this.entries, frameBase: undefined };
    context.frameBase = compileFrameBase(entry.block(AT.frameBase), context);
    const { types } = this;
    const found: FunctionInfo = {
      name,
      linkageName: this.text(entry, AT.linkageName),
      file: this.file(entry, AT.declFile),
      line: this.number(entry, AT.declLine) ?? 0,
      lowPc: Math.min(...ranges.map(({ low }) => low)),
      highPc: Math.max(...ranges.map(({ high }) => high)),
      prologueEnd: 0,
      parameters: [],
      get type() {
        return types.type(entry);
      },
      scope: { ranges, variables: [], children: [], inlined: undefined },
      unit: entry.unit,
      frameBase: context.frameBase,
    };
    found.prologueEnd = found.lowPc;
    this.readScope(entry, found.scope, { context, owner: found }, 0);
    found.parameters = found.scope.variables.filter((variable) => variable.isParameter);
    this.functions.push(found);
  }

  private readScope(entry: Entry, scope: Scope, frame: Frame, depth: number): void {
    for (const child of entry.children) {
      if (child.tag === TAG.variable || child.tag === TAG.formalParameter) {
        const variable = this.variable(child, frame);
        if (variable) scope.variables.push(variable);
      } else if ((child.tag === TAG.lexicalBlock || child.tag === TAG.inlinedSubroutine) && depth < DEPTH_LIMIT) {
        const inner: Scope = { ranges: rangesOf(child), variables: [], children: [], inlined: undefined };
        if (child.tag === TAG.inlinedSubroutine) {
          inner.inlined = {
            name: this.text(child, AT.name) ?? this.text(child, AT.linkageName) ?? 'an inlined function',
            file: this.file(child, AT.declFile),
            line: this.number(child, AT.declLine) ?? 0,
            callFile: this.fileOf(child.unit, child.number(AT.callFile) ?? -1),
            callLine: child.number(AT.callLine) ?? 0,
          };
        }
        this.readScope(child, inner, frame, depth + 1);
        scope.children.push(inner);
      }
    }
  }

  /** Undefined for what the source does not name: string literals, the lengths of variable length arrays. */
  private variable(entry: Entry, frame: Frame | undefined): Variable | undefined {
    const name = this.text(entry, AT.name);
    if (name === undefined || entry.flag(AT.artificial) || entry.flag(AT.declaration)) return undefined;
    const { types } = this;
    const typed = this.origin(entry, (candidate) => candidate.has(AT.type)) ?? entry;
    return {
      name,
      get type() {
        return types.typeOf(typed);
      },
      get typeName() {
        return spellType(types.typeOf(typed));
      },
      isParameter: entry.tag === TAG.formalParameter,
      file: this.file(entry, AT.declFile),
      line: this.number(entry, AT.declLine) ?? 0,
      locate: locator(entry, this.entries, frame, () => sizeOf(types.typeOf(typed))),
    };
  }

  /** The entry, or one it refers to as its origin or specification, that fits. */
  private origin(entry: Entry, fits: (entry: Entry) => boolean): Entry | undefined {
    let current: Entry | undefined = entry;
    for (let steps = 0; current && steps < 10; steps++) {
      if (fits(current)) return current;
      const next: number | undefined = current.number(AT.abstractOrigin) ?? current.number(AT.specification);
      current = next === undefined ? undefined : this.entries.byOffset.get(next);
    }
    return undefined;
  }

  private text(entry: Entry, attribute: number): string | undefined {
    return this.origin(entry, (candidate) => candidate.has(attribute))?.text(attribute);
  }

  private number(entry: Entry, attribute: number): number | undefined {
    return this.origin(entry, (candidate) => candidate.has(attribute))?.number(attribute);
  }

  private file(entry: Entry, attribute: number): string | undefined {
    const holder = this.origin(entry, (candidate) => candidate.has(attribute));
    return holder && this.fileOf(holder.unit, holder.number(attribute) ?? -1);
  }
}

interface Frame {
  context: LocationContext;
  owner: FunctionInfo;
}

function isRecord(entry: Entry): boolean {
  return entry.tag === TAG.structureType || entry.tag === TAG.classType || entry.tag === TAG.unionType;
}

/** Before the prologue has run, the frame base and what is stored relative to it are not there yet. */
const ENTERING: Locator = { kind: 'gone', reason: 'not there yet: its function is still being entered' };

/** Expressions are decoded when first asked for, each once. */
function locator(
  entry: Entry,
  entries: Entries,
  frame: Frame | undefined,
  size: () => number | undefined,
): (codeOffset: number) => Locator {
  let ranges: LocationRange[] | undefined;
  const compiled = new Map<LocationRange, Locator>();
  const context = frame?.context ?? { unit: entry.unit, entries, frameBase: undefined };
  return (codeOffset) => {
    try {
      ranges ??= locationsOf(entry, AT.location) ?? constantLocation(entry, size());
    } catch (error) {
      if (error instanceof DamagedData) return { kind: 'gone', reason: `its location is damaged: ${error.message}` };
      throw error;
    }
    const range = ranges.find(({ low, high }) => low <= codeOffset && codeOffset < high);
    if (!range) return OPTIMISED_OUT;
    const owner = frame?.owner;
    if (owner && range.expression[0] === OP.fbreg && codeOffset >= owner.lowPc && codeOffset < owner.prologueEnd) {
      return ENTERING;
    }
    let found = compiled.get(range);
    if (!found) {
      found = compileLocation(range.expression, context);
      compiled.set(range, found);
    }
    return found;
  };
}

/** DW_AT_const_value as an expression: an implicit value of the variable's size. */
function constantLocation(entry: Entry, size: number | undefined): LocationRange[] {
  const value = entry.value(AT.constValue);
  let bytes: Uint8Array;
  if (value instanceof Uint8Array) bytes = value;
  else if ((typeof value === 'number' || typeof value === 'bigint') && size !== undefined && size <= 16) {
    bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * i)));
  } else return [];
  if (bytes.length > 127) return [];
  const expression = Uint8Array.of(OP.implicitValue, bytes.length, ...bytes);
  return [{ low: 0, high: Number.POSITIVE_INFINITY, expression }];
}

/** Reads an integer variable: how type entries learn the length of a variable length array. */
export function readIntegerVariable(
  entry: Entry,
  entries: Entries,
  frameBase: FunctionInfo['frameBase'],
  size: number,
  state: MachineState,
  codeOffset: number,
): number | undefined {
  const context: LocationContext = { unit: entry.unit, entries, frameBase };
  let ranges: LocationRange[] | undefined;
  try {
    ranges = locationsOf(entry, AT.location);
  } catch (error) {
    if (!(error instanceof DamagedData)) throw error;
  }
  const range = ranges?.find(({ low, high }) => low <= codeOffset && codeOffset < high);
  if (!range || size < 1 || size > 8) return undefined;
  const found = compileLocation(range.expression, context);
  if (found.kind === 'gone') return undefined;
  let bytes: Uint8Array;
  if (found.kind === 'memory') {
    const address = found.address(state);
    bytes = address === undefined ? new Uint8Array(0) : state.memory(address, size);
  } else {
    const place = found.read(state, size);
    bytes = place.kind === 'bytes' && !place.known ? place.bytes : new Uint8Array(0);
  }
  if (bytes.length < size) return undefined;
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[i];
  return value;
}

/** The scopes that hold `codeOffset`, outermost first. */
export function scopesAt(outermost: Scope, codeOffset: number): Scope[] {
  const found = [outermost];
  for (let scope: Scope | undefined = outermost; scope; ) {
    scope = scope.children.find(({ ranges }) => covers(ranges, codeOffset));
    if (scope) found.push(scope);
  }
  return found;
}

function covers(ranges: Range[], codeOffset: number): boolean {
  for (const { low, high } of ranges) if (low <= codeOffset && codeOffset < high) return true;
  return false;
}
