/**
 * The generated functions of one kernel: tables through which they call each other, and their making when they are
 * first called. Until then the driver's stub stands in their slots; where functions were made before, they stand in
 * theirs from the start.
 */

import type { Stage } from '../analysis/stage.ts';
import { CALLS, type CallName, TABLES, TYPES } from '../code/calls.ts';
import type { StageCompiler } from '../code/stages.ts';
import { type Code, moduleBytes } from '../code/wasm.ts';
import type { Prepared } from './beginning.ts';
import { host, moduleOf, type WasmTable } from './host.ts';
import type { Store } from './store.ts';

/** Slots that the table of stages grows by at least; the driver asks for one. */
const LEAST_SLOTS = 512;

type StageFunction = (...parameters: number[]) => number;
type Exports = Record<string, StageFunction>;

/** What JavaScript does for the driver. */
export type DriverImports = Readonly<
  Record<Exclude<CallName, 'insert'> | 'newChunk' | 'newPage' | 'missing' | 'checkpoint', unknown>
>;

export class Functions {
  /** For measurements: functions generated, their bytes, the milliseconds that this took, and V8's part of them. */
  readonly counts = { functions: 0, codeBytes: 0, compileTime: 0, v8Time: 0 };
  private readonly memory: Store['memory'];
  private readonly calls: WasmTable = new host.Table({ initial: CALLS.length, element: 'anyfunc' });
  private readonly stages: WasmTable = new host.Table({ initial: 1, element: 'anyfunc' });
  /** What is to be generated, by slot. */
  private readonly waiting: Stage[] = [];
  /** Slots of functions that were generated, in their order. */
  private readonly generated: number[] = [];
  /** Functions that do not call others, by what they depend on. */
  private readonly named = new Map<string, StageFunction>();
  private exports: Exports | undefined;

  constructor(store: Store) {
    this.memory = store.memory;
  }

  /** What was generated, in its order. */
  get made(): readonly Stage[] {
    return this.generated.map((slot) => this.waiting[slot]);
  }

  /** Starts the driver, with functions that are there already if there are any. */
  start(driver: Uint8Array, imports: DriverImports, prepared?: Pick<Prepared, 'functions' | 'slots'>): Exports {
    const exports = this.instance(driver, imports);
    CALLS.forEach(({ name }, slot) => {
      this.calls.set(slot, exports[name]);
    });
    this.exports = exports;
    this.stages.set(0, exports.stub);
    if (prepared) {
      this.waiting.length = prepared.slots;
      this.stages.grow(prepared.slots, exports.stub);
      this.instance(prepared.functions);
    }
    return exports;
  }

  private instance(bytes: Uint8Array, imports?: DriverImports): Exports {
    const { memory, calls, stages } = this;
    return new host.Instance(moduleOf(bytes), { k: { memory, calls, stages, ...imports } }).exports;
  }

  /** Slots for `count` functions that do not exist yet; returns the first. */
  reserve(count: number, stage: (choice: number) => Stage): number {
    const { waiting, stages } = this;
    const first = waiting.length;
    const missing = first + count - stages.length;
    if (missing > 0) stages.grow(Math.max(missing, LEAST_SLOTS), this.exports!.stub);
    for (let i = 0; i < count; i++) waiting.push(stage(i));
    return first;
  }

  /** Generates the function of a slot, unless there is one like it. */
  makeStage(slot: number, compiler: StageCompiler): void {
    const { counts, named } = this;
    const start = performance.now();
    const { name, make } = compiler.compile(this.waiting[slot]);
    const known = name === undefined ? undefined : named.get(name);
    const stage = known ?? this.instantiate(make().code, name === undefined);
    this.stages.set(slot, stage);
    if (name !== undefined) named.set(name, stage);
    this.generated.push(slot);
    counts.compileTime += performance.now() - start;
  }

  /** Lets a slot's token be done again, by other functions: what is there gives up. */
  giveUp(slot: number): void {
    this.stages.set(slot, this.exports!.giveUp);
  }

  private instantiate(code: Code, branches: boolean): StageFunction {
    const { counts } = this;
    const bytes = stageModule(code, branches);
    const handed = performance.now();
    const { stage } = this.instance(bytes);
    counts.functions++;
    counts.codeBytes += bytes.length;
    counts.v8Time += performance.now() - handed;
    return stage;
  }
}

/** The module of one function, which exports it as `stage`; `branches`: it calls others. */
export function stageModule(code: Code, branches: boolean): Uint8Array {
  const functions = [{ name: 'stage', type: 0, code }];
  return moduleBytes({ types: TYPES, tables: TABLES.slice(0, branches ? 2 : 1), imports: [], functions });
}
