/**
 * Runs scripts of the specification inside the model: every call is generated, in the sequence of tokens of its module
 * and those it is linked with. What cannot be run is skipped, and said why.
 */
import { PlacedError } from '../errors.ts';
import { decode } from '../toolchain/decode/decode.ts';
import type { WasmModule } from '../toolchain/decode/module.ts';
import { expectedText, outcomeText, resultsFit, trapFits } from './claims.ts';
import type { Group, GroupOptions } from './group.ts';
import type { Outcome } from './instance.ts';
import { type Joined, Linker, type Member } from './linking.ts';
import { type Action, type Command, parseScript, type Source } from './script.ts';
import { bytesToRun, isRefused } from './validity.ts';

/** What a script's run came to. Lines count from 1. */
export interface Report {
  readonly file: string;
  passed: number;
  failed: number;
  readonly skipped: { line: number; reason: string }[];
  readonly failures: { line: number; expected: string; got: string }[];
}

export type RunnerOptions = GroupOptions;

/** Why something cannot be done here. */
class Skip extends Error {}

/** A module that cannot be run, why, and the instances that it would change when its functions are called. */
interface Missing {
  readonly why: string;
  readonly changes: readonly Member[];
}

/**
 * Runs a script.
 * @throws PlacedError when the file is no script
 */
export async function runScript(text: string, file: string, options: RunnerOptions): Promise<Report> {
  const runner = new Runner(file, await Linker.create(file, options));
  for (const command of parseScript(text, file)) await runner.run(command);
  return runner.report;
}

class Runner {
  readonly report: Report;
  private readonly linker: Linker;
  /** The last module, and named ones; in place of those that cannot be run, why. */
  private last: Member | Missing = { why: 'there is no module yet', changes: [] };
  private readonly named = new Map<string, Member | Missing>();
  private readonly definitions = new Map<string | undefined, Source>();
  /** Of the command that is run. */
  private line = 0;

  constructor(file: string, linker: Linker) {
    this.report = { file, passed: 0, failed: 0, skipped: [], failures: [] };
    this.linker = linker;
  }

