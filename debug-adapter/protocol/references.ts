/**
 * What clients hold on to between requests: frames, things with children and places in sources, by number. Numbers are never used twice,
 * so that one from before the last stop is recognised as stale.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Frame } from '../recording/frames.ts';
import { BadRequest } from './schema.ts';

/** Which children are asked for. */
export interface Page {
  filter: 'named' | 'indexed' | undefined;
  start: number;
  /** 0 is all. */
  count: number;
  hex: boolean;
}

/** A line of a source, for who asks where something is declared. */
export interface Location {
  file: string;
  line: number;
}

/** Something with children. */
export type Children = (page: Page) => DebugProtocol.Variable[];

export class References {
  private next = 1;
  private readonly frames = new Map<number, Frame>();
  private readonly parents = new Map<number, Children>();
  private readonly locations = new Map<number, Location>();

  frame(frame: Frame): number {
    this.frames.set(this.next, frame);
    return this.next++;
  }

  children(children: Children): number {
    this.parents.set(this.next, children);
    return this.next++;
  }

  location(location: Location): number {
    this.locations.set(this.next, location);
    return this.next++;
  }

  /** @throws BadRequest for a number that is stale or was never given */
  frameOf(id: number): Frame {
    const frame = this.frames.get(id);
    if (!frame) throw new BadRequest(`frame ${id} is not a frame of this stop`);
    return frame;
  }

  /** @throws BadRequest for a number that is stale or was never given */
  childrenOf(reference: number): Children {
    const children = this.parents.get(reference);
    if (!children) throw new BadRequest(`variablesReference ${reference} is not of this stop`);
    return children;
  }

  /** @throws BadRequest for a number that is stale or was never given */
  locationOf(reference: number): Location {
    const location = this.locations.get(reference);
    if (!location) throw new BadRequest(`locationReference ${reference} is not of this stop`);
    return location;
  }

  /** Forgets everything: the position has moved. */
  clear(): void {
    this.frames.clear();
    this.parents.clear();
    this.locations.clear();
  }
}
