/**
 * The model's passes over the tokens of a recording, as its source knows them: what heads did, what is in the residual stream.
 * A source that has yet to say the tokens again (of another branch, of a recording that was saved) is fed first.
 */
import type { Anatomy } from '../../engine/transformer/anatomy.ts';
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
  private readonly source: TokenSource;
  private readonly hasFed: (tokens: number) => boolean;
  private readonly inspections = new Map<number, ReturnType<TokenSource['inspect']>>();

  /** `hasFed`: whether the source has said so many tokens. */
  constructor(source: TokenSource, hasFed: (tokens: number) => boolean) {
    this.source = source;
    this.hasFed = hasFed;
  }

  /** What the heads did in the pass over a token. @throws Unfed */
  inspect(token: number): ReturnType<TokenSource['inspect']> {
    const known = this.inspections.get(token);
    if (known) return known;
    this.need(token + 1);
    const found = this.source.inspect(token);
    if (this.inspections.size >= INSPECTIONS) this.inspections.delete([...this.inspections.keys()][0]);
    this.inspections.set(token, found);
    return found;
  }

  /** The keys of a head; undefined where nobody knows. Reading them throws Unfed where the source has not come to. */
  keys(layer: number, head: number): HeadKeys | undefined {
    const keys = this.source.keys?.(layer, head);
    if (!keys) return undefined;
    const read = (from: number, to: number) => {
      this.need(to);
      return keys.read(from, to);
    };
    return { ...keys, read };
  }

  /** The pass over a token, taken apart; undefined where nobody knows. @throws Unfed */
  anatomy(token: number, rival?: number): Anatomy | undefined {
    this.need(token + 1);
    return this.source.anatomy?.(token, rival);
  }

  /** What a head made of the residual stream in the pass over a token. @throws Unfed */
  forms(token: number, layer: number, head: number): ReturnType<TokenSource['forms']> {
    this.need(token + 1);
    return this.source.forms(token, layer, head);
  }

  private need(tokens: number): void {
    if (!this.hasFed(tokens)) throw new Unfed(tokens);
  }
}