  async run(command: Command): Promise<void> {
    const { report } = this;
    this.line = command.line;
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
        this.register(command.as, command.module);
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
        const expected = reason === undefined ? 'a trap' : `trap: ${reason}`;
        if (isAction(what)) return this.returns(what, fits, expected);
        const outcome = await this.instantiate(what);
        return fits(outcome) ? undefined : { expected, got: outcomeText(outcome) };
      }
      case 'invalid':
      case 'malformed':
        if (await this.isRefused(command.source)) return undefined;
        throw new Skip(`wabt takes this module, which is ${command.kind} (${command.reason ?? 'no reason given'})`);
      case 'unlinkable':
        return this.unlinkable(command.source, command.reason);
      case 'unsupported':
        throw new Skip(command.reason);
    }
  }

  private register(as: string, module: string | undefined): void {
    try {
      this.linker.register(as, this.member(module));
    } catch (error) {
      this.linker.registerMissing(as, (error as Error).message);
      throw error;
    }
  }

  private async define(name: string | undefined, source: Source, line: number) {
    let changes = this.linker.namedIn(source);
    try {
      const module = await this.load(source);
      changes = this.linker.changedBy(module, false);
      const { group, commit } = this.linked(module);
      const outcome = this.started(group);
      this.last = commit();
      return outcome.kind === 'results' ? undefined : { expected: 'an instance', got: outcomeText(outcome) };
    } catch (error) {
      const why = `the module of line ${line} cannot be run: ${(error as Error).message}`;
      this.last = { why, changes };
      throw error;
    } finally {
      if (name !== undefined) this.named.set(name, this.last);
    }
  }

  private async isRefused(source: Source): Promise<boolean> {
    try {
      return await isRefused(source, this.report.file);
    } catch (error) {
      throw this.skippedIn(source, error);
    }
  }

  private skippedIn(source: Source, error: unknown): unknown {
    return skipped(error, source.kind === 'text' ? { begins: source.line, command: this.line } : undefined);
  }

  private async load(source: Source): Promise<WasmModule> {
    const { file } = this.report;
    try {
      const module = decode(await bytesToRun(source, file), file);
      const missing = this.linker.missingOf(module);
      if (missing) throw new Skip(`it imports from ${missing.as}: ${missing.why}`);
      return module;
    } catch (error) {
      throw this.skippedIn(source, error);
    }
  }

  /** A module that is to be instantiated. Where it cannot be, what it would have written is missing in others. */
  private linked(module: WasmModule): Joined {
    try {
      const joined = this.linker.link(module);
      if (typeof joined === 'string') throw new Skip(joined);
      return joined;
    } catch (error) {
      const why = 'a module was skipped that shares its memory or table';
      if (error instanceof PlacedError) spoil(this.linker.changedBy(module, true), why);
      throw skipped(error);
    }
  }

  /** How instantiation of a module ends that is only made for this. What it did to others before a trap remains. */
  private async instantiate(source: Source): Promise<Outcome> {
    const { group, commit } = this.linked(await this.load(source));
    const outcome = this.started(group);
    commit();
    return outcome;
  }

  private started(group: Group): Outcome {
    const outcome = group.start();
    this.leave(group, outcome);
    return outcome;
  }

  /** Where a call has not ended, there is no state to go on from. It is a failure; what is asked then is not run. */
  private leave(group: Group, outcome: Outcome): void {
    if (outcome.kind === 'limit')
      group.stale ??= `not run: the call of line ${this.line} did not end (${outcome.reason})`;
  }

  /** In version 1.0 segments were checked before anything was written: where one does not fit, nothing has happened. */
  private async unlinkable(source: Source, reason: string | undefined) {
    const module = await this.load(source);
    let joined: Joined | string;
    try {
      joined = this.linker.link(module);
    } catch (error) {
      throw skipped(error);
    }
    if (typeof joined === 'string') return undefined;
    const outcome = joined.group.start();
    if (outcome.kind === 'trap' && trapFits(outcome.reason, reason)) return undefined;
    return { expected: `a link error: ${reason ?? 'any'}`, got: outcomeText(outcome) };
  }

  private member(name: string | undefined): Member {
    const found = name === undefined ? this.last : this.named.get(name);
    if (!found) throw new Skip(`there is no module ${name}`);
    if ('why' in found) {
      spoil(found.changes, 'a call was skipped that could have changed its state');
      throw new Skip(found.why);
    }
    if (found.group.stale !== undefined) throw new Skip(found.group.stale);
    return found;
  }

  private returns(action: Action, fits: (outcome: Outcome) => boolean, expected: string) {
    const { group } = this.member(action.module);
    const outcome = this.act(action);
    if (fits(outcome)) return undefined;
    const { refused } = group;
    if (refused !== undefined) throw new Skip(refused);
    return { expected, got: outcomeText(outcome) };
  }

  private act({ kind, module, name, args }: Action): Outcome {
    const { group, prefix } = this.member(module);
    try {
      const { instance } = group;
      if (kind === 'invoke') {
        if (!instance.entry(prefix + name)) throw new Skip(`there is no exported function ${JSON.stringify(name)}`);
        const outcome = instance.call(prefix + name, args);
        this.leave(group, outcome);
        return outcome;
      }
      const values = instance.global(prefix + name);
      if (!values) throw new Skip(`there is no exported global ${JSON.stringify(name)}`);
      return { kind: 'results', values };
    } catch (error) {
      throw skipped(error);
    }
  }
}

/** Commands that claim nothing. */
const DECLARING: readonly string[] = ['module', 'definition', 'instance', 'register', 'action'];

const isAction = (what: Action | Source): what is Action => what.kind === 'invoke' || what.kind === 'get';

/** Says of instances that their state is no longer what it ought to be. */
function spoil(members: readonly Member[], why: string): void {
  for (const { group } of members) group.stale = why;
}

/**
 * What stands in the way of a command makes it a skipped one; anything else is an error. Where it stands is said if it is not
 * the line in which the command begins.
 * @param at the line of the script in which the text that is wrong begins, and the command's
 */
function skipped(error: unknown, at?: { begins: number; command: number }): unknown {
  if (!(error instanceof PlacedError)) return error;
  const { message, place, problems } = error;
  const line = at && place.line !== undefined ? at.begins + place.line - 1 : undefined;
  const where = line === undefined || line === at?.command ? '' : `line ${line}: `;
  return new Skip(`${where}${message}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`);
}
