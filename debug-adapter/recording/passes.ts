/**
 * The model's passes over the tokens of a recording, as its source knows them: what heads did, what is in the residual stream.
 * A source that has yet to say the tokens again (of another branch, of a recording that was saved) is fed first.
 */
import type { Anatomy } from '../../engine/transformer/anatomy.ts';
import type { ContextSource, Place } from './context-source.ts';
import type { HeadKeys, NamedHead, TokenSource } from './token-source.ts';

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

/** What a head attended to. */
interface Attending {
  readonly target: number;
  readonly runnerUp: number;
}

/** The keys that a pass saw, by their numbers in its context. */
export interface PassKeys extends HeadKeys {
  /** How many there are: those of the tokens up to and including its own. */
  readonly count: number;
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
    const { context, source, position } = this.at(token);
    const seen = source.inspect(position);
    const tokenOf = (at: number, role = '') => this.contexts.standsFor(context, at, role);
    const inRun = <Head extends NamedHead>(head: Head): NamedHead => {
      const { target, runnerUp, name } = head;
      return { ...head, ...this.ofRun(context, head, name), positions: { target, runnerUp }, tokenOf };
    };
    const found = seen && context > 0 ? { heads: seen.heads.map(inRun) } : seen;
    if (this.inspections.size >= INSPECTIONS) this.inspections.delete([...this.inspections.keys()][0]);
    this.inspections.set(token, found);
    return found;
  }

  /** The context, counted from 1, in which the pass over a token was made, if what another one wrote was carried over to it. */
  carriedTo(pass: number, token: number): number | undefined {
    const context = this.contexts.contextOf(pass);
    return this.contexts.isCarried(token, context) ? context + 1 : undefined;
  }

  /** The number of its context, counted from 1, if that is a later one, and of how many tokens what it begins with. */
  laterContext(pass: number): { readonly number: number; readonly carried: number } | undefined {
    const { context } = this.contexts.placeOf(pass);
    return context > 0 ? { number: context + 1, carried: this.contexts.carriedBy(context) } : undefined;
  }

  /** The keys that the pass over a token saw; undefined where nobody knows. Reading them throws Unfed where that has not been said. */
  keys(pass: number, layer: number, head: number): PassKeys | undefined {
    const { source, position } = this.contexts.placeOf(pass);
    const keys = source.keys?.(layer, head);
    if (!keys) return undefined;
    const read = (from: number, to: number) => {
      this.need(pass + 1);
      return keys.read(from, to);
    };
    return { ...keys, read, count: position + 1 };
  }

  /** The token of the run that a number of a pass's context is, or stands for. */
  tokenOf(pass: number, position: number, role: string): number {
    return this.contexts.standsFor(this.contexts.contextOf(pass), position, role);
  }

  /** The numbers under which the context of a pass reads a token, or what repeats its byte; none if it does not know of it. */
  positionsOf(token: number, pass: number): number[] {
    return this.contexts.positionsOf(token, this.contexts.contextOf(pass));
  }

  /** All that the model had read in its context when it had made the pass over a token. @throws Unfed */
  read(pass: number): Uint16Array {
    const { source, position } = this.at(pass);
    return source.read(0, position + 1);
  }

  /** The pass over a token, taken apart; undefined where nobody knows. @throws Unfed */
  anatomy(token: number, rival?: number): Anatomy | undefined {
    const { source, position } = this.at(token);
    const found = source.anatomy?.(position, rival);
    return found && this.anatomyOfRun(token, found);
  }

  /** What was found of a pass in its context, in tokens of the run. */
  anatomyOfRun(token: number, found: Anatomy): Anatomy {
    const context = this.contexts.contextOf(token);
    if (context === 0) return found;
    const layers = found.layers.map((layer) => ({
      ...layer,
      heads: layer.heads.map((head) => ({ ...head, ...this.ofRun(context, head, head.role) })),
    }));
    return { ...found, token, layers };
  }

  /** What a head made of the residual stream in the pass over a token, or over one of its context. @throws Unfed */
  forms(pass: number, layer: number, head: number, at?: number): ReturnType<TokenSource['forms']> {
    const { source, position } = this.at(pass);
    return source.forms(at ?? position, layer, head);
  }

  /** A head's targets as tokens of the run. */
  private ofRun(context: number, { target, runnerUp }: Attending, role: string): Attending {
    const of = (position: number) => (position < 0 ? position : this.contexts.standsFor(context, position, role));
    return { target: of(target), runnerUp: of(runnerUp) };
  }

  /** Where a token was read. @throws Unfed */
  private at(token: number): Place {
    this.need(token + 1);
    return this.contexts.placeOf(token);
  }

  /** @throws Unfed */
  private need(tokens: number): void {
    if (!this.contexts.hasSaid(tokens)) throw new Unfed(tokens);
  }
}
