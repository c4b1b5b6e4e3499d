/** Words that the views use, explained to people who meet them for the first time, and the page of docs/ that says more. */
import type { DocumentName } from '../link/messages.ts';

export interface Term {
  readonly text: string;
  readonly page: DocumentName;
}

export const TERMS = {
  head: {
    text: 'An attention head: for each token it looks up one earlier token, and brings two numbers from it. L4·H3 is head 3 of layer 4; its letter and colour say what kind of thing it looks up.',
    page: 'tutorial-hull',
  },
  role: { text: 'What the head is for: it was built for this, its weights do nothing else.', page: 'machine' },
  target: {
    text: 'The token whose key fits the query best: of all tokens so far, the one where query · key is greatest.',
    page: 'tutorial-hull',
  },
  brought: { text: 'What the head copied from that token into the pass that chooses the next one.', page: 'machine' },
  margin: {
    text: 'How far the winning score is ahead of the next one. Scores are whole numbers: 1 is as safe as 1,000. 0 is a tie, where the latest token wins: so memory is the latest write to an address.',
    page: 'exactness',
  },
  tie: {
    text: 'Several tokens have the same greatest score. Where the latest of them wins, a later write hides an earlier one; elsewhere they share, and the head brings their mean.',
    page: 'tutorial-hull',
  },
  tangent: {
    text: 'The line at right angles to the query that touches the outermost key: all others lie behind it, so that key has the greatest score.',
    page: 'tutorial-hull',
  },
  runnerUp: { text: 'The token with the next best score.', page: 'tutorial-hull' },
  query: {
    text: 'What the head looks for, two numbers made of the residual stream. A position or an address a is asked for as (a; 1).',
    page: 'tutorial-hull',
  },
  key: {
    text: 'What a token answers to, two numbers. (2k; −k²) scores highest against (q; 1) where k is nearest to q: attention as an index.',
    page: 'tutorial-hull',
  },
  slot: {
    text: 'A named place of the residual stream, the numbers that all layers of a token share. A circuit writes it, heads and neurons read it.',
    page: 'machine',
  },
  token: {
    text: 'One step of the transformer: it writes a token, and each line of the trace is a few of them.',
    page: 'trace',
  },
  commit: {
    text: 'Ends a line of the trace and says how the machine moves on: how the stack changes, sts=1: the bytes go on the stack, bt=1: a branch is taken.',
    page: 'trace',
  },
  average: {
    text: 'A head that attends to all tokens equally. It brings a mean; times the number of tokens it is a sum: how deep the stack is, where the program is.',
    page: 'machine',
  },
  hull: {
    text: 'The outermost keys, in a line around all. Whatever the query, the key that wins is one of them: so the winner is found without looking at the others.',
    page: 'machine',
  },
  softmax: {
    text: 'Attention as trained models have it: every token gets a share by its score. It says the same as the greatest score where scores are far enough apart for a double.',
    page: 'exactness',
  },
  residual: {
    text: 'The numbers that a pass over a token carries from layer to layer. Heads and neurons read some of them and add to others.',
    page: 'machine',
  },
  neuron: {
    text: 'A gate and a value, both sums of slots: where the gate is above 0, it times the value is added to the stream. Circuits are made of them: one adds, one compares.',
    page: 'machine',
  },
  logit: {
    text: 'What a token scores to come next: a sum of its weights times what stands in their slots. The greatest is chosen; nothing is drawn by lot.',
    page: 'tutorial-i32-add',
  },
  now: {
    text: 'Now is as far as tokens have been generated; the position is where the session stands, and may be earlier. Going back moves the position and runs nothing.',
    page: 'tutorial-debugger',
  },
  pushDown: {
    text: 'Tokens that write nothing get a key so low (2^52 lower) that they never win.',
    page: 'tutorial-hull',
  },
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof TERMS;
