/**
 * Functions, blocks and variables from debugging entries (DWARF 5, chapters 3 and 4).
 */
import { AT, TAG } from '../dwarf/constants.ts';
import { type Entries, type Entry, isCompileUnit, type Unit } from '../dwarf/entries.ts';
import { rangesOf } from '../dwarf/ranges.ts';
import { compileFrameBase } from '../places/location.ts';
import type { LocationContext } from '../places/operation-stack.ts';
import { variableLocator } from '../places/variable-location.ts';
import { qualifiedName } from '../types/cxx-names.ts';
import type { TypeReader } from '../types/type-reader.ts';
import { sizeOf, spellType } from '../types/types.ts';
import type { FunctionInfo, Scope, Variable } from './scopes.ts';

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
        const isSomewhere = entry.has(AT.location) || entry.has(AT.constValue);
        if (variable && isSomewhere) this.globals.push({ variable, unit: entry.unit });
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
      path: this.path(entry, name),
      file: this.file(entry, AT.declFile),
      line: this.number(entry, AT.declLine) ?? 0,
      lowPc: Math.min(...ranges.map(({ low }) => low)),
      highPc: Math.max(...ranges.map(({ high }) => high)),
      prologueEnd: 0,
      get type() {
        return types.type(entry);
      },
      scope: { ranges, variables: [], children: [], inlined: undefined },
      unit: entry.unit,
      frameBase: context.frameBase,
    };
    found.prologueEnd = found.lowPc;
    this.readScope(entry, found.scope, { context, owner: found }, 0);
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
            callColumn: child.number(AT.callColumn) ?? 0,
          };
        }
        this.readScope(child, inner, frame, depth + 1);
        if (inner.inlined) this.addUnplaced(child, inner, frame);
        scope.children.push(inner);
      }
    }
  }

  /** Parameters and variables that an inlined function has where it is declared, and nothing of which is left here. */
  private addUnplaced(entry: Entry, scope: Scope, frame: Frame): void {
    const origin = this.entries.byOffset.get(entry.number(AT.abstractOrigin) ?? -1);
    const kept = new Set(entry.children.map((child) => child.number(AT.abstractOrigin)));
    for (const child of origin?.children ?? []) {
      if (kept.has(child.offset) || (child.tag !== TAG.variable && child.tag !== TAG.formalParameter)) continue;
      const variable = this.variable(child, frame);
      if (variable) scope.variables.push(variable);
    }
  }

  /** Undefined for what the source does not name: string literals, the lengths of variable length arrays. */
  private variable(entry: Entry, frame: Frame | undefined): Variable | undefined {
    const name = this.text(entry, AT.name);
    if (name === undefined || entry.flag(AT.declaration)) return undefined;
    // A parameter that the compiler adds is one that people write: C++'s `this`.
    if (entry.flag(AT.artificial) && entry.tag !== TAG.formalParameter) return undefined;
    const { types } = this;
    const typed = this.origin(entry, (candidate) => candidate.has(AT.type)) ?? entry;
    const path = frame ? undefined : this.path(entry, name);
    return {
      name,
      path,
      get type() {
        return types.typeOf(typed);
      },
      get typeName() {
        return spellType(types.typeOf(typed));
      },
      isParameter: entry.tag === TAG.formalParameter,
      file: this.file(entry, AT.declFile),
      line: this.number(entry, AT.declLine) ?? 0,
      locate: variableLocator(entry, {
        context: frame?.context ?? { unit: entry.unit, entries: this.entries, frameBase: undefined },
        owner: frame?.owner,
        size: () => sizeOf(types.typeOf(typed)),
      }),
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

  /** The name with those around it, where the thing was first declared. */
  private path(entry: Entry, name: string): string {
    const declared = this.origin(entry, (candidate) => !candidate.has(AT.specification)) ?? entry;
    return qualifiedName(declared, name);
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
