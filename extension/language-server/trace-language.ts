/**
 * The language of traces: lines as the model writes them, one per executed instruction.
 *
 *     byte*  commit(depth,sts=…,bt=0)                          a result (sts=1: four or eight bytes, some before them), stored bytes, or none
 *     byte×4 read_commit                                       a byte of the input
 *     branch_taken byte×4 commit(…,bt=1) | call_commit | return_commit
 *     out(c) | halt | trap(reason)
 *     edit(kind) byte×4 byte+ edit_commit | edit_commit(stack)  a fact stated by the user
 *     need_input | input_end | input byte×4 byte+ edit_commit   input is waited for, ends, is given
 *
 * Only bytes of a result carry `'`. `;;` begins a comment. Nothing follows `halt` or a trap.
 */
import { OPCODES, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { COMMITS, EDIT_KINDS, findToken, TABLE_SIZE, TOKEN } from '../../engine/isa/vocabulary.ts';
import { type Finding, type HoverText, MOST_FINDINGS, type Span } from './finding.ts';
import { numberWords, tokenWords } from './words.ts';

/** How many bytes a line can have whose value goes on the stack. */
const RESULT_BYTES = [
  ...new Set(OPCODES.flatMap(({ pushes, bytes }) => (pushes > 0 && bytes > 0 ? [bytes] : []))),
].sort((a, b) => a - b);
const RESULT_TEXT = `${RESULT_BYTES.slice(0, -1).join(', ')} or ${RESULT_BYTES.at(-1)}`;

type Kind =
  | 'byte'
  | 'carry'
  | 'commit'
  | 'branch commit'
  | 'read'
  | 'branch'
  | 'alone'
  | 'edit'
  | 'edit commit'
  | 'other';

function kindOf(id: number): Kind {
  if (id < TABLE_SIZE) return 'other';
  if (id < TOKEN.carryByte) return 'byte';
  if (id < TOKEN.opcode) return 'carry';
  if (id >= TOKEN.commit && id < TOKEN.commit + COMMITS.length) {
    return COMMITS[id - TOKEN.commit].branch ? 'branch commit' : 'commit';
  }
  if (id === TOKEN.callCommit || id === TOKEN.returnCommit) return 'branch commit';
  if (id === TOKEN.readCommit) return 'read';
  if (id === TOKEN.branchTaken) return 'branch';
  if (id === TOKEN.editCommit || id === TOKEN.editStackCommit) return 'edit commit';
  if (id === TOKEN.input) return 'edit';
  if (id === TOKEN.needInput || id === TOKEN.inputEnd || id === TOKEN.halt || (id >= TOKEN.out && id < TOKEN.out + 256))
    return 'alone';
  if (id >= TOKEN.trap && id < TOKEN.trap + TRAP_REASONS.length) return 'alone';
  return 'other';
}

const KIND_OF_EDIT: ReadonlySet<string> = new Set(EDIT_KINDS.map((kind) => `edit(${kind})`));

/** A token of a line. */
export interface TraceWord extends Span {
  /** Undefined for what is no token. */
  readonly id: number | undefined;
  readonly kind: Kind;
}

const WORD = /out\(\S{1,2}\)|(?:trap|commit|edit|edit_commit)\([^)]*\)|\S+/g;

/** The tokens of a line, without its comment. */
export function wordsOf(line: string): TraceWord[] {
  const comment = /(?:^|\s);;/.exec(line);
  const text = comment ? line.slice(0, comment.index) : line;
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => {
    const id = findToken(word);
    const kind = id === undefined ? 'other' : KIND_OF_EDIT.has(word) ? 'edit' : kindOf(id);
    return { text: word, start: index, end: index + word.length, id, kind };
  });
}

export function traceProblems(text: string): Finding[] {
  const problems: Finding[] = [];
  let ended: number | undefined;
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length && problems.length < MOST_FINDINGS; i++) {
    const words = wordsOf(lines[i]);
    if (words.length === 0) continue;
    const wrong =
      ended === undefined ? checkLine(words) : { message: `The trace ended in line ${ended}.`, span: words[0] };
    if (wrong) {
      const { start, end } = wrong.span;
      problems.push({ message: wrong.message, line: i + 1, column: start + 1, length: end - start, severity: 'error' });
    }
    const [{ id }] = words;
    const ends = id !== undefined && words[0].kind === 'alone' && (id === TOKEN.halt || id >= TOKEN.trap);
    if (ends) ended ??= i + 1;
  }
  return problems;
}

interface Wrong {
  readonly message: string;
  readonly span: Span;
}

/** What is wrong with a line, if anything: the first thing. */
function checkLine(words: readonly TraceWord[]): Wrong | undefined {
  for (const word of words) {
    if (word.id === undefined) return { message: `\`${word.text}\` is no token.${hint(word.text)}`, span: word };
    if (word.kind === 'other') return { message: `\`${word.text}\` stands in programs, not in a trace.`, span: word };
  }
  const [first] = words;
  if (first.kind === 'alone') return after(words, 1);
  const opens = first.kind === 'branch' || first.kind === 'edit' ? 1 : 0;
  const endsAt = words.findIndex(({ kind }, i) => i >= opens && kind !== 'byte' && kind !== 'carry');
  const last = words[words.length - 1];
  if (endsAt < 0) return { message: 'The line does not end: its commit is missing.', span: last };
  const end = words[endsAt];
  const bytes = words.slice(opens, endsAt);
  const wrong =
    first.kind === 'branch'
      ? checkBranch(end, bytes)
      : first.kind === 'edit'
        ? checkEdit(first, end, bytes)
        : checkStep(end, bytes);
  if (wrong) return wrong;
  const mayCarry = opens === 0 && end.kind === 'commit' && COMMITS[(end.id as number) - TOKEN.commit].stores;
  const carry = mayCarry ? undefined : bytes.find(({ kind }) => kind === 'carry');
  if (carry) return { message: "Only the bytes of a result have a carry (`'`).", span: carry };
  return after(words, endsAt + 1);
}

