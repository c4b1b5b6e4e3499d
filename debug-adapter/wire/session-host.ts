/**
 * The session's thread: keeps compiler and model warm, loads programs into sessions, hands requests to the session
 * and lets it work in slices in between. A request never waits longer than a slice.
 */
import type { MessagePort } from 'node:worker_threads';
import { checkModel, checkPrompt } from '../../engine/recording/saved-recording.ts';
import { userCache } from '../../engine/toolchain/cache/reply-cache.ts';
import type { Clang } from '../../engine/toolchain/clang/process.ts';
import { CompileFailed, Compiler, type Diagnostic } from '../../engine/toolchain/compile.ts';
import { Breakpoints } from '../breakpoints/breakpoints.ts';
import { launchOptions, loadProgram, openRecording } from '../protocol/launch.ts';
import { type ArgumentsOf, type Emit, type Handlers, isWork, type RequestName } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { Debuggee } from '../recording/debuggee.ts';
import { Pace, SLICE, type Work } from '../recording/pace.ts';
import { Recording } from '../recording/recording.ts';
import type { SourceFactory } from '../recording/token-source.ts';
import { Branches } from '../session/branches.ts';
import { joined } from '../session/input.ts';
import { restore } from '../session/saving.ts';
import { type Call, type Cancellation, type Control, type Reply, type Told, toRemote } from './rpc.ts';
import { SlowAnswers } from './slow-answers.ts';

/** Milliseconds before loading counts as long. */
const PATIENCE = 500;

/**
 * Serves one adapter on `port`.
 * @param clang what compiles; without it, a process of this session alone
 */
export function hostSession(port: MessagePort, sources: SourceFactory, clang?: Clang): void {
  new Host(port, sources, new Compiler(clang, userCache())).serve();
}

class Host {
  private readonly port: MessagePort;
  private readonly sources: SourceFactory;
  private readonly compiler: Compiler;
  private breakpoints = new Breakpoints();
  private session: Branches | undefined;
  private loads = 0;
  /** How the last program was loaded, for restarts. */
  private loadedBy: 'launch' | 'attach' = 'launch';
  private configuration: unknown;
  private loading: AbortController | undefined;
  /** The progress of the last program loaded, as clients know it. */
  private loadingProgress = '';
  /** Events of the request being answered: they follow its response. */
  private held: Told[] | undefined;
  private turning = false;
  private readonly slow: SlowAnswers;

  constructor(port: MessagePort, sources: SourceFactory, compiler: Compiler) {
    this.port = port;
    this.sources = sources;
    this.compiler = compiler;
    this.slow = new SlowAnswers((reply) => port.postMessage(reply));
  }

  serve(): void {
    // What fails here fails again, with a message, when a program is launched.
    this.compiler.warm().catch(() => {});
    this.sources.warm().catch(() => {});
    this.port.on('message', (call: Call) => void this.answer(call));
  }

  private readonly emit: Emit = (event, body) => {
    if (this.held) this.held.push({ event, body });
    else this.port.postMessage({ event, body } satisfies Told);
  };

  private readonly control: { [M in keyof Control]: (args: Control[M]) => void | Promise<void> } = {
    launch: (configuration) => this.load('launch', configuration),
    attach: (configuration) => this.load('attach', configuration),
    restart: (configuration) => this.load(this.loadedBy, configuration ?? this.configuration, true),
    cancel: (what) => this.cancel(what),
    finish: () => this.session?.finish(),
    reset: () => this.reset(),
  };

  private async answer({ id, method, args }: Call): Promise<void> {
    if (!this.isControl(method)) {
      this.request(id, method, args as ArgumentsOf<RequestName>);
      return;
    }
    const work = this.control[method] as (args: unknown) => void | Promise<void>;
    let reply: Reply;
    try {
      await work(args);
      reply = { id, body: undefined };
    } catch (error) {
      reply = { id, error: toRemote(error) };
    }
    this.port.postMessage(reply);
    if (method === 'restart' && !('error' in reply)) this.request(undefined, 'configurationDone', {});
  }

  private isControl(method: string): method is keyof Control {
    return Object.hasOwn(this.control, method);
  }

  private cancel({ progressId, isLoad, call }: Cancellation): void {
    if (call !== undefined) this.slow.cancel(call);
    if (isLoad || progressId === this.loadingProgress) this.loading?.abort(new BadRequest('cancelled'));
    if (progressId !== undefined) this.session?.cancel(progressId);
    this.turn();
  }

  /** Forgets the session; compiler and model stay warm for the next. */
  private reset(): void {
    this.loading?.abort(new BadRequest('the session has ended'));
    this.slow.clear('the session has ended');
    this.session = undefined;
    this.breakpoints.dispose();
    this.breakpoints = new Breakpoints();
    this.configuration = undefined;
  }

