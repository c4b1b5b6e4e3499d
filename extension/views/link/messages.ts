/**
 * What a page with views and what serves it (VS Code's extension host, or a plain web page's script) say to each other:
 * every message by its name, with its fields. Both ends answer with an object of handlers, one for each message, and
 * do not compile without.
 */
import type { AnswerOf, RequestName, SentWith, SourceLine, Status } from '../../../debug-adapter/protocol/protocol.ts';
import type { ShippedModel } from '../../../engine/run/shipped-model.ts';

/** The views of the panel, in the order of their tabs; `model` is no tab there, it stands in an editor. */
export const TABS = ['attention', 'why', 'timeline', 'token', 'hull', 'output', 'memory', 'model'] as const;
export type Tab = (typeof TABS)[number];

/** What all views look at together. */
export interface Selection {
  /** A token; missing for the one in focus at the position. */
  token?: number;
  /** A head. */
  layer?: number;
  head?: number;
}

/** What the Why view is asked. */
export type WhyQuestion =
  | ({ kind: 'origin' } & About & Question<'stepformer/origin'>)
  | ({ kind: 'readers' } & About & Question<'stepformer/readers'>)
  | ({ kind: 'history' } & Question<'stepformer/history'>)
  | ({ kind: 'print' } & Question<'stepformer/print'>)
  | ({ kind: 'calls' } & Question<'stepformer/calls'>)
  | ({ kind: 'callTree' } & Question<'stepformer/callTree'>)
  | ({ kind: 'control' } & Question<'stepformer/control'>)
  | ({ kind: 'search' } & Question<'stepformer/search'>);

/** What a token is called, where a question names no expression. */
interface About {
  about?: string;
}

/** A question without how much of the answer is wanted. */
type Question<C extends RequestName> = Omit<SentWith<C>, 'limit'>;

/** What a view is opened with. */
export interface Opening {
  tab: Tab;
  why?: WhyQuestion;
  /** Address or expression whose memory is to be shown. */
  memory?: string;
}

/** To a page. */
export interface ToPage {
  /**
   * Where the session is, if there is one. `stops` counts what makes answers out of date: stops, edits, other sessions; `marks`
   * changes of breakpoints and bookmarks, which are marks on the recording.
   */
  session: { status?: Status; stops: number; marks: number };
  /** `back`, `forward`: whether there is somewhere to go. */
  selection: { selection: Selection; back: boolean; forward: boolean };
  answer: { id: number } & ({ body: unknown } | { error: string });
  open: Opening;
  /** A remark beside what is shown. */
  note: { message: string };
}

/** From a page. */
export interface FromPage {
  /** The page is there and shows what it is sent. */
  ready: object;
  /** A request of the adapter's protocol, answered by `answer` with the same id. */
  ask: { id: number; command: RequestName; args: unknown };
  /** What the shipped model is, answered by `answer` with the same id: there need not be a session. */
  model: { id: number };
  select: { selection: Selection };
  /** `place`: the C line to show if there is no moment to travel to. `along`: on the way, while something is dragged. */
  travel: { token: number; place?: SourceLine; along?: boolean };
  /** Shows a line of a source. */
  place: SourceLine;
  /** Shows the trace at a line. */
  trace: { traceLine: number };
  /** Asks the Why view of the panel. */
  why: { question: WhyQuestion };
  /** Shows another view of the panel. */
  show: { tab: Tab };
  command: { command: PageCommand };
  /** Shows a page of the documentation. */
  document: { name: DocumentName };
  /** Shows a view in an editor beside the code. */
  editor: { tab: Tab };
  /** Goes back (-1) to where one was before, or forward (1) again. */
  go: { by: -1 | 1 };
  /** A view as a picture, in both formats: the user chooses a file. `png` in base 64. */
  picture: { name: string; svg: string; png: string };
}

/** Pages of docs/ that views lead to; the package has them. */
export type DocumentName =
  | 'trace'
  | 'machine'
  | 'tutorial-i32-add'
  | 'tutorial-hull'
  | 'tutorial-debugger'
  | 'exactness';

/** The commands that buttons of pages run. */
export type PageCommand = 'stepformer.debugFile' | 'stepformer.openExamples';

/** One message of several. */
export type ViewMessage<M> = { [Name in keyof M]: { type: Name } & M[Name] }[keyof M];

/** What is done about each message. */
export type MessageHandlers<M> = { [Name in keyof M]: (message: M[Name]) => void };

/** Hands a message to its handler. */
export function receive<M>(handlers: MessageHandlers<M>, message: ViewMessage<M>): void {
  if (Object.hasOwn(handlers, message.type)) (handlers[message.type] as (message: ViewMessage<M>) => void)(message);
}

export type { AnswerOf, RequestName, SentWith, ShippedModel };
