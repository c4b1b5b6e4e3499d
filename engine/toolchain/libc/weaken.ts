/**
 * Makes the definitions in a static library weak: where a program or a library before it defines a function too, that
 * one is taken, and nobody complains of two. So a function of wasi-libc can be replaced though the object that holds it
 * is linked for another, and a program may have functions named like those of the library.
 *
 * An object says what it defines in the symbol table of its custom section `linking`
 * (https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md); being weak is one bit there.
 */

const HEADER = 60;
const WEAK = 1;
const LOCAL = 2;
const UNDEFINED = 16;
const EXPLICIT_NAME = 64;
const SYMBOL_TABLE = 8;
/* Kinds of symbols. */
const FUNCTION = 0;
const DATA = 1;
const SECTION = 3;

/** A copy of an archive (`ar`) of wasm objects whose definitions are weak. @throws RangeError for what is no archive */
export function weakened(archive: Uint8Array): Uint8Array {
  const copy = Buffer.from(archive);
  if (copy.toString('latin1', 0, 8) !== '!<arch>\n') throw new RangeError('not an archive');
  for (let at = 8; at + HEADER <= copy.length; ) {
    const name = copy.toString('latin1', at, at + 16).trim();
    const size = Number(copy.toString('latin1', at + 48, at + 58));
    const start = at + HEADER;
    // These hold the archive's own index and long names.
    if (name !== '/' && name !== '//') weakenObject(new Reader(copy, start, start + size));
    at = start + size + (size & 1);
  }
  return copy;
}

function weakenObject(object: Reader): void {
  object.at += 8;
  while (!object.ended) {
    const id = object.byte();
    const section = object.part(object.number());
    if (id === 0 && section.name() === 'linking') weakenLinking(section);
  }
}

function weakenLinking(section: Reader): void {
  section.number();
  while (!section.ended) {
    const type = section.byte();
    const table = section.part(section.number());
    if (type === SYMBOL_TABLE) weakenSymbols(table);
  }
}

function weakenSymbols(table: Reader): void {
  for (let left = table.number(); left > 0; left--) {
    const kind = table.byte();
    const place = table.at;
    const flags = table.number();
    const isDefined = (flags & UNDEFINED) === 0;
    if (isDefined && (flags & LOCAL) === 0 && (kind === FUNCTION || kind === DATA)) {
      table.bytes[place] |= WEAK;
    }
    if (kind === DATA) {
      table.name();
      if (isDefined) for (let i = 0; i < 3; i++) table.number();
    } else {
      table.number();
      if (kind !== SECTION && (isDefined || (flags & EXPLICIT_NAME) !== 0)) table.name();
    }
  }
}

/** Reads from a part of `bytes`. */
class Reader {
  readonly bytes: Buffer;
  at: number;
  private readonly end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get ended(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    return this.bytes[this.at++];
  }

  /** LEB128, unsigned. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  name(): string {
    const size = this.number();
    this.at += size;
    return this.bytes.toString('utf8', this.at - size, this.at);
  }

  /** The next `size` bytes, which are passed. */
  part(size: number): Reader {
    this.at += size;
    return new Reader(this.bytes, this.at - size, this.at);
  }
}
