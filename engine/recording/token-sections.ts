/**
 * Tokens as sections of a recording's file: of each so many, the low bytes, then the high ones, which compress better apart.
 * A run may have thousands of millions of tokens; of those that are said already, only the compressed ones are kept.
 */
import { finish } from '../steps.ts';
import { Packed } from './container.ts';

/** Tokens of a section. */
const LENGTH = 2 ** 22;

/** The sections of tokens that come a part at a time. */
export class TokenSections {
  private readonly full: Packed[] = [];
  private readonly next = new Uint16Array(LENGTH);
  private count = 0;

  add(tokens: Uint16Array): void {
    for (let at = 0; at < tokens.length; ) {
      const piece = tokens.subarray(at, at + LENGTH - this.count);
      this.next.set(piece, this.count);
      this.count += piece.length;
      at += piece.length;
      if (this.count < LENGTH) return;
      this.full.push(finish(Packed.of(planes(this.next))));
      this.count = 0;
    }
  }

  /** All sections: of what was added, and nothing may be added from now on. */
  get sections(): (Packed | Uint8Array)[] {
    return this.count === 0 ? this.full : [...this.full, planes(this.next.subarray(0, this.count))];
  }
}

/** How many sections so many tokens are. */
export function sectionsOf(tokens: number): number {
  return Math.ceil(tokens / LENGTH);
}

/** The sections of tokens that are there, each made when it is wanted. */
export function* sectionsFrom(tokens: Uint16Array): Generator<Uint8Array, void> {
  for (let at = 0; at < tokens.length; at += LENGTH) yield planes(tokens.subarray(at, at + LENGTH));
}

/** The tokens of sections. */
export function tokensOf(sections: readonly Uint8Array[]): Uint16Array {
  const tokens = new Uint16Array(sections.reduce((sum, { length }) => sum + (length >> 1), 0));
  let at = 0;
  for (const bytes of sections) {
    const length = bytes.length >> 1;
    for (let i = 0; i < length; i++) tokens[at + i] = bytes[i] | (bytes[length + i] << 8);
    at += length;
  }
  return tokens;
}

function planes(tokens: Uint16Array): Uint8Array {
  const { length } = tokens;
  const bytes = new Uint8Array(2 * length);
  for (let i = 0; i < length; i++) {
    const token = tokens[i];
    bytes[i] = token;
    bytes[length + i] = token >> 8;
  }
  return bytes;
}
