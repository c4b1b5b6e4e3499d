/**
 * The name section: what the compiler or the author called functions, locals and globals. It is a custom section,
 * so whatever is wrong in it costs names, never the program.
 */
import { ByteReader, Malformed } from './byte-reader.ts';
import { SECTION, type Section } from './sections.ts';

/** Names by index; locals by function index, then local index. */
export interface ModuleNames {
  readonly functions: ReadonlyMap<number, string>;
  readonly locals: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly globals: ReadonlyMap<number, string>;
}

/** Numbers of the subsections that are read. */
const FUNCTIONS = 1;
const LOCALS = 2;
const GLOBALS = 7;

/** Reads the module's name section, as far as it is well formed; functions without a name take that of an export. */
export function readNames(
  bytes: Uint8Array,
  sections: readonly Section[],
  exports: readonly { readonly kind: string; readonly name: string; readonly index: number }[],
): ModuleNames {
  const section = sections.find(({ id, name }) => id === SECTION.custom && name === 'name');
  const names = {
    functions: new Map<number, string>(),
    locals: new Map<number, Map<number, string>>(),
    globals: new Map<number, string>(),
  };
  if (section) quietly(() => readSection(new ByteReader(bytes, section.start, section.end), names));
  for (const { kind, name, index } of exports) {
    if (kind === 'function' && !names.functions.has(index)) names.functions.set(index, name);
    if (kind === 'global' && !names.globals.has(index)) names.globals.set(index, name);
  }
  return names;
}

/** Names being read. */
interface Names {
  readonly functions: Map<number, string>;
  readonly locals: Map<number, Map<number, string>>;
  readonly globals: Map<number, string>;
}

/** What is malformed ends its own subsection only. */
function readSection(reader: ByteReader, { functions, locals, globals }: Names): void {
  while (!reader.done) {
    const id = reader.byte();
    const part = reader.part(reader.u32());
    quietly(() => {
      if (id === FUNCTIONS) readMap(part, functions);
      if (id === GLOBALS) readMap(part, globals);
      if (id === LOCALS) {
        part.list(() => {
          const names = new Map<number, string>();
          locals.set(part.u32(), names);
          readMap(part, names);
        });
      }
    });
  }
}

function readMap(reader: ByteReader, into: Map<number, string>): void {
  reader.list(() => into.set(reader.u32(), reader.name()));
}

/** Does something up to where the bytes are malformed. */
function quietly(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
}
