/**
 * The bytes of a recording's file: a line that says what it is and in which version, how long the rest is and its
 * checksum, then compressed sections. What was cut or altered anywhere is found before anything of it is believed.
 *
 *     stepformer recording 3\n
 *     length of what follows the checksum (8 bytes)   SHA-256 of it (32 bytes)
 *     sections: each the length of its compressed bytes (4) and those bytes
 *
 * Numbers are little endian.
 */
import { createHash } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { PlacedError } from '../errors.ts';
import type { Steps } from '../steps.ts';

/** What this program writes. */
export const VERSION = 3;
/** What it reads besides: there, the tokens of each branch are one section. */
const OLD_VERSION = 2;

const TITLE = 'stepformer recording ';
const MOST_TITLE = 64;
const CHECKSUM_BYTES = 32;

/** Most bytes of a section: those of as many tokens as a model has positions, and more. */
const MOST_SECTION = 2 ** 30;

/** Bytes that are compressed in one go: some ten milliseconds. */
const PIECE = 1 << 20;

/** A section, compressed: its pieces. */
export class Packed {
  readonly pieces: readonly Buffer[];

  constructor(pieces: readonly Buffer[]) {
    this.pieces = pieces;
  }

  /** Compresses a section, a piece at a time. */
  static *of(section: Uint8Array): Steps<Packed> {
    return new Packed(yield* compressing(section));
  }
}

/** A file of these sections, made a piece at a time. */
export function* packing(sections: Iterable<Uint8Array | Packed>): Steps<Uint8Array> {
  const parts: Buffer[] = [];
  const hash = createHash('sha256');
  for (const section of sections) {
    const { pieces: packed } = section instanceof Packed ? section : yield* Packed.of(section);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(packed.reduce((sum, piece) => sum + piece.length, 0));
    for (const part of [length, ...packed]) hash.update(part);
    parts.push(length, ...packed);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(parts.reduce((sum, part) => sum + part.length, 0)));
  return Buffer.concat([Buffer.from(`${TITLE}${VERSION}\n`), length, hash.digest(), ...parts]);
}

/** One compressed stream, in pieces that each end at a byte. */
function* compressing(section: Uint8Array): Steps<Buffer[]> {
  const packed: Buffer[] = [];
  for (let at = 0; at === 0 || at < section.length; at += PIECE) {
    const isLast = at + PIECE >= section.length;
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    // The fastest level: tokens repeat so much that the others save little.
    packed.push(deflateRawSync(section.subarray(at, at + PIECE), { level: 1, finishFlush }));
    yield;
  }
  return packed;
}

/** The sections of a file, one after the other. @throws PlacedError saying what is wrong with it */
export function* unpackSections(bytes: Uint8Array, file: string): Generator<Uint8Array, void> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const refuse = (message: string): never => {
    throw new PlacedError(message, { file });
  };
  const title = /^stepformer recording (\d{1,9})\n/.exec(all.toString('latin1', 0, MOST_TITLE));
  if (!title) return refuse('This is not a recording of Stepformer.');
  if (![OLD_VERSION, VERSION].includes(Number(title[1]))) {
    return refuse(
      `The recording has version ${title[1]} of the format; this Stepformer reads versions ${OLD_VERSION} and ${VERSION}. Open it with the Stepformer that saved it.`,
    );
  }
  const start = title[0].length + 8 + CHECKSUM_BYTES;
  const expected = all.length < start ? undefined : Number(all.readBigUInt64LE(title[0].length));
  const body = all.subarray(start);
  if (expected === undefined || body.length < expected) {
    return refuse('The recording is cut short: its end is missing. Copy the file again, or record anew.');
  }
  const isWhole = body.length === expected && checksum(body).equals(all.subarray(start - CHECKSUM_BYTES, start));
  if (!isWhole) return refuse('The recording was altered: its checksum is wrong. Copy the file again, or record anew.');
  try {
    yield* sectionsOf(body);
  } catch (error) {
    return refuse(`The recording is damaged: a part of it cannot be unpacked (${(error as Error).message}).`);
  }
}

function* sectionsOf(body: Buffer): Generator<Uint8Array, void> {
  for (let at = 0; at < body.length; ) {
    const end = at + 4 + body.readUInt32LE(at);
    yield inflateRawSync(body.subarray(at + 4, end), { maxOutputLength: MOST_SECTION });
    at = end;
  }
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
