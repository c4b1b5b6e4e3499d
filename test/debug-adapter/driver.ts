/**
 * A session without threads or protocol, for tests: compiles a program, runs the session's work to its end after
 * every request, and keeps its events.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Breakpoints } from '../../debug-adapter/breakpoints/breakpoints.ts';
import { type Launched, launchOptions, type Opened, openRecording } from '../../debug-adapter/protocol/launch.ts';
import {
  type ArgumentsOf,
  type Emit,
  EVENTS,
  isWork,
  REQUESTS,
  type RequestName,
} from '../../debug-adapter/protocol/protocol.ts';
import { type Body, checkSent, type Schema } from '../../debug-adapter/protocol/schema.ts';
import { Debuggee } from '../../debug-adapter/recording/debuggee.ts';
import { finish, Pace } from '../../debug-adapter/recording/pace.ts';
import { Recording } from '../../debug-adapter/recording/recording.ts';
import type { TokenSource } from '../../debug-adapter/recording/token-source.ts';
import { Branches } from '../../debug-adapter/session/branches.ts';
import { restore } from '../../debug-adapter/session/saving.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { OracleSource } from './oracle-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepformer-'));
const compiler = new Compiler();
after(() => {
  compiler.dispose();
  rmSync(folder, { recursive: true });
});

/** Writes a program; returns its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const programs = new Map<string, Promise<Launched>>();

/** Compiles a program, each once. */
export function launched(
  path: string,
  args: string[] = [],
  stdin = '',
  optimize: 'O0' | 'O1' | 'O2' = 'O0',
  clangArgs: string[] = [],
): Promise<Launched> {
  const key = JSON.stringify([path, args, stdin, optimize, clangArgs]);
  const known = programs.get(key) ?? make();
  programs.set(key, known);
  return known;

  async function make() {
    const loaded = await load([path], { compiler, optimize, clangArgs });
    return { loaded, input: inputOf(loaded, args, new TextEncoder().encode(stdin)) };
  }
}

export interface Event {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field
  body: any;
}

/** Holds what is sent against its declaration, where it has one that can be checked, and finds no field too many. */
function asDeclared(declared: Body<unknown>, name: string, sent: unknown): void {
  if (!('check' in declared)) return;
  const checked = checkSent(declared as Schema<unknown>, name, sent);
  assert.deepEqual(JSON.parse(JSON.stringify(checked)), JSON.parse(JSON.stringify(sent)), name);
}

/** Slices after which a program counts as endless. */
const PATIENCE = 20_000;

export class Driver {
  readonly events: Event[] = [];
  readonly session: Branches;
  readonly path: string;

  constructor(
    path: string,
    program: Launched & Partial<Opened>,
    options: object = {},
    source?: TokenSource,
    contextLength?: (state: number) => number,
  ) {
    this.path = path;
    const { loaded, input } = program;
    const settings = launchOptions({ program: path, ...options });
    const tokens = source ?? new OracleSource(loaded.program, input, settings.asks);
    const recording = new Recording({
      program: loaded.program,
      input,
      source: tokens,
      budget: settings.maxTokens,
      megabytes: settings.maxMemory,
      more: settings.asks,
      ...(contextLength && { contextLength }),
    });
    const emit: Emit = (event, body) => {
      asDeclared(EVENTS[event], event, body);
      this.events.push({ event, body });
    };
    const { saved } = program;
    if (saved) finish(restore(recording, saved.branches, saved.current, new Pace()));
    const debuggee = new Debuggee(loaded);
    const breakpoints = new Breakpoints();
    this.session = new Branches({ debuggee, recording, breakpoints, options: settings, emit, saved });
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field
  ask(command: RequestName, args: object = {}): any {
    const request = REQUESTS[command];
    const checked = checkSent<unknown>(request.arguments, command, args);
    const answering = this.session.request(command, checked as ArgumentsOf<RequestName>);
    const answer = isWork(answering) ? finish<unknown>(answering) : answering;
    asDeclared(request.answer, command, answer);
    return answer;
  }

  /** A request that moves; returns the body of the stop it leads to. */
  move(command: RequestName, args: object = {}): DebugProtocol.StoppedEvent['body'] {
    const seen = this.events.length;
    this.ask(command, args);
    for (let slices = 0; this.session.busy; slices++) {
      if (slices === PATIENCE) this.session.pause();
      this.session.work(8);
    }
    const stop = this.events.slice(seen).findLast(({ event }) => event === 'stopped');
    return stop?.body ?? { reason: 'none' };
  }

  /** `reason function:line` of a move. */
  go(command: RequestName, args: object = {}): string {
    return `${this.move(command, args).reason} ${this.where()}`;
  }

  frames(): DebugProtocol.StackFrame[] {
    return this.ask('stackTrace', { threadId: 1 }).stackFrames;
  }

  where(): string {
    const [frame] = this.frames();
    return `${frame.name}:${frame.line}`;
  }

  /** Breakpoints on lines of the program. */
  breakpoints(...breakpoints: (number | object)[]): DebugProtocol.Breakpoint[] {
    const wanted = breakpoints.map((item) => (typeof item === 'number' ? { line: item } : item));
    return this.ask('setBreakpoints', { source: { path: this.path }, breakpoints: wanted }).breakpoints;
  }

  /** Variables of a scope of a frame, by name. */
  scope(name: string, frame = 0): Record<string, string> {
    const variables = this.children(this.reference(name, frame));
    return Object.fromEntries(variables.map((variable) => [variable.name, variable.value]));
  }

  reference(name: string, frame = 0): number {
    const scopes: DebugProtocol.Scope[] = this.ask('scopes', { frameId: this.frames()[frame].id }).scopes;
    return scopes.find((scope) => scope.name === name)?.variablesReference ?? 0;
  }

  children(variablesReference: number, more: object = {}): DebugProtocol.Variable[] {
    return variablesReference === 0 ? [] : this.ask('variables', { variablesReference, ...more }).variables;
  }

  evaluate(expression: string, more: object = {}): string {
    return this.ask('evaluate', { expression, context: 'watch', ...more }).result;
  }

  /** Everything that a client sees of the state, for comparison; not what calls returned on the way there. */
  state(): unknown {
    const frames = this.frames();
    const scopes = frames.map(({ id }) =>
      this.ask('scopes', { frameId: id }).scopes.map(({ name, variablesReference }: DebugProtocol.Scope) => [
        name,
        this.children(variablesReference)
          .filter((variable) => !variable.name.endsWith('() returned'))
          .map((variable) => `${variable.name}=${variable.value}`),
      ]),
    );
    return { frames: frames.map(({ name, line }) => `${name}:${line}`), scopes };
  }

  /** The program's output so far, or what it wrote to standard error. */
  output(category: 'stdout' | 'stderr' = 'stdout'): string {
    const outputs = this.events.filter(({ event, body }) => event === 'output' && body.category === category);
    return outputs.map(({ body }) => body.output).join('');
  }
}

/** A driver for a recording that was saved. */
export async function reopen(recording: string, source?: TokenSource): Promise<Driver> {
  const opened = await openRecording({ recording });
  const { options, saved } = opened;
  return new Driver(options.program[0], opened, { ...options, stdin: { ask: saved.asks } }, source);
}

/** A driver for a C program, compiled; its tokens are the oracle's if there is no other source. */
export async function drive(
  path: string,
  options: { args?: string[]; stdin?: string; [attribute: string]: unknown } = {},
  source?: TokenSource,
): Promise<Driver> {
  return new Driver(path, await launched(path, options.args, options.stdin), options, source);
}
