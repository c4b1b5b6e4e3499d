/**
 * A client that sees every byte: starts the adapter as a program, keeps what comes on its standard output, and fails
 * at the first byte that is not protocol.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from '../patience.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field
export type Message = any;

export const adapterPath = fileURLToPath(new URL('./oracle-main.ts', import.meta.url));

/** Adapters that a test that failed may have left running. */
const started: ChildProcess[] = [];
after(() => {
  for (const process of started) process.kill('SIGKILL');
});

export class Wire {
  readonly messages: Message[] = [];
  /** What was on standard output and is no message; must stay empty. */
  stray = '';
  readonly exited: Promise<number | null>;
  private readonly process: ChildProcess;
  private buffer = Buffer.alloc(0);
  private waiting: (() => void)[] = [];
  private seq = 1;

  constructor(environment: NodeJS.ProcessEnv = {}, command = ['--import', 'tsx', adapterPath]) {
    const env = { ...process.env, ...environment };
    this.process = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'], env });
    started.push(this.process);
    this.process.stdout?.on('data', (data: Buffer) => this.receive(data));
    this.process.stdin?.on('error', () => {});
    this.exited = new Promise((resolve) => this.process.on('close', resolve));
    void this.exited.then(() => this.wake());
  }

  /** Sends anything as the body of a message. */
  raw(text: string): void {
    this.process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  /** Sends a request; returns its number. */
  send(command: unknown, args?: unknown): number {
    const seq = this.seq++;
    this.raw(JSON.stringify({ seq, type: 'request', command, arguments: args }));
    return seq;
  }

  /** Sends a request; resolves with its response, of either kind. */
  async request(command: unknown, args?: unknown): Promise<Message> {
    const seq = this.send(command, args);
    return this.find((message) => message.type === 'response' && message.request_seq === seq);
  }

  /** The body of a request's response. @throws when it failed */
  async ok(command: string, args?: unknown): Promise<Message> {
    const response = await this.request(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body ?? {};
  }

  /** A request that moves; resolves with the body of the stop it leads to. */
  async move(command: string, args: object = {}): Promise<Message> {
    const seen = this.messages.length;
    await this.ok(command, { threadId: 1, ...args });
    return this.event('stopped', seen);
  }

  /** The first event of a name behind message `from`. */
  async event(name: string, from = 0): Promise<Message> {
    return (await this.find((message) => message.type === 'event' && message.event === name, from)).body ?? {};
  }

  /** The first message that fits, waiting for it. */
  async find(fits: (message: Message) => boolean, from = 0): Promise<Message> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const found = this.messages.slice(from).find(fits);
      if (found) return found;
      if (this.process.exitCode !== null) throw new Error('the adapter has ended');
      if (performance.now() > end) throw new Error('waited too long for a message');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Everything up to the first stop. */
  async launch(launch: object, breakpoints: Record<string, object[]> = {}, initialize: object = {}): Promise<Message> {
    await this.ok('initialize', { adapterID: 'stepformer', pathFormat: 'path', ...initialize });
    await this.ok('launch', launch);
    for (const [path, items] of Object.entries(breakpoints)) {
      await this.ok('setBreakpoints', { source: { path }, breakpoints: items });
    }
    const seen = this.messages.length;
    await this.ok('configurationDone');
    return this.event('stopped', seen);
  }

  async where(): Promise<string> {
    const [frame] = (await this.ok('stackTrace', { threadId: 1 })).stackFrames;
    return `${frame.name}:${frame.line}`;
  }

  /** Disconnects and waits for the process; returns its status. */
  async end(): Promise<number | null> {
    await this.request('disconnect', {}).catch(() => {});
    return this.exited;
  }

  /** The client disappears. */
  vanish(): void {
    this.process.stdin?.end();
    this.process.stdout?.destroy();
  }

  private receive(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.buffer.subarray(0, 64).toString('latin1'));
      if (!header) {
        if (this.buffer.length >= 64) {
          this.stray += this.buffer.toString();
          this.buffer = Buffer.alloc(0);
        }
        break;
      }
      const start = header[0].length;
      const end = start + Number(header[1]);
      if (this.buffer.length < end) break;
      this.messages.push(JSON.parse(this.buffer.subarray(start, end).toString()));
      this.buffer = this.buffer.subarray(end);
    }
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Bytes that came and are no message. */
  get leftover(): string {
    return this.stray + this.buffer.toString();
  }
}
