/**
 * Runs scripts of the specification inside the model: every module is a sequence of tokens of its own, and every call
 * is generated. What cannot be run is skipped, and said why.
 */
import { PlacedError } from '../errors.ts';
import { OPCODES } from '../isa/opcodes.ts';
import type { TokenProgram } from '../isa/program.ts';
import { decode } from '../toolchain/decode.ts';
import type { WasmModule } from '../toolchain/decode-module.ts';
import type { Helpers } from '../toolchain/helpers.ts';
import { lower } from '../toolchain/lower.ts';
import type { Generator } from '../transformer/generator.ts';
import { expectedText, outcomeText, resultsFit, trapFits } from './claims.ts';
import { Instance, type Outcome } from './instance.ts';
import { Registry } from './linking.ts';
import { type Action, type Command, parseScript, type Source } from './script.ts';
import { isRefused, moduleBytes } from './validity.ts';

/** What a script's run came to. Lines count from 1. */
export interface Report {
  readonly file: string;
  passed: number;
  failed: number;
  readonly skipped: { line: number; reason: string }[];
  readonly failures: { line: number; expected: string; got: string }[];
}

export interface RunnerOptions {
  /** Makes the model ready for a new sequence. */
  readonly generator: () => Generator;
  readonly helpers: Helpers;
  /** Most tokens to generate for one call. */
  readonly budget: number;
}

/** Why something cannot be done here. */
class Skip extends Error {}

/** A module that cannot be run, why, and the instances that it would change when its functions are called. */
interface Missing {
  readonly why: string;
  readonly sharers: readonly Loaded[];
}

/** A module of the script, and its instance once something is asked of it. */
class Loaded {
  /** Why its state is not what it ought to be: something that would have changed it was skipped. */
  stale: string | undefined;
  readonly module: WasmModule;
  readonly program: TokenProgram;
  private readonly options: RunnerOptions;
  private made: Instance | undefined;

  constructor(module: WasmModule, program: TokenProgram, options: RunnerOptions) {
    this.module = module;
    this.program = program;
    this.options = options;
  }

  get instance(): Instance {
    this.made ??= new Instance(this.program, this.options.generator, this.options.budget);
    return this.made;
  }

  /** How instantiation ends. Where nothing runs then, it is put off until something is asked of the instance. */
  start(): Outcome {
    const { module, program } = this;
    const runs = module.start !== undefined || OPCODES[program.ops[1]].circuit === 'trap';
    return runs ? this.instance.start : { kind: 'results', values: [] };
  }

  /** Pages of memory at present. */
  get pages(): number {
    const { made, program } = this;
    return made ? made.moment.memorySize / 65536 : program.pages;
  }
}

/**
 * Runs a script.
 * @throws PlacedError when the file is no script
 */
export async function runScript(text: string, file: string, options: RunnerOptions): Promise<Report> {
  const runner = new Runner(file, options);
  for (const command of parseScript(text, file)) await runner.run(command);
  return runner.report;
}

class Runner {
  readonly report: Report;
  private readonly options: RunnerOptions;
  private readonly registry = new Registry<Loaded>();
  /** The last module, and named ones; in place of those that cannot be run, why. */
  private last: Loaded | Missing = { why: 'there is no module yet', sharers: [] };
  private readonly named = new Map<string, Loaded | Missing>();
  private readonly definitions = new Map<string | undefined, Source>();

  constructor(file: string, options: RunnerOptions) {
    this.report = { file, passed: 0, failed: 0, skipped: [], failures: [] };
    this.options = options;
  }

  async run(command: Command): Promise<void> {
    const { report } = this;
    try {
      const failure = await this.command(command);
      if (failure) report.failures.push({ line: command.line, ...failure });
      if (failure) report.failed++;
      else if (!DECLARING.includes(command.kind)) report.passed++;
    } catch (error) {
      if (!(error instanceof Skip)) throw error;
      report.skipped.push({ line: command.line, reason: error.message });
    }
  }

  /** Resolves with what is wrong, if something is. @throws Skip */
  private async command(command: Command): Promise<{ expected: string; got: string } | undefined> {
    switch (command.kind) {
      case 'module':
        return this.define(command.name, command.source, command.line);
      case 'definition':
        this.definitions.set(command.name, command.source);
        this.definitions.set(undefined, command.source);
        return undefined;
      case 'instance': {
        const source = this.definitions.get(command.of);
        if (!source) throw new Skip(`there is no definition ${command.of ?? ''}`);
        return this.define(command.name, source, command.line);
      }
      case 'register': {
        this.registry.registerMissing(command.as);
        const loaded = this.loaded(command.module);
        this.registry.register(command.as, loaded.module, loaded.pages, loaded);
        return undefined;
      }
      case 'action':
        return this.returns(command.action, (outcome) => outcome.kind === 'results', 'a return');
      case 'return': {
        const { patterns } = command;
        const fits = (outcome: Outcome) => outcome.kind === 'results' && resultsFit(outcome.values, patterns);
        return this.returns(command.action, fits, expectedText(patterns));
      }
      case 'trap':
      case 'exhaustion': {
        const { reason } = command;
        const what = command.kind === 'trap' ? command.what : command.action;
        const fits = (outcome: Outcome) => outcome.kind === 'trap' && trapFits(outcome.reason, reason);
        const outcome = isAction(what) ? this.act(what) : await this.instantiate(what);
        return fits(outcome)
          ? undefined
          : { expected: reason === undefined ? 'a trap' : `trap: ${reason}`, got: outcomeText(outcome) };
      }
      case 'invalid':
      case 'malformed':
        if (await isRefused(command.source, this.report.file)) return undefined;
        throw new Skip(`wabt takes this module, which is ${command.kind} (${command.reason ?? 'no reason given'})`);
      case 'unlinkable':
        return this.unlinkable(command.source, command.reason);
      case 'unsupported':
        throw new Skip(command.reason);
    }
  }

