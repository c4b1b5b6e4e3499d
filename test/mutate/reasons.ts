/** Why nothing shows, of mutants that survive and are not proved to be equivalent: arguments, by what the weight is for. */
import type { ChangeKind, Mutant } from './mutants.ts';

/** What a weight is for, by names of variables: what it reads, and what its head or neuron makes. */
export interface Meaning {
  readonly reads: string;
  readonly makes: readonly string[];
  /** Of an eraser: the variable that it takes away. */
  readonly erases?: string;
}

/** A group of survivors. */
export interface Group {
  readonly name: string;
  readonly reason: string;
}

interface Reason extends Group {
  has(mutant: Mutant, meaning: Meaning): boolean;
}

/** Of the embedding: by the token, and the variable that its feature is. */
interface FeatureReason extends Group {
  has(token: string, feature: string): boolean;
}

const makes =
  (...names: string[]) =>
  (_: Mutant, meaning: Meaning) =>
    meaning.makes.some((made) => names.includes(made));
const grows = (change: ChangeKind) => change !== 'drop';

const REASONS: readonly Reason[] = [
  {
    name: 'keys of tokens that write nothing',
    reason:
      'what an eraser leaves there is pushed down with them, 2^52 below every key that was written; where none was, memory and cells find a tag of 0, and of the stack nothing is popped that was not pushed',
    has: (_, { erases, makes }) =>
      erases !== undefined &&
      makes.some((made) => /^(slot written|cell written|address written|call made)²?$|^stores a byte$/.test(made)),
  },
  {
    name: 'push-down of a stack',
    reason:
      'slots and frames are numbered from 1: the key of slot n has a score of n² for a query of n, and a token that writes nothing has 0',
    has: ({ place }, { makes }) =>
      place.part === 'k' &&
      makes.some((made) => /^(stack top|below stack top|third of stack|call of this frame)/.test(made)),
  },
  {
    name: 'a running sum, off by its mean',
    reason:
      'what it counts takes five tokens or more: the nearest position is the same (proved for short sequences only)',
    has: (_, { erases, makes: made }) =>
      erases === undefined
        ? made.some((name) => name.endsWith(', rounded off') && name !== 'cursor, rounded off')
        : erases.startsWith('depth (running sums)'),
  },
  {
    name: 'the cursor in a line that states a fact',
    reason:
      'a flag of another size puts it far behind the last token and not at 0; the token found there is no instruction either (in fewer than about 300,000 tokens)',
    has: (_, { reads, makes }) => [reads, ...makes].some((name) => name === 'start of line: edit'),
  },
  {
    name: 'signs of both operands, doubled',
    reason:
      'what is added for the one is taken away for the other, and where they differ the difference is only larger',
    has: ({ change }, { makes: made }) => grows(change) && made.includes('is signed comparison'),
  },
  {
    name: 'the size of a difference',
    reason: 'its sign counts alone, and whether it is 0',
    has: makes('difference', 'high bytes differ'),
  },
  {
    name: 'whether any byte is not 0',
    reason: 'each byte is counted twice, and the sum is 0 only if all are',
    has: ({ change }, { makes: made }) => change === 'add one' && made.includes('is operands of eight bytes'),
  },
  {
    name: 'a flag twice as large',
    reason: 'from 1 on it traps: a step is taken of it',
    has: ({ change }, { makes: made }) => change === 'add one' && made.includes('calls too deep'),
  },
  {
    name: 'carry behind the last byte',
    reason: 'the end of a line stands there in both operands, which counts as 0: 0 + 0 + carry has no carry',
    has: ({ place }, { reads, makes: made }) =>
      place.part === 'gate' && reads === 'line is complete' && made.includes('kind of next token'),
  },
  {
    name: 'two kinds of token whose numbers are one twice the other',
    reason: 'the commit of `if` is kind 9 and `branch_taken` 18: twice the one is the other',
    has: (_, { makes: made }) => made.includes('branch is taken'),
  },
  {
    name: 'beyond the largest byte or the smallest',
    reason: 'the result is 255 or more (or 0 or less) with the weight and without: the nearest byte is the same',
    has: makes(
      'next byte',
      'upper byte of shift is sign',
      'lower byte of shift is sign',
      'upper byte of shift, shifted',
      'lower byte of shift, shifted',
    ),
  },
  {
    name: 'two circuits of which one instruction uses one',
    reason: 'what is left in the slot is not 0 only where another circuit’s result is used',
    has: (_, { erases }) => erases !== undefined,
  },
  {
    name: 'an index of three bytes',
    reason: 'not reached: it would take a table of more than 65,536 entries, and an index among the last of them',
    has: makes('index lies in the table'),
  },
];

const FEATURE_REASONS: readonly FeatureReason[] = [
  {
    name: 'ends of lines behind which nothing is generated',
    reason:
      'the first token has none before it; behind `}`, `halt` and a trap the next line begins with a token that is given',
    has: (token, feature) => feature === 'is no byte' && /^(T0|halt|\}|trap\(.*\))$/.test(token),
  },
  {
    name: 'features of given lines, of another size',
    reason: 'the line is given as a whole, and what its flag is compared with is far smaller or far larger',
    has: (_, feature) => /^opens an? /.test(feature) || feature === 'is }',
  },
  {
    name: 'points of instructions that are not executed',
    reason: '`frame` stands where no cursor comes, and `i64.high` is read together with the instruction before it',
    has: (token, feature) => /^(frame|i64\.high)$/.test(token) && feature.startsWith('opcode '),
  },
  {
    name: 'points of calls, mirrored',
    reason: 'the flags that tell calls are features of their own; the point is still that of no other instruction',
    has: (token, feature) => token.startsWith('call') && feature.startsWith('opcode '),
  },
  {
    name: 'single entries of tables, off by one',
    reason: 'it shows only for few operands, and the suite has none of them',
    has: (token, feature) => /^T\d+$/.test(token) && feature.startsWith('table'),
  },
];

/** The group of a survivor of heads and neurons. */
export function reasonOf(mutant: Mutant, meaning: Meaning): Group | undefined {
  return REASONS.find((each) => each.has(mutant, meaning));
}

/** The group of a survivor of the embedding. */
export function reasonOfFeature(token: string, feature: string): Group | undefined {
  return FEATURE_REASONS.find((each) => each.has(token, feature));
}
