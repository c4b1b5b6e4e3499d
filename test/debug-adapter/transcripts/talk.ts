/**
 * A conversation with the adapter as text, for people to read and for tests to compare: requests, responses and events
 * in the order of the wire. What differs from run to run is left out (numbers of messages, progress) or made the same
 * (folders, how output was cut).
 */
import { dirname } from 'node:path';
import { type Message, Wire } from '../wire.ts';

/** Events that depend on how fast the machine is. */
const TIMED = /^(?:progress|stepformer\/status)/;
/** Characters of a value that stands on a line of its own. */
const WIDTH = 100;

export class Talk {
  private readonly wire = new Wire();
  private readonly said: string[] = [];
  private readonly folder: string;
  /** Messages of the wire that have been written down. */
  private seen = 0;

  /** `program` is the file whose folder is called `<folder>`. */
  constructor(program: string) {
    this.folder = dirname(program);
  }

  /** Sends a request and writes down what comes up to its response. */
  async ask(command: string, args: object = {}): Promise<Message> {
    this.say('->', command, args);
    const response = await this.wire.request(command, args);
    this.writeDown(this.wire.messages.indexOf(response) + 1);
    return response.body;
  }

  /** A request whose response is written down elsewhere. */
  async quietly(command: string, args: object = {}): Promise<void> {
    await this.wire.ok(command, args);
    this.seen = this.wire.messages.length;
  }

  /** A request, and everything up to the event that it leads to. */
  async until(event: string, command: string, args: object = {}): Promise<void> {
    const from = this.wire.messages.length;
    const body = this.wire.event(event, from);
    await this.ask(command, args);
    await body;
    const at = this.wire.messages.findIndex((message, i) => i >= from && message.event === event);
    this.writeDown(at + 1);
  }

  /** Ends the conversation; returns all of it. */
  async end(): Promise<string> {
    await this.ask('disconnect');
    await this.wire.exited;
    this.writeDown(this.wire.messages.length);
    return `${this.said.join('\n')}\n`;
  }

  private writeDown(to: number): void {
    for (const message of joined(this.wire.messages.slice(this.seen, to))) {
      if (message.type === 'event') this.say('**', message.event, message.body);
      else if (message.success) this.say('<-', message.command, message.body);
      else this.say('<!', message.command, message.body.error.variables?._text ?? message.message);
    }
    this.seen = Math.max(this.seen, to);
  }

  private say(mark: string, name: string, content: unknown): void {
    const text = shown(content, '').replaceAll(this.folder, '<folder>');
    this.said.push(`${mark} ${name}${text === '' || text === '{}' ? '' : ` ${text}`}`);
  }
}

/** Without what is timed, and pieces of output that were printed by the same line as one. */
function joined(messages: readonly Message[]): Message[] {
  const found: Message[] = [];
  for (const message of messages) {
    if (TIMED.test(message.event ?? '')) continue;
    const before = found[found.length - 1];
    const isMore = message.event === 'output' && before?.event === 'output';
    if (isMore && before.body.category === message.body.category && before.body.line === message.body.line) {
      found[found.length - 1] = {
        ...before,
        body: { ...before.body, output: before.body.output + message.body.output },
      };
    } else found.push(message);
  }
  return found;
}

/** JSON, a line for each part of what is too wide for one. */
function shown(value: unknown, indent: string): string {
  const flat = JSON.stringify(value) ?? '';
  if (flat.length + indent.length <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${shown(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const lines = fields.map(([name, field]) => `${inner}${JSON.stringify(name)}: ${shown(field, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
