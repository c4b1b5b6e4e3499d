/** How far a model is exact, in words: what each limit of its configuration counts, and what ends it. */
import type { Portrait } from '../../../engine/transformer/portrait.ts';

export interface Limit {
  readonly name: string;
  /** What the model is built for. */
  readonly limit: number;
  /** The largest power of two that its weights allow. */
  readonly exact: number;
  /** What ends it. */
  readonly why: string;
}

const WORDS: Readonly<Record<string, { name: string; why: string }>> = {
  tokens: { name: 'tokens, prompt and trace', why: 'the square of a position must stay below 2⁵³' },
  promptTokens: { name: 'tokens of the prompt', why: 'beyond, rounding could take more than the lead of a look-up' },
  memory: { name: 'bytes of memory', why: 'the square of an address, beside what pushes other tokens down' },
  cells: {
    name: 'locals and globals of open calls',
    why: 'the square of a cell, beside what pushes other tokens down',
  },
  callDepth: { name: 'open calls', why: 'each takes cells; a deeper call traps' },
};

/** Every limit of a model; one that has no words is told by its key. */
export function limitsOf({ limits }: Portrait): Limit[] {
  if (!limits) return [];
  return Object.entries(limits.machine).map(([key, limit]) => ({
    limit,
    exact: limits.exact[key] ?? limit,
    ...(WORDS[key] ?? { name: key, why: 'stated in config.json' }),
  }));
}
