/**
 * The serving end of a page with views: sends it the session and the selection, answers its requests, does what is clicked. It
 * knows neither VS Code nor the page, so that a plain web page can be served the same way.
 */
import type { RequestName, SourceLine } from '../../debug-adapter/protocol/protocol.ts';
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
} from '../views/link/messages.ts';
import type { Journey } from './trail.ts';

/** What pages can have done. */
export interface PageActions {
  ask(command: RequestName, args: unknown): Promise<unknown>;
  model(): Promise<ShippedModel>;
  select(selection: Selection): void;
  /** False: the token belongs to the prompt, there is no moment to travel to. */
  travel(token: number, journey: Journey): Promise<boolean>;
  showPlace(place: SourceLine): void;
  showTrace(traceLine: number): void;
  why(question: WhyQuestion): void;
  show(tab: Tab): void;
  run(command: PageCommand): void;
  showDocument(name: DocumentName): void;
  openInEditor(tab: Tab): void;
  go(by: -1 | 1): void;
  savePicture(picture: FromPage['picture']): void;
}

export class PageLink {
  private readonly post: (message: ViewMessage<ToPage>) => void;
  private readonly actions: PageActions;
  private isReady = false;
  /** The latest of each kind, for a page that is not there yet. */
  private readonly latest = new Map<keyof ToPage, ViewMessage<ToPage>>();

  constructor(post: (message: ViewMessage<ToPage>) => void, actions: PageActions) {
    this.post = post;
    this.actions = actions;
  }

  /** What the page says. */
  receive(message: ViewMessage<FromPage>): void {
    receive(this.handlers, message);
  }

  session(session: ToPage['session']): void {
    this.send({ type: 'session', ...session });
  }

  selection(selection: ToPage['selection']): void {
    this.send({ type: 'selection', ...selection });
  }

  open(opening: Opening): void {
    this.send({ type: 'open', ...opening });
  }

  private readonly handlers: MessageHandlers<FromPage> = {
    ready: () => {
      this.isReady = true;
      for (const message of this.latest.values()) this.post(message);
      this.latest.delete('open');
    },
    ask: ({ id, command, args }) => this.answer(id, this.actions.ask(command, args)),
    model: ({ id }) => this.answer(id, this.actions.model()),
    select: ({ selection }) => this.actions.select(selection),
    travel: (to) => void this.travel(to),
    place: (place) => this.actions.showPlace(place),
    trace: ({ traceLine }) => this.actions.showTrace(traceLine),
    why: ({ question }) => this.actions.why(question),
    show: ({ tab }) => this.actions.show(tab),
    command: ({ command }) => this.actions.run(command),
    document: ({ name }) => this.actions.showDocument(name),
    editor: ({ tab }) => this.actions.openInEditor(tab),
    go: ({ by }) => this.actions.go(by),
    picture: (picture) => this.actions.savePicture(picture),
  };

  private answer(id: number, answering: Promise<unknown>): void {
    answering.then(
      (body) => this.post({ type: 'answer', id, body }),
      (error: Error) => this.post({ type: 'answer', id, error: error.message }),
    );
  }

  private async travel({ token, place, along = false }: FromPage['travel']): Promise<void> {
    try {
      if (await this.actions.travel(token, along ? 'along' : 'journey')) return;
      // A token of the program was never executed: it stands for an instruction, and that for a line of C.
      if (place) this.actions.showPlace(place);
      else {
        const message = `Token ${token} is a part of the prompt: it was there before the first step, there is no moment to travel to.`;
        this.post({ type: 'note', message });
      }
    } catch (error) {
      this.post({ type: 'note', message: (error as Error).message });
    }
  }

  /** Now, or when the page is there; a page that is taken down and comes again is told the latest again. */
  private send(message: ViewMessage<ToPage>): void {
    if (message.type !== 'open' || !this.isReady) this.latest.set(message.type, message);
    if (this.isReady) this.post(message);
  }
}