  private async define(name: string | undefined, source: Source, line: number) {
    let sharers: readonly Loaded[] = [];
    try {
      const { module, program, mismatch } = await this.load(source);
      sharers = this.registry.sharers(module).byCalls;
      if (mismatch) throw new Skip(mismatch);
      const loaded = new Loaded(module, program(), this.options);
      const outcome = loaded.start();
      this.last = loaded;
      return outcome.kind === 'results' ? undefined : { expected: 'an instance', got: outcomeText(outcome) };
    } catch (error) {
      const why = `the module of line ${line} cannot be run: ${(error as Error).message}`;
      this.last = { why, sharers };
      throw error;
    } finally {
      if (name !== undefined) this.named.set(name, this.last);
    }
  }

  /** A module, whether its imports fit, and its program. */
  private async load(source: Source) {
    const { file } = this.report;
    const { helpers } = this.options;
    const attempt = <T>(step: () => T): T => {
      try {
        return step();
      } catch (error) {
        throw skipped(error);
      }
    };
    const wasm = await moduleBytes(source, file).catch((error) => {
      throw skipped(error);
    });
    const module = attempt(() => decode(wasm, file));
    const missing = this.registry.missingOf(module);
    if (missing !== undefined) throw new Skip(`it imports from ${missing}, which cannot be run`);
    const options = { helpers, exports: true, spectest: true, globals: this.registry.globals };
    const program = () => {
      try {
        return lower(module, { file }, options);
      } catch (error) {
        // Its segments would have been written all the same.
        const why = 'a module was skipped that shares its memory or table';
        for (const owner of this.registry.sharers(module).atOnce) owner.stale = why;
        throw skipped(error);
      }
    };
    return { module, mismatch: this.registry.mismatch(module), program };
  }

  /** How instantiation of a module ends that is only made for this. */
  private async instantiate(source: Source): Promise<Outcome> {
    const { module, program, mismatch } = await this.load(source);
    if (mismatch) throw new Skip(mismatch);
    return new Loaded(module, program(), this.options).start();
  }

  private async unlinkable(source: Source, reason: string | undefined) {
    const { module, program, mismatch } = await this.load(source);
    if (mismatch) return undefined;
    // In version 1.0 segments were checked before anything ran: a module with one that does not fit is unlinkable.
    const outcome = new Loaded(module, program(), this.options).start();
    if (outcome.kind === 'trap' && trapFits(outcome.reason, reason)) return undefined;
    return { expected: `a link error: ${reason ?? 'any'}`, got: outcomeText(outcome) };
  }

  private loaded(name: string | undefined): Loaded {
    const found = name === undefined ? this.last : this.named.get(name);
    if (found instanceof Loaded) {
      if (found.stale) throw new Skip(found.stale);
      return found;
    }
    for (const sharer of found?.sharers ?? []) sharer.stale = 'a call was skipped that could have changed its state';
    throw new Skip(found?.why ?? `there is no module ${name}`);
  }

  private returns(action: Action, fits: (outcome: Outcome) => boolean, expected: string) {
    const outcome = this.act(action);
    return fits(outcome) ? undefined : { expected, got: outcomeText(outcome) };
  }

  private act({ kind, module, name, args }: Action): Outcome {
    const { instance } = this.loaded(module);
    if (kind === 'invoke') {
      try {
        return instance.call(name, args);
      } catch (error) {
        throw skipped(error);
      }
    }
    const value = instance.global(name);
    if (!value) throw new Skip(`there is no exported global ${JSON.stringify(name)}`);
    return { kind: 'results', values: [value] };
  }
}

/** Commands that claim nothing. */
const DECLARING: readonly string[] = ['module', 'definition', 'instance', 'register', 'action'];

const isAction = (what: Action | Source): what is Action => what.kind === 'invoke' || what.kind === 'get';

function skipped(error: unknown): unknown {
  if (!(error instanceof PlacedError)) return error;
  return new Skip(error.message.replace(/\s*\n\s*/g, ' '));
}
