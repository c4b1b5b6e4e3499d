/**
 * Source maps of WebAssembly modules (ECMA-426): the custom section `sourceMappingURL` names a JSON file, in which the
 * code is one line and a column is an offset in the module. What AssemblyScript, Binaryen and others write.
 */
import { ByteReader, Malformed } from '../decode/byte-reader.ts';
import type { WasmModule } from '../decode/module.ts';

/** Code from a byte of the module on, and where it was written; without a source where nobody wrote it. */
export interface Segment {
  /** Offset in the file. */
  readonly offset: number;
  /** Index into `sources`, or -1. */
  readonly source: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface SourceMap {
  /** As the map spells them. */
  readonly sources: readonly string[];
  /** What the map wants before them: empty, or with a slash at its end. */
  readonly root: string;
  /** Their texts, where the map holds them. */
  readonly contents: readonly (string | undefined)[];
  /** Ascending. */
  readonly segments: readonly Segment[];
}

/** Where a module's source map is: a URL, absolute or relative to the module; undefined if it has none. */
export function sourceMapUrl(module: WasmModule): string | undefined {
  const section = module.sections.find(({ name }) => name === 'sourceMappingURL');
  if (!section) return undefined;
  try {
    return new ByteReader(module.bytes, section.start, section.end).name();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Reads a map. Undefined when it is none, or of a form that is not read. */
export function readSourceMap(json: string): SourceMap | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { version, sources, sourcesContent, sourceRoot, mappings } = (raw ?? {}) as Record<string, unknown>;
  if (version !== 3 || !Array.isArray(sources) || typeof mappings !== 'string') return undefined;
  const root = typeof sourceRoot === 'string' && sourceRoot !== '' ? `${sourceRoot.replace(/\/$/, '')}/` : '';
  const contents: unknown[] = Array.isArray(sourcesContent) ? sourcesContent : [];
  const segments = readMappings(mappings, sources.length);
  return (
    segments && {
      sources: sources.map((source) => String(source ?? '')),
      root,
      contents: sources.map((_, i) => (typeof contents[i] === 'string' ? contents[i] : undefined)),
      segments,
    }
  );
}

/** The first line's segments; undefined where they are damaged. */
function readMappings(mappings: string, sources: number): Segment[] | undefined {
  const segments: Segment[] = [];
  const state = [0, 0, 0, 0];
  for (const text of mappings.split(';', 1)[0].split(',')) {
    if (text === '') continue;
    const fields = readNumbers(text);
    if (!fields || fields.length < 1 || fields.length > 5 || fields.length === 2 || fields.length === 3) {
      return undefined;
    }
    for (const [i, delta] of fields.slice(0, 4).entries()) state[i] += delta;
    const [offset, source, line, column] = state;
    const isKnown = fields.length > 1 && source >= 0 && source < sources;
    if (offset < 0 || line < 0 || column < 0) return undefined;
    segments.push({ offset, source: isKnown ? source : -1, line: isKnown ? line + 1 : 0, column: column + 1 });
  }
  return segments.sort((a, b) => a.offset - b.offset);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 VLQ: five bits a digit, the lowest group first, with a bit for more to come; the lowest bit is the sign. */
function readNumbers(text: string): number[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0 || scale > 2 ** 30) return undefined;
    value += (digit & 31) * scale;
    scale *= 32;
    if (digit & 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : undefined;
}
