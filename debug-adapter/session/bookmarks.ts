/** Moments that a user has marked, with a note: they are kept in the recording's file. */
import type { Bookmark } from '../../engine/recording/saved-branches.ts';
import type { AnswerOf, Handlers } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Recording } from '../recording/recording.ts';

/** A bookmark of one branch. */
export type Note = Omit<Bookmark, 'branch'>;
type Numbered = Note & { readonly id: number };

export class Bookmarks {
  private readonly recording: Recording;
  private readonly all = new Map<number, Numbered>();
  private nextId = 1;

  /** `notes`: those that the recording was saved with. */
  constructor(recording: Recording, notes: readonly Note[] = []) {
    this.recording = recording;
    for (const note of notes) this.keep(note);
  }

  /** By their moments. */
  get list(): Numbered[] {
    return [...this.all.values()].sort((a, b) => a.traceLine - b.traceLine);
  }

  /** @throws BadRequest for a moment that has not been */
  add(traceLine: number, note: string): AnswerOf<'stepformer/addBookmark'> {
    if (traceLine > this.recording.reached) throw new BadRequest(`trace line ${traceLine} has not been reached yet`);
    return this.told(this.keep({ traceLine, note }));
  }

  /** @throws BadRequest where there is none */
  remove(id: number): AnswerOf<'stepformer/removeBookmark'> {
    if (!this.all.delete(id)) throw new BadRequest(`there is no bookmark ${id}`);
    return {};
  }

  answer(): AnswerOf<'stepformer/bookmarks'> {
    return { bookmarks: this.list.map((bookmark) => this.told(bookmark)) };
  }

  private keep(note: Note): Numbered {
    const bookmark = { ...note, id: this.nextId++ };
    this.all.set(bookmark.id, bookmark);
    return bookmark;
  }

  private told({ id, traceLine, note }: Numbered): AnswerOf<'stepformer/addBookmark'> {
    return { id, traceLine, note, token: this.recording.firstToken(traceLine) };
  }
}

/** What answers about bookmarks need of the session. */
export interface Marking {
  readonly bookmarks: Bookmarks;
  /** Where the session is, or has come to. */
  here(): number;
}

type MarkingRequest = 'stepformer/bookmarks' | 'stepformer/addBookmark' | 'stepformer/removeBookmark';

export function bookmarkHandlers(session: Marking): Pick<Handlers, MarkingRequest> {
  return {
    'stepformer/bookmarks': () => session.bookmarks.answer(),
    'stepformer/addBookmark': ({ traceLine = session.here(), note }) => session.bookmarks.add(traceLine, note),
    'stepformer/removeBookmark': ({ id }) => session.bookmarks.remove(id),
  };
}
