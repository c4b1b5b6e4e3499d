/**
 * The Debug Adapter Protocol, thinly: a request is checked, handed to the session in its own thread, and what comes
 * back is the response. The adapter knows the protocol and nothing of machines; the session (session.ts) the reverse.
 *
 * Lines and columns count from 1 inside; clients that count from 0 are served at this border.
 */
import { DebugSession, Event, InitializedEvent, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Arguments, BadRequest } from '../protocol/arguments.ts';
import { capabilities } from '../protocol/capabilities.ts';
import { checkedArguments } from '../protocol/requests.ts';
import { CallFailed, type Cancellation, SessionLink } from './rpc.ts';
import type { SessionThreads } from './threads.ts';

/** One client's conversation. */
export class Adapter extends DebugSession {
  private link: SessionLink | undefined;
  private readonly threads: SessionThreads;
  private readonly ended: () => void;
  private shift = 0;
  /** Number of the last request that loads a program. */
  private loading: number | undefined;
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
        if (body !== undefined) response.body = this.shifted(body, -this.shift);
        this.sendResponse(response);
        this.afterwards(request.command);
      },
      (error: unknown) => this.refuse(response, error),
    );
  }

  private async answer(request: DebugProtocol.Request): Promise<unknown> {
    const { command } = request;
    if (typeof command !== 'string') throw new BadRequest('a request needs a "command"');
    const args = new Arguments(command, request.arguments);
    if (command === 'launch' || command === 'restart') this.loading = request.seq;
    switch (command) {
      case 'initialize':
        return this.initialize(args);
      case 'launch':
        return this.launch(request.arguments);
      case 'attach':
        throw new BadRequest('attach is not supported: there is no process to attach to. Use a launch configuration.');
      case 'disconnect':
      case 'terminate':
        return undefined;
      case 'threads':
        return { threads: [{ id: 1, name: 'transformer' }] };
      case 'setExceptionBreakpoints':
        return { breakpoints: args.texts('filters').map(() => ({ verified: true })) };
      case 'cancel':
        return this.cancel(args);
      default: {
        const checked = checkedArguments(command, args);
        if (checked === undefined) throw new BadRequest(`"${command}" is not supported by this debug adapter`);
        if (this.state !== 'launched' && !command.startsWith('set')) throw new BadRequest('no program is launched');
        return this.session().call(command, this.shifted(checked, this.shift));
      }
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

  private initialize(args: Arguments): DebugProtocol.Capabilities {
    const format = args.text('pathFormat', 'path');
    if (format !== 'path') throw new BadRequest('paths must be native: pathFormat "path"');
    this.shift = args.flag('linesStartAt1', true) ? 0 : 1;
    // The model loads and the compiler warms up while the client makes up its mind.
    this.session();
    return capabilities;
  }

  private async launch(raw: unknown): Promise<undefined> {
    if (this.state !== 'new') throw new BadRequest('a program is launched already; use restart');
    this.state = 'launching';
    try {
      await this.session().call('launch', raw);
      this.state = 'launched';
    } finally {
      if (this.state === 'launching') this.state = 'new';
    }
    this.sendEvent(new InitializedEvent());
    return undefined;
  }

  /**
   * Cancels work that goes on: by its progress, or by the request if it loads a program. All other requests are answered
   * at once; clients take them back when the program goes on, and that must not stop it.
   */
  private async cancel(args: Arguments): Promise<undefined> {
    const progressId = args.optionalText('progressId');
    const isLoad = args.has('requestId') && args.integer('requestId') === this.loading;
    await this.session().call('cancel', { progressId, isLoad } satisfies Cancellation);
    return undefined;
  }

  private session(): SessionLink {
    if (this.state === 'over') throw new BadRequest('the session has ended');
    this.link ??= new SessionLink(
      this.threads.take(),
      (event, body) => this.sendEvent(new Event(event, this.shifted(body, -this.shift))),
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
    const showUser = response.command === 'launch' || response.command === 'restart';
    this.sendErrorResponse(response, { id: 1, format: '{_text}', variables: { _text: message }, showUser });
  }

  private say(category: string, output: string): void {
    this.sendEvent(new Event('output', { category, output }));
  }

  /** A copy with every line and column moved by `by`; the same object when there is nothing to move. */
  private shifted<T>(value: T, by: number): T {
    return by === 0 ? value : (shiftPlaces(value, by) as T);
  }
}

const PLACES = new Set(['line', 'column', 'endLine', 'endColumn']);

function shiftPlaces(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shiftPlaces(item, by));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    PLACES.has(key) && typeof item === 'number' ? item + by : shiftPlaces(item, by),
  ]);
  return Object.fromEntries(entries);
}
