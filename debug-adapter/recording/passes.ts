/**
 * The model's passes over the tokens of a recording, as its source knows them: what heads did, what is in the residual stream.
 * A source that has yet to say the tokens again (of another branch, of a recording that was saved) is fed first.
 */
import { PlacedError } from '../../engine/errors.ts';
import type { Anatomy } from '../../engine/transformer/anatomy.ts';
import type { ContextSource } from './context-source.ts';
import type { HeadKeys, TokenSource } from './token-source.ts';

/** The source has not said a token yet of which somebody wants to know the heads: feeding lets it. */
export class Unfed extends Error {
  /** How far the source has to come. */
  readonly to: number;

  constructor(to: number) {
    super(`token ${to - 1} has not been said again yet`);
    this.to = to;
  }
}

/** Tokens whose heads are remembered: looking at them again costs nothing. */
const INSPECTIONS = 16;

export class Passes {
  private readonly contexts: ContextSource;
  private readonly inspections = new Map<number, ReturnType<TokenSource['inspect']>>();

  constructor(contexts: ContextSource) {
    this.contexts = contexts;
  }

  /** Whether the pass over a token can be looked at: it was made in the first context. */
  canInspect(token: number): boolean {
    return this.contexts.contextOf(token) === 0;
  }

  /** What the heads did in the pass over a token. @throws Unfed */
  inspect(token: number): ReturnType<TokenSource['inspect']> {
    const known = this.inspections.get(token);
    if (known) return known;
    this.need(token + 1);
    const found = this.contexts.source.inspect(token);
    if (this.inspections.size >= INSPECTIONS) this.inspections.delete([...this.inspections.keys()][0]);
    this.inspections.set(token, found);
    return found;
  }

  /** The keys of a head; undefined where nobody knows. Reading them throws Unfed where the source has not come to. */
  keys(layer: number, head: number): HeadKeys | undefined {
    const { contexts } = this;
    const keys = contexts.source.keys?.(layer, head);
    if (!keys) return undefined;
    // The context has another source when it was made again.
    let { source } = contexts;
    let { read: readKeys } = keys;
    const read = (from: number, to: number) => {
      this.need(to);
      if (contexts.source !== source) {
        source = contexts.source;
        readKeys = source.keys?.(layer, head)?.read ?? readKeys;
      }
      return readKeys(from, to);
    };
    return { ...keys, read };
  }

  /** The pass over a token, taken apart; undefined where nobody knows. @throws Unfed */
  anatomy(token: number, rival?: number): Anatomy | undefined {
    this.need(token + 1);
    return this.contexts.source.anatomy?.(token, rival);
  }

  /** What a head made of the residual stream in the pass over a token. @throws Unfed */
  forms(token: number, layer: number, head: number): ReturnType<TokenSource['forms']> {
    this.need(token + 1);
    return this.contexts.source.forms(token, layer, head);
  }

  /** @throws Unfed, PlacedError */
  private need(tokens: number): void {
    if (!this.canInspect(tokens - 1)) {
      const context = this.contexts.contextOf(tokens - 1) + 1;
      throw new PlacedError(
        `Heads can be looked at in the first context of a run, and this token was read in context ${context}. ` +
          'Look at a token of the first context; values and their origins are known everywhere',
        { token: tokens - 1 },
      );
    }
    if (!this.contexts.hasSaid(tokens)) throw new Unfed(tokens);
  }
}
