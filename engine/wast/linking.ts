/**
 * What modules may import in a script: `spectest`, and modules that were registered. Says whether an import fits, as
 * instantiation checks it, and gives the values of imported globals.
 *
 * Two instances are two sequences of tokens and share nothing while they run. So of a registered module only globals
 * that never change can be used; what else is imported fits or not, but cannot be reached.
 */
import { typeOfFunction, type WasmModule } from '../toolchain/decode-module.ts';
import { type ConstantGlobal, evaluate, signatureText } from '../toolchain/lower-imports.ts';

/** Something exported, as far as imports are checked against it. */
type External =
  | { readonly kind: 'function'; readonly type: string }
  | { readonly kind: 'global'; readonly type: string; readonly mutable: boolean; readonly value?: ConstantGlobal }
  | { readonly kind: 'memory' | 'table'; readonly initial: number; readonly maximum: number | undefined }
  | { readonly kind: 'tag' };

type Externals = ReadonlyMap<string, External>;

const printing = (name: string, ...params: string[]): [string, External] => [
  name,
  { kind: 'function', type: signatureText({ params, results: [] }) },
];
const SPECTEST: Externals = new Map([
  printing('print'),
  ...['i32', 'i64', 'f32', 'f64'].map((type) => printing(`print_${type}`, type)),
  printing('print_i32_f32', 'i32', 'f32'),
  printing('print_f64_f64', 'f64', 'f64'),
  ...['i32', 'i64', 'f32', 'f64'].map((type): [string, External] => [
    `global_${type}`,
    { kind: 'global', type, mutable: false },
  ]),
  ['memory', { kind: 'memory', initial: 1, maximum: 2 }],
  ['table', { kind: 'table', initial: 10, maximum: 20 }],
]);

/** A registered module: what it exports, and who it is. */
interface Registered<T> {
  readonly externals: Externals;
  readonly owner: T | undefined;
}

/** `T` is what stands for an instance. */
export class Registry<T> {
  private readonly modules = new Map<string, Registered<T>>([['spectest', { externals: SPECTEST, owner: undefined }]]);
  /** Names under which modules were registered that cannot be run. */
  private readonly missing = new Set<string>();
  /** Values of the globals that may be imported, as the toolchain takes them. */
  readonly globals = new Map<string, ReadonlyMap<string, ConstantGlobal>>();

  /** Makes a module's exports importable under a name; `pages` is the present size of its memory. */
  register(as: string, module: WasmModule, pages: number, owner: T): void {
    const externals = new Map(module.exports.map((entry) => [entry.name, this.external(module, entry, pages)]));
    this.missing.delete(as);
    this.modules.set(as, { externals, owner });
    const values = [...externals].flatMap(([name, external]): [string, ConstantGlobal][] =>
      external.kind === 'global' && external.value ? [[name, external.value]] : [],
    );
    this.globals.set(as, new Map(values));
  }

  /** A module that cannot be run would have this name. */
  registerMissing(as: string): void {
    this.missing.add(as);
    this.modules.delete(as);
  }

  /** The first module that is imported from and cannot be run. */
  missingOf(module: WasmModule): string | undefined {
    return module.imports.find((entry) => this.missing.has(entry.module))?.module;
  }

  private external(module: WasmModule, { kind, index }: WasmModule['exports'][number], pages: number): External {
    switch (kind) {
      case 'function':
        return { kind, type: typeText(module, typeOfFunction(module, index)) };
      case 'global': {
        const { type, mutable } = module.globals[index];
        const bits = mutable ? undefined : evaluate(module.globals[index].initial, this.globalsOf(module));
        const initial = bits && { value: bits.low, high: bits.high, global: undefined, text: 'an import' };
        return { kind, type, mutable, ...(initial ? { value: { type, initial } } : {}) };
      }
      case 'memory':
        return { kind, initial: pages, maximum: module.memories[index].maximum };
      case 'table':
        return { kind, ...module.tables[index] };
      default:
        return { kind };
    }
  }

  /** A module's globals with the values of imported ones. */
  private globalsOf(module: WasmModule) {
    const imports = module.imports.filter(({ kind }) => kind === 'global');
    return module.globals.map((global, i) => {
      const found = i < imports.length ? this.globals.get(imports[i].module)?.get(imports[i].name) : undefined;
      return found ? { ...global, initial: found.initial } : global;
    });
  }

  /**
   * The instances whose state a module can change by what it imports from them: at once, by its segments and its start function, or
   * when its functions are called.
   */
  sharers(module: WasmModule): { atOnce: T[]; byCalls: T[] } {
    const atOnce: T[] = [];
    const byCalls: T[] = [];
    for (const entry of module.imports) {
      const owner = this.modules.get(entry.module)?.owner;
      if (owner === undefined) continue;
      if (entry.kind === 'memory' || entry.kind === 'table' || module.start !== undefined) atOnce.push(owner);
      byCalls.push(owner);
    }
    return { atOnce, byCalls };
  }

  /** Why a module cannot be linked, as the specification's scripts word it; undefined if every import fits. */
  mismatch(module: WasmModule): string | undefined {
    const next = { global: 0, memory: 0, table: 0 };
    for (const entry of module.imports) {
      const found = this.modules.get(entry.module)?.externals.get(entry.name);
      const index = entry.kind in next ? next[entry.kind as keyof typeof next]++ : 0;
      if (!found) return `unknown import ${entry.module}.${entry.name}`;
      const wrong = `incompatible import type of ${entry.module}.${entry.name}`;
      if (found.kind !== entry.kind) return wrong;
      if (found.kind === 'function' && found.type !== typeText(module, entry.type)) return wrong;
      if (found.kind === 'global') {
        const { type, mutable } = module.globals[index];
        if (type !== found.type || mutable !== found.mutable) return wrong;
      }
      if (found.kind === 'memory' || found.kind === 'table') {
        const { initial, maximum } = (found.kind === 'memory' ? module.memories : module.tables)[index];
        if (initial > found.initial) return wrong;
        if (maximum !== undefined && (found.maximum === undefined || found.maximum > maximum)) return wrong;
      }
    }
    return undefined;
  }
}

function typeText(module: WasmModule, type: number | undefined): string {
  const found = type === undefined ? undefined : module.types[type];
  return found ? signatureText(found) : 'unknown';
}
