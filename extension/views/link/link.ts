/**
 * A page's end of the conversation: requests with their answers, the session and the selection as they are now, and what
 * a page may ask to be done. It knows neither VS Code nor the page's elements.
 */
import type { AnswerOf, RequestName, SentWith, SourceLine } from '../../../debug-adapter/protocol/protocol.ts';
import {
  type DocumentName,
  type FromPage,
  type MessageHandlers,
  type Opening,
  type PageCommand,
  receive,
  type Selection,
  type ShippedModel,
  type Tab,
  type ToPage,
  type ViewMessage,
  type WhyQuestion,
} from './messages.ts';

/** What carries messages, and keeps what survives when the page is taken down. */
export interface Port {
  post(message: ViewMessage<FromPage>): void;
  listen(listener: (message: ViewMessage<ToPage>) => void): void;
  /** What was kept, by name. */
  readonly kept: Readonly<Record<string, unknown>>;
  keep(kept: Readonly<Record<string, unknown>>): void;
}

type Settle = (answer: ToPage['answer']) => void;

export class Link {
  session: ToPage['session'] = { stops: 0, marks: 0 };
  selection: Selection = {};
  /** Whether one can go back, and forward again. */
  way = { back: false, forward: false };
  opening: Opening | undefined;
  /** A remark until the next stop or selection. */
  note = '';
  private readonly port: Port;
  private readonly open = new Map<number, Settle>();
  private readonly listeners = new Set<() => void>();
  private asked = 0;

  constructor(port: Port) {
    this.port = port;
    const handlers: MessageHandlers<ToPage> = {
      session: (session) => this.change({ session, note: '' }),
      selection: ({ selection, back, forward }) => this.change({ selection, way: { back, forward }, note: '' }),
      open: (opening) => this.change({ opening }),
      note: ({ message }) => this.change({ note: message }),
      answer: (answer) => {
        this.open.get(answer.id)?.(answer);
        this.open.delete(answer.id);
      },
    };
    port.listen((message) => receive(handlers, message));
    port.post({ type: 'ready' });
  }

  /** Calls `listener` whenever session, selection, opening or note have changed. Returns how to end that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks the adapter. @throws what it says against it */
  ask<C extends RequestName>(command: C, args: SentWith<C>): Promise<AnswerOf<C>> {
    return this.answered((id) => ({ type: 'ask', id, command, args }));
  }

  /** The model that is shipped. @throws when its files cannot be read */
  model(): Promise<ShippedModel> {
    return this.answered((id) => ({ type: 'model', id }));
  }

  private answered<T>(message: (id: number) => ViewMessage<FromPage>): Promise<T> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.open.set(id, (answer) => {
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.body as T);
      });
      this.port.post(message(id));
    });
  }

  /** Chooses what all views look at; what is not named stays as it is. */
  select(selection: Selection): void {
    this.port.post({ type: 'select', selection: { ...this.selection, ...selection } });
  }

  /** Moves the session to a token's line; to its place if it belongs to the prompt. */
  travel(token: number, place?: SourceLine): void {
    this.port.post({ type: 'travel', token, ...(place ? { place } : {}) });
  }

  showPlace(place: SourceLine): void {
    this.port.post({ type: 'place', ...place });
  }

  showTrace(traceLine: number): void {
    this.port.post({ type: 'trace', traceLine });
  }

  why(question: WhyQuestion): void {
    this.port.post({ type: 'why', question });
  }

  /** Leads the session along with something that is dragged: a journey that has begun goes on. */
  travelAlong(token: number): void {
    this.port.post({ type: 'travel', token, along: true });
  }

  /** Shows another view of the panel. */
  show(tab: Tab): void {
    this.port.post({ type: 'show', tab });
  }

  run(command: PageCommand): void {
    this.port.post({ type: 'command', command });
  }

  openDocument(name: DocumentName): void {
    this.port.post({ type: 'document', name });
  }

  openInEditor(tab: Tab): void {
    this.port.post({ type: 'editor', tab });
  }

  /** Back to where one was before, or forward again. */
  go(by: -1 | 1): void {
    this.port.post({ type: 'go', by });
  }

  /** Lets the user keep a view as a picture. */
  savePicture(picture: FromPage['picture']): void {
    this.port.post({ type: 'picture', ...picture });
  }

  /** What was kept under a name, or what to begin with. */
  kept<T>(name: string, otherwise: T): T {
    return (this.port.kept[name] as T | undefined) ?? otherwise;
  }

  /** Keeps something for when the page is taken down and shown again. */
  keep(name: string, value: unknown): void {
    this.port.keep({ ...this.port.kept, [name]: value });
  }

  private change(to: Partial<Pick<Link, 'session' | 'selection' | 'way' | 'opening' | 'note'>>): void {
    Object.assign(this, to);
    for (const listener of this.listeners) listener();
  }
}
