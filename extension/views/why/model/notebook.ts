/**
 * The questions that were asked, with their answers: an answer belongs to the moment at which it was asked and stays as it is
 * when the session goes elsewhere. Questions are kept when the page is taken down; their answers are asked for again.
 */
import type { Link } from '../../link/link.ts';
import type { RequestName, SentWith, WhyQuestion } from '../../link/messages.ts';
import type { AnswerTo, Kind } from './questions.ts';

/** A question of one kind in the notebook. */
interface EntryOf<K extends Kind> {
  readonly kind: K;
  readonly question: Extract<WhyQuestion, { kind: K }>;
  /** Where the session was. */
  readonly token: number;
  readonly traceLine: number;
  /** How many rows are wanted. */
  readonly limit: number;
  readonly pending: boolean;
  readonly answer?: AnswerTo<K>;
  readonly error?: string;
  /** Of an origin: every value that what was asked about has had, if that can be told. */
  readonly history?: AnswerTo<'history'>;
}

export type Entry = { [K in Kind]: EntryOf<K> }[Kind];

type Kept = Pick<Entry, 'question' | 'token' | 'traceLine'>;

/** Rows that are asked for at first, by kind of question; what control answers is one. */
const FIRST: Record<Kind, number> = {
  origin: 20,
  readers: 200,
  history: 100_000,
  print: 1000,
  calls: 1000,
  search: 200,
  callTree: 100,
  control: 1,
};

/** Questions that are kept. */
const MOST = 50;

const KEPT = 'why.notebook';

export class Notebook {
  private readonly link: Link;
  private readonly entries: Entry[];
  private readonly listeners = new Set<() => void>();
  private at: number;
  /** The last opening of the page that was answered. */
  private opened: unknown;

  constructor(link: Link) {
    this.link = link;
    this.entries = link.kept<readonly Kept[]>(KEPT, []).map(({ question, ...at }) => entryOf(question, at));
    this.at = this.entries.length - 1;
  }

  /** The question that is shown; undefined: none, one may be asked. */
  get current(): Entry | undefined {
    return this.entries[this.at];
  }

  get canGoBack(): boolean {
    return this.at > 0;
  }

  get canGoForward(): boolean {
    return this.at < this.entries.length - 1;
  }

  /** All questions, the oldest first; which of them is shown. */
  get all(): { readonly entries: readonly Entry[]; readonly at: number } {
    return { entries: this.entries, at: this.at };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks, at the moment where the session is, and shows it. */
  ask(question: WhyQuestion): void {
    const { token = 0, traceLine = 0 } = this.link.session.status ?? {};
    // Asked again elsewhere, it would be another line.
    const isHere = 'traceLine' in question || question.kind === 'control' || question.kind === 'callTree';
    const asked = (isHere ? { traceLine, ...question } : question) as WhyQuestion;
    this.entries.splice(this.at + 1);
    this.entries.push(entryOf(asked, { token, traceLine }));
    if (this.entries.length > MOST) this.entries.shift();
    this.at = this.entries.length - 1;
    this.keep();
    void this.answer(this.at);
  }

  /** What the page was opened with is asked once. */
  open(opening: object, question: WhyQuestion): void {
    if (this.opened === opening) return;
    this.opened = opening;
    this.ask(question);
  }

  /** Shows another question, by its number. */
  show(index: number): void {
    if (!this.entries[index]) return;
    this.at = index;
    this.changed();
  }

  /** Goes to the question before (-1) or after (1). */
  turn(step: number): void {
    this.show(this.at + step);
  }

  /** Asks the shown question again, where the session is now. */
  again(): void {
    const entry = this.current;
    if (!entry) return;
    const { token = entry.token, traceLine = entry.traceLine } = this.link.session.status ?? {};
    // Frames are those of a stop: elsewhere the innermost is meant.
    const question = 'frameId' in entry.question ? { ...entry.question, frameId: undefined } : entry.question;
    this.entries[this.at] = { ...entry, question, token, traceLine } as Entry;
    this.keep();
    void this.answer(this.at);
  }

  /** Asks for more rows of the shown answer. */
  more(limit: number): void {
    const entry = this.current;
    if (!entry) return;
    this.entries[this.at] = { ...entry, limit };
    void this.answer(this.at);
  }

  private async answer(index: number): Promise<void> {
    const entry = this.entries[index];
    const waiting: Entry = { ...entry, pending: true };
    this.replace(entry, waiting);
    try {
      const { kind, ...args } = waiting.question;
      const limit = kind === 'control' ? {} : { limit: waiting.limit };
      const sent = { ...args, ...limit } as SentWith<RequestName>;
      const history = this.historyFor(waiting.question);
      const answer = await this.link.ask(`stepformer/${kind}` as RequestName, sent);
      this.replace(waiting, { ...waiting, pending: false, answer, error: undefined, history: await history } as Entry);
    } catch (error) {
      this.replace(waiting, { ...waiting, pending: false, error: (error as Error).message });
    }
  }

  /** What an expression means is known only where the question is asked: its history is asked with it. */
  private async historyFor(question: WhyQuestion): Promise<AnswerTo<'history'> | undefined> {
    if (question.kind !== 'origin' || question.expression === undefined) return undefined;
    const { expression, frameId } = question;
    try {
      return await this.link.ask('stepformer/history', { expression, frameId, limit: FIRST.history });
    } catch {
      // What is no place has no history; its origin may be told all the same.
      return undefined;
    }
  }

  /** Puts an entry in the place of one that may have moved, or be gone. */
  private replace(old: Entry, next: Entry): void {
    const index = this.entries.indexOf(old);
    if (index >= 0) this.entries[index] = next;
    this.changed();
  }

  private keep(): void {
    const kept = this.entries.map(({ question, token, traceLine }): Kept => ({ question, token, traceLine }));
    this.link.keep(KEPT, kept);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function entryOf(question: WhyQuestion, at: Pick<Kept, 'token' | 'traceLine'>): Entry {
  const { kind } = question;
  return { kind, question, ...at, limit: FIRST[kind], pending: false } as Entry;
}
