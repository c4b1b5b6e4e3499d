/** Input: the byte that is read next, looked up among those that were given by its number. */
import { fetchLast, fetchLatest } from '../graph/lookups.ts';
import type { MemoryContext } from './memory.ts';

/** Instruction, operands, cells and memory, and the input. */
export interface InputContext extends MemoryContext {
  readonly input: ReturnType<typeof input>;
}

/**
 * The input byte that is read next, wherever in the context it was given: input lines number their bytes.
 *
 * Operands: how many bytes were read, snapped; the number of the first byte of an input line. Result: `byte`, 0 to 255;
 * `atEnd`, 1 where there is none and none will come, and `wanted`, 1 where there is none
 * yet. Depth: the key is there behind layer 2, the byte is fetched in layer 3, the flags come a layer of neurons later. So
 * input given in the middle of a trace is read as if it had always been there.
 */
export function input({ graph: g, limits, features, line, counters, dispatch }: MemoryContext) {
  const isRead = dispatch.is('read', (row) => row.circuit === 'read');
  const gives = g.sum('gives input', g.stepIf(line.opener.input, g.of([1, line.index], [-5])));
  const key = g.sum('number of input byte', g.neuron(gives, g.of([1, line.editAddress], [1, line.index], [-5])));
  g.bounded(key, 0, limits.tokens - 1, 'input is numbered from 0 on, and every byte of it is a token');
  const write = { key, square: g.sum('number of input byte²', g.neuron(key, key)), writes: gives };
  const found = fetchLatest(g, 'next input byte', write, counters.reads, {
    byte: features.byte,
    behind: g.of([1, key], [1, gives]),
  });
  // If it was not given, it is the byte before that is nearest; before the first, a token that gives none.
  const absent = g.of([1, counters.reads], [1], [-1, found.behind]);
  g.bounded(absent, 0, 1, 'bytes are numbered on without gaps, and read in their order');
  const ended = fetchLast(g, 'end of input', features.endsInput, { there: features.endsInput }).there;
  const atEnd = g.sum('input is at its end', g.neuron(g.of([1, isRead], [1, ended], [-1]), absent));
  const wanted = g.sum('input is wanted', g.neuron(g.of([1, isRead], [-1, ended]), absent));
  return { isRead, byte: found.byte, atEnd, wanted };
}
