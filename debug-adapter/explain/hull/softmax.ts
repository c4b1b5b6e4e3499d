/**
 * The same head under softmax: the share of the attention that each key would have, at several temperatures.
 *
 * Logits are those of engine/transformer/standard.ts, scale · score - slope · age, but made as any library makes them: as
 * doubles, which are rounded where they are great. A temperature divides them. At the temperature 1 the scale outweighs
 * everything else, so that what differs from the hull there is what rounding does.
 */
import type { AnswerOf } from '../../protocol/protocol.ts';
import type { HeadKeys } from '../../recording/token-source.ts';

type Weighed = NonNullable<AnswerOf<'stepformer/hull'>['softmax']>['weighed'][number];

/** A weight that is less than e to the power of this is 0. */
const LEAST = -746;

/** The implementation with softmax refuses logits from here on: they are no multiples of the slope any more. */
const LARGEST_LOGIT = 2 ** 63;

/** What the head chose, and from what. */
export interface Chosen {
  readonly query: readonly [number, number];
  readonly score: number;
  /** -1 where those with the best score share. */
  readonly target: number;
  /** -1 for none. */
  readonly runnerUp: number;
  /** Tokens that there were. */
  readonly tokens: number;
}

/** Weights at one temperature, relative to the greatest so far. */
interface Sums {
  readonly temperature: number;
  greatest: number;
  winner: number;
  runnerUp: number;
  /** Of others with the best score, and of those with less. */
  same: number;
  less: number;
}

export class Softmax {
  readonly scale: number;
  private readonly slope: number;
  private readonly chosen: Chosen;
  private readonly sums: readonly Sums[];

  constructor({ slope, scaleBits }: Pick<HeadKeys, 'slope' | 'scaleBits'>, chosen: Chosen) {
    this.slope = slope;
    this.chosen = chosen;
    this.scale = 2 ** (scaleBits + Math.ceil(Math.log2(chosen.tokens)));
    // As it runs; where a token of age counts e-fold; where a point of score does.
    const temperatures = [1, ...(slope > 1 ? [slope] : []), this.scale];
    this.sums = temperatures.map((temperature) => ({
      temperature,
      greatest: Number.NEGATIVE_INFINITY,
      winner: 0,
      runnerUp: 0,
      same: 0,
      less: 0,
    }));
  }

  /** Takes in a token by its key. */
  add(token: number, x: number, y: number): void {
    const { query, score: best, target, runnerUp, tokens } = this.chosen;
    const score = query[0] * x + query[1] * y;
    const logit = this.scale * score - this.slope * (tokens - 1 - token);
    const isWinner = target < 0 ? score === best : token === target;
    for (const sums of this.sums) {
      let ahead = logit / sums.temperature - sums.greatest;
      if (ahead > 0) {
        const fade = Math.exp(-ahead);
        sums.winner *= fade;
        sums.runnerUp *= fade;
        sums.same *= fade;
        sums.less *= fade;
        sums.greatest = logit / sums.temperature;
        ahead = 0;
      }
      if (ahead < LEAST) continue;
      const weight = Math.exp(ahead);
      if (isWinner) sums.winner += weight;
      else if (token === runnerUp) sums.runnerUp += weight;
      else if (score === best) sums.same += weight;
      else sums.less += weight;
    }
  }

  weighed(): Weighed[] {
    return this.sums.map((sums) => {
      const { temperature, winner, runnerUp, same, less } = sums;
      const total = winner + runnerUp + same + less;
      const others = (same + less) / total;
      const exact = winner === total;
      return {
        temperature,
        winner: winner / total,
        runnerUp: runnerUp / total,
        others,
        exact,
        why: exact ? this.whyExact(temperature) : this.whyNot(temperature),
      };
    });
  }

  private whyExact(temperature: number): string {
    const { target } = this.chosen;
    const all =
      target < 0
        ? 'The tokens with the best score share the attention equally, and all others are so far behind that their share is 0.'
        : 'All others are so far behind that their share is 0, to the last bit.';
    if (temperature > 1 || !this.isTooGreat) return all;
    return `${all} Not for every token, though: ${this.rounding} With softmax the run is refused here.`;
  }

  private whyNot(temperature: number): string {
    const { score, query, runnerUp } = this.chosen;
    if (temperature === 1 && this.isTooGreat) return capitalized(this.rounding);
    const [{ same, less, runnerUp: next, winner }] = this.sums.filter((sums) => sums.temperature === temperature);
    const total = winner + same + less + next;
    if (query[0] === 0 && query[1] === 0 && runnerUp < 0) return `All scores are ${score}: everything has a share.`;
    if (less > same + next) {
      const share = percent(less / total);
      return `Too warm: keys that fit less well have ${share} of the attention, and what they hold is mixed in.`;
    }
    return `Too warm: what the winner holds is mixed with what others hold, which have ${percent(1 - winner / total)} of the attention.`;
  }

  /** Whether logits are so great that the slope is lost in their rounding. */
  private get isTooGreat(): boolean {
    return this.slope > 0 && Math.abs(this.chosen.score) * this.scale >= LARGEST_LOGIT;
  }

  private get rounding(): string {
    const logit = Math.abs(this.chosen.score) * this.scale;
    const power = Math.floor(Math.log2(logit));
    const apart = 2 ** (power - 52) / this.slope;
    return `logits are about 2^${power} here, where doubles are so far apart that rounding hides which of two tokens less than ${apart.toLocaleString('en')} apart was later.`;
  }
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
