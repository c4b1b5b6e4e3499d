/**
 * Instances of a script's modules and the names they are registered under. A module that imports from others joins
 * their group: it is linked with them, and from then on they are one program.
 */
import type { WasmModule } from '../toolchain/decode/module.ts';
import { EMPTY_MODULE, link, matchImports } from '../toolchain/link.ts';
import { Group, type GroupOptions } from './group.ts';
import type { Source } from './script.ts';
import { spectestModules } from './spectest.ts';

/** The instance of one module. */
export interface Member {
  /** Whose program it is part of: another one when a module has joined. */
  group: Group;
  /** What the names of its exports begin with there. */
  readonly prefix: string;
}

/** A module that was linked, in a group that the others know nothing of yet. */
export interface Joined {
  readonly group: Group;
  /** Makes it the group of all that are in it, and gives the module's member. */
  commit(): Member;
}

export class Linker {
  private readonly file: string;
  private readonly options: GroupOptions;
  private readonly members: Member[] = [];
  private readonly registered = new Map<string, Member>();
  /** Names under which modules were registered that cannot be run, and why. */
  private readonly missing = new Map<string, string>();
  private readonly memory: Member;
  private readonly table: Member;
  /** Not among the members: its group stays as it is, and is copied to all that import it. */
  private readonly constants: Member;
  private count = 0;

  /** `file` is the place of errors. */
  static async create(file: string, options: GroupOptions): Promise<Linker> {
    return new Linker(file, options, await spectestModules());
  }

  private constructor(file: string, options: GroupOptions, spectest: readonly WasmModule[]) {
    this.file = file;
    this.options = options;
    const [constants, memory, table] = spectest.map((module): Member => {
      const prefix = 'spectest.';
      return { group: new Group(link(EMPTY_MODULE, module, [], prefix), file, options), prefix };
    });
    this.constants = constants;
    this.memory = memory;
    this.table = table;
    this.members.push(memory, table);
  }

  register(as: string, member: Member): void {
    this.missing.delete(as);
    this.registered.set(as, member);
  }

  /** A module that cannot be run would have this name. */
  registerMissing(as: string, why: string): void {
    this.missing.set(as, why);
    this.registered.delete(as);
  }

  /** The first name that is imported from and stands for a module that cannot be run, and why. */
  missingOf(module: WasmModule): { as: string; why: string } | undefined {
    for (const { module: as } of module.imports) {
      const why = this.missing.get(as);
      if (why !== undefined) return { as, why };
    }
    return undefined;
  }

  /**
   * The instances whose state a module can change: at once, by its segments and its start function, or else when its
   * functions are called.
   */
  changedBy(module: WasmModule, atOnce: boolean): Member[] {
    const entries = module.imports.filter(
      ({ kind }) => !atOnce || kind === 'memory' || kind === 'table' || module.start !== undefined,
    );
    const owners = entries.map((entry) => this.exporter(entry.module, entry.name));
    return this.members.filter((member) => owners.includes(member));
  }

  /** The same of a module that cannot be read: those whose names are in its text. */
  namedIn(source: Source): Member[] {
    const named = ([as]: [string, Member]) => source.kind === 'binary' || source.text?.includes(`"${as}"`);
    return [...this.registered].filter(named).map(([, member]) => member);
  }

  /**
   * Links a module with those that it imports from, as they are now.
   * @returns why it cannot be linked, as the specification's scripts word it, where an import does not fit
   * @throws PlacedError when it needs what the machine does not have, or a call of the others has not ended
   */
  link(module: WasmModule): Joined | string {
    const owners = module.imports.flatMap((entry) => this.exporter(entry.module, entry.name) ?? []);
    const groups = new Set(owners.map(({ group }) => group));
    let base = EMPTY_MODULE;
    for (const group of groups) base = link(base, group.present(), [], '');
    const imports = matchImports(base, module, (from, name) => {
      const full = `${this.exporter(from, name)?.prefix}${name}`;
      return base.exports.find((entry) => entry.name === full);
    });
    if (typeof imports === 'string') return imports;
    const prefix = `module ${++this.count}.`;
    const group = new Group(link(base, module, imports, prefix), this.file, this.options);
    for (const { stale, refused } of groups) {
      group.stale ??= stale;
      group.refusedBefore ??= refused;
    }
    return { group, commit: () => this.commit(groups, { group, prefix }) };
  }

  private commit(groups: ReadonlySet<Group>, member: Member): Member {
    for (const other of this.members) if (groups.has(other.group)) other.group = member.group;
    this.members.push(member);
    return member;
  }

  /** Whose export an import would be. */
  private exporter(from: string, name: string): Member | undefined {
    const found = this.registered.get(from);
    if (found || from !== 'spectest') return found;
    if (name === 'memory') return this.memory;
    return name === 'table' ? this.table : this.constants;
  }
}
