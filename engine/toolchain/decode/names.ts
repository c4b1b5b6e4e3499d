/**
 * The name section: what the compiler or the author called functions, locals and globals. It is a custom section,
 * so whatever is wrong in it costs names, never the program.
 */
import type { Section } from './sections.ts';

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
  const section = sections.find(({ id, name }) => id === 0 && name === 'name');
  const names = {
    functions: new Map<number, string>(),
    locals: new Map<number, Map<number, string>>(),
    globals: new Map<number, string>(),
  };
  if (section) readSection(bytes, section, names);
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

function readSection(bytes: Uint8Array, section: Section, { functions, locals, globals }: Names): void {
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  let position = section.start;
  let end = section.end;
  const number = () => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      if (position >= end) throw new RangeError('names end early');
      const byte = bytes[position++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  };
  const nameMap = (into: Map<number, string>) => {
    for (let left = number(); left > 0; left--) {
      const index = number();
      const length = number();
      if (position + length > end) throw new RangeError('a name runs past its subsection');
      into.set(index, text.decode(bytes.subarray(position, position + length)));
      position += length;
    }
  };
  while (position < section.end) {
    end = section.end;
    try {
      const id = number();
      const next = number() + position;
      if (next > section.end) break;
      end = next;
      if (id === FUNCTIONS) nameMap(functions);
      if (id === GLOBALS) nameMap(globals);
      if (id === LOCALS) {
        for (let left = number(); left > 0; left--) {
          const names = new Map<number, string>();
          locals.set(number(), names);
          nameMap(names);
        }
      }
    } catch {
      // What is malformed ends its own subsection only.
    }
    if (end === section.end) break;
    position = end;
  }
}
