/**
 * The branches of a recording that is kept: each has the tokens that it does not share with the one it comes from, what was
 * changed on it, and where one stood.
 */
import { VOCABULARY } from '../isa/vocabulary.ts';
import type { Given } from '../run/run.ts';

/** A line that changed something: a host stated it. */
export interface EditMark {
  readonly traceLine: number;
  /** Its first token. */
  readonly token: number;
  /** What it changed, in words. */
  readonly text: string;
  /** The line of the source that was about to be executed. */
  readonly place?: { readonly path: string; readonly line: number };
}

/** A sequence of tokens. */
export interface SavedBranch {
  readonly id: number;
  readonly name: string;
  /** The branch that it begins on, if it is not one of its own. */
  readonly parent?: number;
  /** The trace line of the parent that it begins at. */
  readonly from?: number;
  /** Tokens behind the prompt that are the parent's. */
  readonly shared: number;
  /** What follows them. */
  readonly tokens: Uint16Array;
  /** Which tokens, counted from the prompt's end, a host gave. */
  readonly given: readonly Given[];
  /** Those of the parent included. */
  readonly edits: readonly EditMark[];
  /** Trace lines: where one stood, and the furthest. */
  readonly position: number;
  readonly reached: number;
}

/** A moment to come back to. */
export interface Bookmark {
  readonly branch: number;
  readonly traceLine: number;
  readonly note: string;
}

/** All tokens of a branch behind the prompt. */
export function wholeTokens(branches: readonly SavedBranch[], id: number): Uint16Array {
  const branch = branches.find((each) => each.id === id);
  if (!branch) throw new Error(`there is no branch ${id}`);
  const { parent, shared, tokens } = branch;
  if (parent === undefined) return tokens;
  const all = new Uint16Array(shared + tokens.length);
  all.set(wholeTokens(branches, parent).subarray(0, shared));
  all.set(tokens, shared);
  return all;
}

/** @throws Error saying what is wrong with branches that a file has */
export function checkBranches(branches: readonly SavedBranch[], current: number, bookmarks: readonly Bookmark[]): void {
  const lengths = new Map<number, number>();
  for (const { id, parent, from, shared, tokens, given, edits, position, reached } of branches) {
    const length = shared + tokens.length;
    const refuse = (what: string) => {
      throw new Error(`branch ${id} ${what}`);
    };
    if (!isCount(id) || lengths.has(id)) refuse('is there twice, or has no number');
    const most = parent === undefined ? 0 : lengths.get(parent);
    if (most === undefined) refuse(`comes from a branch ${parent} that is not there`);
    if (!isCount(shared) || shared > (most ?? 0)) refuse(`shares ${shared} tokens of ${most}`);
    if (parent !== undefined && !isCount(from)) refuse('begins nowhere');
    if (greatest(tokens) >= VOCABULARY.length) refuse('has tokens that the model does not know');
    let end = 0;
    for (const { from: start, to } of given) {
      if (!isCount(start) || !isCount(to) || start < end || to <= start || to > length) {
        refuse(`has given tokens ${start} to ${to} of ${length}`);
      }
      end = to;
    }
    if (!isCount(position) || !isCount(reached) || position > reached) refuse(`stands at trace line ${position}`);
    if (!edits.every(({ traceLine, token }) => isCount(traceLine) && isCount(token)))
      refuse('has edits that lie nowhere');
    lengths.set(id, length);
  }
  if (!lengths.has(current)) throw new Error(`branch ${current}, which is shown, is not there`);
  for (const { branch, traceLine } of bookmarks) {
    if (!lengths.has(branch) || !isCount(traceLine)) throw new Error('a bookmark lies nowhere');
  }
}

/** Of millions: without a call for each, not even an iterator's. */
function greatest(tokens: Uint16Array): number {
  const { length } = tokens;
  let most = 0;
  for (let i = 0; i < length; i++) if (tokens[i] > most) most = tokens[i];
  return most;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
