/**
 * The Debug Adapter Protocol, thinly: a request is checked, handed to the session in its own thread, and what comes
 * back is the response. The adapter knows the protocol and nothing of machines; the session (session.ts) the reverse.
 *
 * Lines and columns count from 1 inside; clients that count from 0 are served at this border.
 */
import { DebugSession, Event, InitializedEvent, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { capabilities } from '../protocol/capabilities.ts';
import { ADAPTER_REQUESTS } from '../protocol/dap-messages.ts';
import type { LaunchOptions } from '../protocol/launch.ts';
import { type ArgumentsOf, EVENTS, isRequest, REQUESTS, type RequestName } from '../protocol/protocol.ts';
import {
  BadRequest,
  type CheckedOf,
  checkSent,
  moved,
  type Origin,
  type PlaceTree,
  type SentOf,
} from '../protocol/schema.ts';
import { Framing } from './framing.ts';
import { CallFailed, SessionLink } from './rpc.ts';
import type { SessionThreads } from './session-threads.ts';

/** A handler for every request that the adapter answers by itself. */
type AdapterHandlers = {
  [C in AdapterCommand]: (args: CheckedOf<(typeof ADAPTER_REQUESTS)[C]['arguments']>) => Answer<C> | Promise<Answer<C>>;
};
type AdapterCommand = keyof typeof ADAPTER_REQUESTS;
type Answer<C extends AdapterCommand> = SentOf<(typeof ADAPTER_REQUESTS)[C]['answer']>;
type AdapterArguments<C extends AdapterCommand> = Parameters<AdapterHandlers[C]>[0];

function isAdapterCommand(name: string): name is AdapterCommand {
  return Object.hasOwn(ADAPTER_REQUESTS, name);
}

/** Whether a request loads a program. */
function isLoad(command: string): boolean {
  return command === 'launch' || command === 'attach' || command === 'restart';
}

/** One client's conversation. */
export class Adapter extends DebugSession {
  private link: SessionLink | undefined;
  private readonly threads: SessionThreads;
  private readonly ended: () => void;
  /** What is added to lines and columns that the client sends. */
  private origin: Origin = { line: 0, column: 0 };
  /** Events that the client does not want; undefined before it has said so. */
  private unwanted: ReadonlySet<string> | undefined;
  /** Number of the last request that loads a program. */
  private loading: number | undefined;
  /** Whether the client can be asked for input. */
  private givesInput = false;
  private hasExited = false;
  private showsFailures = false;
  /** Numbers of the calls that wait for the session, by the requests that they are made for. */
  private readonly calls = new Map<number, number>();
  private state: 'new' | 'launching' | 'launched' | 'over' = 'new';

  /** `ended` is called when the client has gone or has disconnected: what was sent should still be delivered. */
  constructor(ended: () => void, threads: SessionThreads) {
    super();
    this.ended = ended;
    this.threads = threads;
    // The base class would end the process at the first message that is not JSON.
    this.removeAllListeners('error');
    this.on('error', ({ body }: DebugProtocol.Event) => {
      if (/^(in|out)Stream error/.test(String(body))) this.shutdown();
      else this.say('important', `Message not understood: ${body}\n`);
    });
  }

  /** Serves the client at the other end of two streams. */
  override start(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
    const framing = new Framing();
    input.on('error', (error) => framing.destroy(error));
    input.on('close', () => framing.end());
    super.start(input.pipe(framing), output);
  }

  override shutdown(): void {
    this.leave();
    if (this.state !== 'over') {
      this.state = 'over';
      this.ended();
    }
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const response: DebugProtocol.Response = new Response(request);
    this.answer(request).then(
      (body) => {
        if (body !== undefined) response.body = body;
        this.sendResponse(response);
        this.afterwards(request.command);
      },
      (error: unknown) => this.refuse(response, error),
    );
  }

  private readonly handlers: AdapterHandlers = {
    initialize: (args) => this.initialize(args),
    launch: (configuration) => this.load('launch', configuration),
    restart: async ({ arguments: configuration }) => {
      if (this.state !== 'launched') throw new BadRequest('no program is launched');
      await this.session().call('restart', this.answerable(configuration));
    },
    attach: (configuration) => this.load('attach', configuration),
    // What they do follows their response.
    disconnect: () => {},
    // A thread that is lost has said so.
    terminate: async () => void (await this.link?.call('finish', undefined).catch(() => {})),
    cancel: (args) => this.cancel(args),
    threads: () => ({ threads: [{ id: 1, name: 'transformer' }] }),
  };

  /** The body of the response, with places as the client counts. */
  private async answer({ command, seq, arguments: sent }: DebugProtocol.Request): Promise<unknown> {
    if (typeof command !== 'string') throw new BadRequest('a request needs a "command"');
    if (isLoad(command)) this.loading = seq;
    if (isAdapterCommand(command)) {
      const handler = this.handlers[command] as (args: unknown) => unknown;
      return handler(checkSent(ADAPTER_REQUESTS[command].arguments, command, sent));
    }
    if (!isRequest(command)) throw new BadRequest(`"${command}" is not supported by this debug adapter`);
    const request = REQUESTS[command];
    const args = checkSent(request.arguments, command, moved(sent, request.arguments.places, this.origin));
    try {
      const call = this.session().call(command, args as ArgumentsOf<RequestName>, (id) => this.calls.set(seq, id));
      return this.toClient(await call, request.answer.places);
    } finally {
      this.calls.delete(seq);
    }
  }

  /** What follows a response rather than being one. */
  private afterwards(command: string): void {
    if (command === 'disconnect') this.shutdown();
    if (command === 'terminate') {
      this.leave();
      this.sendEvent(new Event('terminated', {}));
    }
  }

  private leave(): void {
    if (this.link) void this.threads.give(this.link);
    this.link = undefined;
  }

  private initialize(args: AdapterArguments<'initialize'>): Answer<'initialize'> {
    if (this.unwanted) throw new BadRequest('initialize comes once');
    if (args.pathFormat !== 'path') throw new BadRequest('paths must be native: pathFormat "path"');
    this.givesInput = args.stepformerInput;
    this.origin = { line: args.linesStartAt1 ? 0 : 1, column: args.columnsStartAt1 ? 0 : 1 };
    this.unwanted = new Set([
      ...(args.supportsInvalidatedEvent ? [] : ['invalidated']),
      ...(args.supportsMemoryEvent ? [] : ['memory']),
      ...(args.supportsProgressReporting ? [] : ['progressStart', 'progressUpdate', 'progressEnd']),
    ]);
    // The model loads and the compiler warms up while the client makes up its mind.
    this.session();
    return capabilities;
  }

  /** A configuration without a question for input that the client would not hear: the input is empty. */
  private answerable(configuration: unknown): unknown {
    if (this.givesInput || typeof configuration !== 'object' || configuration === null) return configuration;
    const { stdin, ...rest } = configuration as { stdin?: unknown };
    return typeof stdin === 'object' ? rest : configuration;
  }

  private async load(by: 'launch' | 'attach', configuration: unknown): Promise<void> {
    if (this.state !== 'new') throw new BadRequest('a program is launched already; use restart');
    this.state = 'launching';
    this.showsFailures = (configuration as Partial<LaunchOptions> | undefined)?.showsFailures === true;
    try {
      await this.session().call(by, this.answerable(configuration));
      this.state = 'launched';
    } finally {
      if (this.state === 'launching') this.state = 'new';
    }
    this.sendEvent(new InitializedEvent());
  }

  /**
   * Cancels work that goes on: by its progress, or by the request if it loads a program, asks about all of the recording
   * or calls functions.
   * All other requests are answered at once; clients take them back when the program goes on, and that must not stop it.
   */
  private async cancel({ progressId, requestId }: AdapterArguments<'cancel'>): Promise<void> {
    const isLoad = requestId !== undefined && requestId === this.loading;
    await this.session().call('cancel', { progressId, isLoad, call: this.calls.get(requestId ?? -1) });
  }

  private session(): SessionLink {
    if (this.state === 'over') throw new BadRequest('the session has ended');
    this.link ??= new SessionLink(
      this.threads.take(),
      ({ event, body }) => {
        // A recording may go on to ask a client that cannot answer: the input has ended then.
        if (event === 'stepformer/inputNeeded' && !this.givesInput) {
          void this.link?.call('stepformer/input', { text: '', end: true }).catch(() => {});
          return;
        }
        // After a restart too a session's program exits once.
        if (this.unwanted?.has(event) || (event === 'exited' && this.hasExited)) return;
        this.hasExited ||= event === 'exited';
        this.sendEvent(new Event(event, this.toClient(body, EVENTS[event].places)));
      },
      (message) => {
        this.say('important', `${message}\n`);
        this.sendEvent(new Event('terminated', {}));
      },
    );
    return this.link;
  }

  private refuse(response: DebugProtocol.Response, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof BadRequest) && !(error instanceof CallFailed && !error.remote.bug)) console.error(error);
    // Braces are placeholders in the protocol's messages.
    const showUser = isLoad(response.command) && !this.showsFailures;
    this.sendErrorResponse(response, { id: 1, format: '{_text}', variables: { _text: message }, showUser });
  }

  private say(category: string, output: string): void {
    this.sendEvent(new Event('output', { category, output }));
  }

  private toClient(value: unknown, places: PlaceTree | undefined): unknown {
    const { line, column } = this.origin;
    return moved(value, places, { line: -line, column: -column });
  }
}
