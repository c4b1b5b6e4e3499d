/** Who read a value: readings by their line of C, with how often, the first and the last. */
import type { Reader, SourceLine } from '../../../../debug-adapter/protocol/protocol.ts';

export interface ReaderGroup {
  readonly text: string;
  readonly place?: SourceLine;
  readonly function?: string;
  readonly count: number;
  readonly first: Reader;
  readonly last: Reader;
}

/** In the order of their first readings. */
export function readerGroups(readers: readonly Reader[]): ReaderGroup[] {
  const groups = new Map<string, ReaderGroup>();
  for (const reader of readers) {
    const { text, place, function: name } = reader;
    const key = JSON.stringify([place?.path, place?.line, name, place ? '' : text]);
    const known = groups.get(key);
    if (known) groups.set(key, { ...known, count: known.count + 1, last: reader });
    else groups.set(key, { text, place, function: name, count: 1, first: reader, last: reader });
  }
  return [...groups.values()];
}
