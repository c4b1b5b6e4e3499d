/**
 * The branches of a recording: each a sequence of tokens of its own. One that was read from a file has no session before
 * somebody looks at it.
 */
import { type EditMark, type SavedBranch, wholeTokens } from '../../engine/recording/saved-branches.ts';
import type { SavedRecording } from '../../engine/recording/saved-recording.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Resumed, Session } from './session.ts';

export interface Branch {
  readonly id: number;
  name: string;
  /** Where it begins on another; undefined for one that does not. */
  fork: Fork | undefined;
  /** What was changed, on the branches before too. */
  edits: readonly EditMark[];
  session?: Session;
}

/** Where a branch begins. */
export interface Fork {
  readonly parent: number;
  /** The trace line. */
  readonly from: number;
  /** Tokens behind the prompt that stand before it. */
  readonly shared: number;
}

/** A branch for a file. */
export interface Kept {
  readonly branch: SavedBranch;
  readonly bookmarks: Resumed['bookmarks'];
}

/** See the file's comment. A branch has a greater number than the one that it comes from. */
export class BranchTree {
  private readonly all = new Map<number, Branch>();
  private nextId = 0;
  /** What the branches without a session are made of. */
  private readonly file: Pick<SavedRecording, 'branches' | 'bookmarks'>;

  constructor(file: Pick<SavedRecording, 'branches' | 'bookmarks'> = { branches: [], bookmarks: [] }) {
    this.file = file;
    for (const { id, name, parent, from = 0, shared, edits } of file.branches) {
      this.all.set(id, { id, name, fork: parent === undefined ? undefined : { parent, from, shared }, edits });
      this.nextId = Math.max(this.nextId, id + 1);
    }
  }

  get list(): readonly Branch[] {
    return [...this.all.values()];
  }

  /** @throws BadRequest where there is none */
  get(id: number): Branch {
    const found = this.all.get(id);
    if (!found) throw new BadRequest(`there is no branch ${id}`);
    return found;
  }

  add(branch: Omit<Branch, 'id'>): Branch {
    const added = { ...branch, id: this.nextId++ };
    this.all.set(added.id, added);
    return added;
  }

  /** Those that come from it begin on the one before then, where it began or earlier. */
  drop({ id, fork: above, session }: Branch): void {
    this.all.delete(id);
    session?.recording.release();
    for (const branch of this.all.values()) {
      const { fork } = branch;
      if (fork?.parent !== id) continue;
      const nearer = above && above.from < fork.from ? above : fork;
      branch.fork = above && { ...nearer, parent: above.parent };
    }
  }

  /** Where one stood in a branch of the file. */
  resumed(id: number): Resumed {
    const { position, reached } = this.saved(id);
    return { position, reached, bookmarks: this.file.bookmarks.filter(({ branch }) => branch === id) };
  }

  /** All branches, for a file. */
  get kept(): Kept[] {
    return this.list.map((branch) => this.keptBranch(branch));
  }

  private saved(id: number): SavedBranch {
    const found = this.file.branches.find((branch) => branch.id === id);
    if (!found) throw new Error(`branch ${id} has no tokens`);
    return found;
  }

  private keptBranch({ id, name, fork, edits, session }: Branch): Kept {
    const { shared = 0, ...from } = fork ?? {};
    const about = { id, name, ...from, shared, edits };
    if (session) {
      const { recording, position, bookmarks } = session;
      const { tokens, given } = recording.everything;
      const { reached } = recording;
      const branch = { ...about, tokens: tokens.subarray(shared), given, position, reached };
      return { branch, bookmarks: bookmarks.list };
    }
    const tokens = wholeTokens(this.file.branches, id).subarray(shared);
    return { branch: { ...this.saved(id), ...about, tokens }, bookmarks: this.resumed(id).bookmarks };
  }
}
