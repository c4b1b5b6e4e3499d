/**
 * Makes the definitions in a static library weak: where a program or a library before it defines a function too, that
 * one is taken, and nobody complains of two. So a function of wasi-libc can be replaced though the object that holds it
 * is linked for another, and a program may have functions named like those of the library.
 *
 * An object says what it defines in the symbol table of its custom section `linking`
 * (https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md); being weak is one bit there.
 */
import { ByteReader } from '../decode/byte-reader.ts';
import { SECTION } from '../decode/sections.ts';

const HEADER = 60;
const WEAK = 1;
const LOCAL = 2;
const UNDEFINED = 16;
const EXPLICIT_NAME = 64;
const SYMBOL_TABLE = 8;
/* Kinds of symbols. */
const FUNCTION = 0;
const DATA = 1;
const SECTION_SYMBOL = 3;

/** A definition that other objects see, and where in the archive its flags are. */
interface Definition {
  readonly name: string;
  readonly flags: number;
  readonly place: number;
}

/**
 * A copy of an archive (`ar`) of wasm objects whose definitions are weak. Those stay strong that have a weak twin in the
 * archive: they replace it where both are linked.
 * @throws RangeError for what is no archive
 */
export function weakened(archive: Uint8Array): Uint8Array {
  const copy = Buffer.from(archive);
  const definitions = [...objectsIn(copy)].flatMap((object) => [...definitionsIn(object)]);
  const twins = new Set(definitions.filter(({ flags }) => flags & WEAK).map(({ name }) => name));
  for (const { name, place } of definitions) if (!twins.has(name)) copy[place] |= WEAK;
  return copy;
}

function* objectsIn(archive: Buffer): Iterable<ByteReader> {
  if (archive.toString('latin1', 0, 8) !== '!<arch>\n') throw new RangeError('not an archive');
  for (let at = 8; at + HEADER <= archive.length; ) {
    const name = archive.toString('latin1', at, at + 16).trim();
    const size = Number(archive.toString('latin1', at + 48, at + 58));
    const start = at + HEADER;
    // These hold the archive's own index and long names.
    if (name !== '/' && name !== '//') yield new ByteReader(archive, start, start + size);
    at = start + size + (size & 1);
  }
}

function* definitionsIn(object: ByteReader): Iterable<Definition> {
  object.view(8);
  while (!object.done) {
    const id = object.byte();
    const section = object.part(object.u32());
    if (id !== SECTION.custom || section.name() !== 'linking') continue;
    section.u32();
    while (!section.done) {
      const type = section.byte();
      const table = section.part(section.u32());
      if (type === SYMBOL_TABLE) yield* definitionsOf(table);
    }
  }
}

function* definitionsOf(table: ByteReader): Iterable<Definition> {
  for (let left = table.u32(); left > 0; left--) {
    const kind = table.byte();
    const place = table.position;
    const flags = table.u32();
    const isDefined = (flags & UNDEFINED) === 0;
    let name = '';
    if (kind === DATA) {
      name = table.name();
      if (isDefined) for (let i = 0; i < 3; i++) table.u32();
    } else {
      table.u32();
      if (kind !== SECTION_SYMBOL && (isDefined || (flags & EXPLICIT_NAME) !== 0)) name = table.name();
    }
    if (isDefined && (flags & LOCAL) === 0 && (kind === FUNCTION || kind === DATA)) yield { name, flags, place };
  }
}
