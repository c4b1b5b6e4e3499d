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

/** Tokens whose heads are remembered: looking at them again costs nothing, though it be in turns with those of other contexts. */
const INSPECTIONS = 512;

/** What a head attended to, in tokens of the run. */
interface Attending {
  readonly target: number;
  readonly runnerUp: number;
}

export class Passes {
  private readonly contexts: ContextSource;
  private readonly inspections = new Map<number, ReturnType<TokenSource['inspect']>>();

  constructor(contexts: ContextSource) {
    this.contexts = contexts;
  }

  /** What the heads did in the pass over a token. @throws Unfed */
  inspect(token: number): ReturnType<TokenSource['inspect']> {
    const known = this.inspections.get(token);
    if (known) return known;
    this.need(token + 1);
    const { contexts } = this;
    const context = contexts.contextOf(token);
    const seen = contexts.source.inspect(contexts.positionOf(token));
    const tokenOf = (position: number, role = '') => contexts.standsFor(context, position, role);
    const found =
      seen && context > 0
        ? { heads: seen.heads.map((head) => ({ ...head, ...this.ofRun(context, head, head.name), tokenOf })) }
        : seen;
    if (this.inspections.size >= INSPECTIONS) this.inspections.delete([...this.inspections.keys()][0]);
    this.inspections.set(token, found);
    return found;
  }

  /** The context, counted from 1, in which the pass over a token was made, if what another one wrote was carried over to it. */
  carriedTo(pass: number, token: number): number | undefined {
    const context = this.contexts.contextOf(pass);
    return this.contexts.isCarried(token, context) ? context + 1 : undefined;
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
      this.needFirst(to - 1);
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
    const { contexts } = this;
    const context = contexts.contextOf(token);
    const found = contexts.source.anatomy?.(contexts.positionOf(token), rival);
    if (!found || context === 0) return found;
    const layers = found.layers.map((layer) => ({
      ...layer,
      heads: layer.heads.map((head) => ({ ...head, ...this.ofRun(context, head, head.role) })),
    }));
    return { ...found, token, layers };
  }

  /** What a head made of the residual stream in the pass over a token. @throws Unfed, PlacedError */
  forms(token: number, layer: number, head: number): ReturnType<TokenSource['forms']> {
    this.needFirst(token);
    this.need(token + 1);
    return this.contexts.source.forms(token, layer, head);
  }

  /** What compares a token's pass with others of its context is known of the first one. @throws PlacedError */
  needFirst(token: number): void {
    const context = this.contexts.contextOf(token) + 1;
    if (context === 1) return;
    throw new PlacedError(
      `Keys, queries and what would have been can be looked at in the first context of a run, and this token was read in context ${context}. ` +
        'Look at a token of the first context; what heads attended to, and the Token view, are there for every token',
      { token },
    );
  }

  /** The contexts of tokens must be one, for the model has one at a time. @throws PlacedError */
  needOne(from: number, to: number): void {
    const [first, last] = [from, to].map((token) => this.contexts.contextOf(token) + 1);
    if (first === last) return;
    throw new PlacedError(
      `these lines were read in contexts ${first} to ${last}, and the model has one context at a time. Choose lines of one context`,
      { token: to },
    );
  }

  /** A head's targets as tokens of the run. */
  private ofRun(context: number, { target, runnerUp }: Attending, role: string): Attending {
    const of = (position: number) => (position < 0 ? position : this.contexts.standsFor(context, position, role));
    return { target: of(target), runnerUp: of(runnerUp) };
  }

  /** @throws Unfed */
  private need(tokens: number): void {
    if (!this.contexts.hasSaid(tokens)) throw new Unfed(tokens);
  }
}