  /** Answers at once, but for work; events that the request causes come behind its response. */
  private request<C extends RequestName>(id: number | undefined, command: C, args: ArgumentsOf<C>): void {
    this.followed(() => {
      let reply: Omit<Reply, 'event'> | undefined;
      try {
        const body = this.ask(command, args);
        if (!isWork(body)) reply = { id, body };
        else if (id !== undefined && this.session) this.slow.add(id, body, this.session.pace);
      } catch (error) {
        reply = { id, error: toRemote(error) };
      }
      if (id !== undefined && reply) this.port.postMessage(reply);
    });
    this.turn();
  }

  /** Does something that may send a response; the events that it causes come behind that. */
  private followed(answer: () => void): void {
    const held: Told[] = [];
    this.held = held;
    answer();
    this.held = undefined;
    for (const told of held) this.port.postMessage(told);
  }

  private ask<C extends RequestName>(command: C, args: ArgumentsOf<C>): unknown {
    if (this.session) return this.session.request(command, args);
    // Breakpoints may come before there is a program to place them in.
    const early: Partial<Handlers> = this.breakpoints.handlers;
    const handler = early[command];
    if (!handler) throw new BadRequest('no program is launched');
    return handler(args);
  }

  /** Lets the session work until it has nothing to do, a slice per turn of the event loop. */
  private turn(): void {
    if (this.turning || !(this.session?.busy || this.slow.busy)) return;
    this.turning = true;
    setImmediate(() => {
      this.turning = false;
      this.session?.work(SLICE);
      this.followed(() => this.slow.work());
      this.turn();
    });
  }

  private async load(by: 'launch' | 'attach', configuration: unknown, isRestart = false): Promise<void> {
    if (this.loading) throw new BadRequest('a program is being loaded');
    const loading = new AbortController();
    this.loading = loading;
    const progressId = `stepformer-load-${++this.loads}`;
    this.loadingProgress = progressId;
    let isShown = false;
    const patience = setTimeout(() => {
      isShown = true;
      const title = by === 'attach' ? 'Opening the recording' : 'Compiling';
      this.emit('progressStart', { progressId, title, cancellable: true });
    }, PATIENCE);
    try {
      const { options, loaded, input, ...opened } = await this.program(by, configuration, loading.signal);
      if (loaded.warnings.length > 0) this.tellDiagnostics(loaded.warnings);
      else this.emit('stepformer/diagnostics', { diagnostics: [] });
      const { attention, engine } = options;
      // A restart begins with what was typed.
      const typed = options.asks && isRestart && !opened.saved ? this.session?.input.typed : undefined;
      const all = typed ? joined(input, typed.bytes) : input;
      const more = options.asks && !typed?.end;
      const source = await this.sources.source({ program: loaded.program, input: all, more, attention, engine });
      loading.signal.throwIfAborted();
      this.slow.clear('the program was loaded anew');
      const { saved } = opened;
      if (saved) checkModel(saved, source.model, opened.file);
      const { maxTokens: budget, maxMemory: megabytes } = options;
      const recording = new Recording({ program: loaded.program, input: all, source, budget, megabytes, more });
      if (saved) {
        checkPrompt(saved, recording.prompt, opened.file);
        const pace = new Pace();
        await inSlices(restore(recording, saved.branches, saved.current, pace), pace, loading.signal);
      }
      const { breakpoints, emit } = this;
      this.session = new Branches({ debuggee: new Debuggee(loaded), recording, breakpoints, options, emit, saved });
      if (typed) this.session.input.note(typed.bytes, typed.end);
      this.loadedBy = by;
      this.configuration = configuration;
    } catch (error) {
      if (error instanceof CompileFailed) this.tellDiagnostics(error.diagnostics);
      throw error;
    } finally {
      clearTimeout(patience);
      if (isShown) this.emit('progressEnd', { progressId });
      this.loading = undefined;
    }
  }

  /** What is debugged: a program, or one of a recording. */
  private async program(by: 'launch' | 'attach', configuration: unknown, signal: AbortSignal) {
    if (by === 'attach') return openRecording(configuration);
    const options = launchOptions(configuration);
    return { options, ...(await loadProgram(options, this.compiler, signal)), saved: undefined, file: '' };
  }

  /** The compiler's messages: as data for a Problems view, and as text. */
  private tellDiagnostics(diagnostics: readonly Diagnostic[]): void {
    this.emit('stepformer/diagnostics', { diagnostics });
    for (const { severity, message, file, line, column } of diagnostics) {
      const where = file ? `${file}${line > 0 ? `:${line}:${column}` : ''}: ` : '';
      this.emit('output', { category: 'stderr', output: `${where}${severity}: ${message}\n` });
    }
  }
}

/** Does work in slices, and answers whoever asks something in between. @throws whatever a signal is aborted with */
async function inSlices(work: Work, pace: Pace, signal: AbortSignal): Promise<void> {
  for (pace.begin(SLICE); !work.next().done; pace.begin(SLICE)) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}
