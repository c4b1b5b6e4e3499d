/**
 * How far the machine stays exact: the largest powers of two for tokens, memory, cells and call depth with which the
 * analysis of exactness (exactness.ts) finds nothing, and the range in which real softmax finds the same.
 */
import { LIMITS, type MachineLimits } from '../../isa/limits.ts';
import { machine } from '../../machine/machine.ts';
import type { ModelConfig } from '../../transformer/model.ts';
import { schedule } from '../schedule.ts';
import { analyse, type Exactness } from './exactness.ts';

/** Limits as `config.json` shows them. */
export type ShownLimits = NonNullable<ModelConfig['limits']>;

/** Beyond this a power of two is no limit that anyone meets. */
const FAR = 2 ** 30;

/** Cases that show what a larger limit breaks: nothing is executed, or one instruction of every kind starts. */
const TELLING =
  /^(prompt|line that states)|^(local\.get|local\.set|i32\.add|i32\.div_u|call|return|read_byte), start|^i64\.(load|store), /;

/**
 * The analysis of the machine at its limits.
 * @throws RangeError naming every row that is not exact: the model must not be built
 */
function provenExact(limits: MachineLimits = LIMITS): Exactness {
  const graph = machine(limits);
  const found = analyse(graph, schedule(graph));
  if (found.problems.length === 0) return found;
  throw new RangeError(`the machine is not exact:\n${found.problems.join('\n')}`);
}

/** Largest power of two, from the machine's own limit on, up to which nothing is found in the telling cases. */
function largest(limit: keyof MachineLimits): number {
  let value = LIMITS[limit];
  while (value < FAR && isExact({ ...LIMITS, [limit]: 2 * value })) value *= 2;
  return value;
}

function isExact(limits: MachineLimits): boolean {
  try {
    const graph = machine(limits);
    return analyse(graph, schedule(graph), (name) => TELLING.test(name)).problems.length === 0;
  } catch {
    return false;
  }
}

/**
 * The machine's limits, and those that its rows would allow; both proved. Takes seconds.
 * @throws RangeError if something is not exact
 */
export function derivedLimits(scaleBits: number, slope: number): ShownLimits {
  const exact: Record<string, number> = {};
  for (const name of Object.keys(LIMITS)) exact[name] = largest(name as keyof MachineLimits);
  provenExact();
  if (Object.entries(LIMITS).some(([name, value]) => exact[name] > value)) {
    provenExact(exact as unknown as MachineLimits);
  }
  return { machine: { ...LIMITS }, exact, softmax: softmaxRange(scaleBits, slope) };
}

/**
 * The longest trace for which softmax with scale 2^(scaleBits + log2 n) is exact, by bits of an address: the logit of
 * a head where the latest wins is a multiple of its slope, and must stay below 2^53 of that. A score reaches the square
 * of an address.
 */
export function softmaxRange(scaleBits: number, slope: number): { addressBits: number; tokens: number }[] {
  const range: { addressBits: number; tokens: number }[] = [];
  for (let addressBits = 8; ; addressBits += 2) {
    const tokenBits = 53 + Math.log2(slope) - scaleBits - 2 * addressBits - 1;
    if (tokenBits < 3) return range;
    range.push({ addressBits, tokens: 2 ** Math.min(26, tokenBits) });
  }
}
