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
  private readonly parents = new Map<number, { children: Children; frame: Frame | undefined }>();
  private readonly locations = new Map<number, Location>();

  frame(frame: Frame): number {
    this.frames.set(this.next, frame);
    return this.next++;
  }

  /** `frame`: where the children's expressions mean what is shown, if they are values of one. */
  children(children: Children, frame?: Frame): number {
    this.parents.set(this.next, { children, frame });
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
    return this.parentOf(reference).children;
  }

  /** The child of a name with the frame that its expression is for. @throws BadRequest */
  childOf(reference: number, name: string): { child: DebugProtocol.Variable; frame: Frame } {
    const { children, frame } = this.parentOf(reference);
    const page = { filter: undefined, start: 0, count: 0, hex: false };
    // Of elements there may be too many to make them all.
    const index = /^\[(\d{1,10})\]$/.exec(name)?.[1];
    const near = index === undefined ? [] : children({ ...page, filter: 'indexed', start: Number(index), count: 1 });
    const isNamed = (variable: DebugProtocol.Variable) => variable.name === name;
    const child = near.find(isNamed) ?? children(page).find(isNamed);
    if (!child || !frame) throw new BadRequest(`variablesReference ${reference} has no variable "${name}"`);
    return { child, frame };
  }

  private parentOf(reference: number): { children: Children; frame: Frame | undefined } {
    const parent = this.parents.get(reference);
    if (!parent) throw new BadRequest(`variablesReference ${reference} is not of this stop`);
    return parent;
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
