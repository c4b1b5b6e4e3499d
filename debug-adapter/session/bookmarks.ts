/** Moments that a user has marked, with a note: they are kept in the recording's file. */
import type { AnswerOf } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';

type Bookmarked = { id: number; traceLine: number; note: string };

export class Bookmarks {
  private readonly all = new Map<number, Bookmarked>();
  private nextId = 1;
  private readonly firstToken: (traceLine: number) => number;

  /** `firstToken`: of a trace line. */
  constructor(firstToken: (traceLine: number) => number) {
    this.firstToken = firstToken;
  }

  /** By their moments. */
  get list(): Bookmarked[] {
    return [...this.all.values()].sort((a, b) => a.traceLine - b.traceLine);
  }

  add(traceLine: number, note: string): AnswerOf<'stepformer/addBookmark'> {
    const bookmark = { id: this.nextId++, traceLine, note };
    this.all.set(bookmark.id, bookmark);
    return this.told(bookmark);
  }

  /** @throws BadRequest where there is none */
  remove(id: number): void {
    if (!this.all.delete(id)) throw new BadRequest(`there is no bookmark ${id}`);
  }

  answer(): AnswerOf<'stepformer/bookmarks'> {
    return { bookmarks: this.list.map((bookmark) => this.told(bookmark)) };
  }

  private told(bookmark: Bookmarked): AnswerOf<'stepformer/addBookmark'> {
    return { ...bookmark, token: this.firstToken(bookmark.traceLine) };
  }
}