function after(words: readonly TraceWord[], index: number): Wrong | undefined {
  if (words.length <= index) return undefined;
  return { message: 'Nothing follows the end of a line: one line, one instruction.', span: spanOf(words.slice(index)) };
}

function checkBranch(end: TraceWord, bytes: readonly TraceWord[]): Wrong | undefined {
  if (end.kind !== 'branch commit') {
    return {
      message: 'A taken branch ends with a commit that says `bt=1`, `call_commit` or `return_commit`.',
      span: end,
    };
  }
  return bytes.length === 4
    ? undefined
    : { message: `A jump has four bytes, not ${bytes.length}.`, span: spanOf([...bytes, end]) };
}

function checkEdit(first: TraceWord, end: TraceWord, bytes: readonly TraceWord[]): Wrong | undefined {
  const commit = first.text === 'edit(stack)' ? TOKEN.editStackCommit : TOKEN.editCommit;
  if (end.id !== commit) {
    const text = commit === TOKEN.editCommit ? 'edit_commit' : 'edit_commit(stack)';
    return { message: `This edit ends with \`${text}\`.`, span: end };
  }
  if (first.id === TOKEN.input) {
    if (bytes.length > 4) return undefined;
    return { message: 'Input has four bytes that say its number, and bytes.', span: spanOf([first, end]) };
  }
  const sizes = first.text === 'edit(memory)' ? [1, 2, 3, 4, 5, 6, 7, 8] : [4, 8];
  if (sizes.includes(bytes.length - 4)) return undefined;
  return { message: 'An edit has four bytes that say where, and the bytes of a value.', span: spanOf([first, end]) };
}

function checkStep(end: TraceWord, bytes: readonly TraceWord[]): Wrong | undefined {
  if (end.kind === 'branch commit') {
    return { message: 'A line that ends like this starts with `branch_taken`.', span: end };
  }
  const count = bytes.length;
  if (end.kind === 'read') {
    return count === 4 ? undefined : { message: `What was read has four bytes, not ${count}.`, span: end };
  }
  if (end.kind !== 'commit')
    return { message: `\`${end.text}\` does not end a line that starts with bytes.`, span: end };
  if (COMMITS[(end.id as number) - TOKEN.commit].stores) {
    return RESULT_BYTES.includes(count)
      ? undefined
      : { message: `A result has ${RESULT_TEXT} bytes, not ${count}.`, span: end };
  }
  return [0, 1, 2, 4, 8].includes(count)
    ? undefined
    : { message: `A line stores one, two, four or eight bytes, not ${count}.`, span: end };
}

function spanOf(words: readonly Span[]): Span {
  return { text: '', start: words[0].start, end: words[words.length - 1].end };
}

function hint(text: string): string {
  if (/^[0-9A-Fa-f]{2}'?$/.test(text)) return ' Bytes are written in lower case.';
  return text.startsWith('commit(') ? ' No instruction ends with such a commit.' : '';
}

/** Hover at a character of a line (both from 0). */
export function traceHover(line: string, character: number): HoverText | undefined {
  const words = wordsOf(line);
  const at = words.findIndex(({ start, end }) => start <= character && character < end);
  if (at < 0) return undefined;
  const span = words[at];
  const own = tokenWords(span.text);
  if (!own) return undefined;
  if (span.kind !== 'byte' && span.kind !== 'carry') return { markdown: own, span };
  const [first] = words;
  const start = first.kind === 'branch' || first.kind === 'edit' ? 1 : 0;
  const length = words.slice(start).findIndex(({ kind }) => kind !== 'byte' && kind !== 'carry');
  const bytes = words.slice(start, length < 0 ? undefined : start + length);
  const index = at - start;
  if (index < 0 || index >= bytes.length) return { markdown: own, span };
  const values = bytes.map(({ id }) => ((id as number) - TOKEN.byte) & 0xff);
  return { markdown: `${valueWords(first, words[start + length], values, index)}\n\n${own}`, span };
}

/** What the bytes of a line say together. */
function valueWords(first: TraceWord, end: TraceWord | undefined, values: readonly number[], index: number): string {
  if (first.kind === 'edit') {
    if (first.id === TOKEN.input && index >= 4) return `Byte ${index - 4} of this input`;
    const what = index < 4 ? (first.id === TOKEN.input ? 'Number of the first byte' : 'Where') : 'New value';
    return `${what}: ${numberWords(index < 4 ? values.slice(0, 4) : values.slice(4))}`;
  }
  const which = `Byte ${index + 1} of ${values.length}, the lowest first`;
  if (first.kind === 'branch') return `${which}. The jump: ${numberWords(values)} instructions from the next one`;
  const commit = end?.kind === 'commit' ? COMMITS[(end.id as number) - TOKEN.commit] : undefined;
  const what = commit && !commit.stores ? 'What is stored' : 'The value';
  return `${which}. ${what}: ${numberWords(values)}`;
}
