/**
 * The vocabulary: every token, its number and its text. Texts are the field's notation of the trace
 * (Percepta's published system), extended where this machine does more.
 *
 * The order is fixed: table tokens first (their index is the number they stand for), then bytes, then the rest.
 */
import { OPCODES, TRAP_REASONS } from './opcodes.ts';

/** Table tokens `T0`..`T2047` open every prompt: their embeddings hold tables (any function of the index). */
export const TABLE_SIZE = 2048;

const table = Array.from({ length: TABLE_SIZE }, (_, k) => `T${k}`);
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const bytes = Array.from({ length: 256 }, (_, v) => hex(v));
/** `'` marks a carry (or borrow) out of the byte. */
const carryBytes = bytes.map((byte) => `${byte}'`);
/** Printable output shows as itself, anything else as two hexadecimal digits. */
const out = Array.from({ length: 256 }, (_, v) => `out(${v > 0x20 && v < 0x7f ? String.fromCharCode(v) : hex(v)})`);
const opcodes = OPCODES.map((opcode) => opcode.name);

/**
 * What a step's commit says: change of stack depth, whether the bytes go on the stack, whether a branch is taken, and
 * how many instructions the cursor moves on (before a branch's jump).
 */
export interface Commit {
  readonly depth: number;
  readonly stores: boolean;
  readonly branch: boolean;
  readonly advance: 1 | 2;
}

/** The combinations that instructions need. */
export const COMMITS: readonly Commit[] = [
  { depth: 1, stores: true, branch: false, advance: 1 },
  { depth: 0, stores: true, branch: false, advance: 1 },
  { depth: -1, stores: true, branch: false, advance: 1 },
  { depth: -2, stores: true, branch: false, advance: 1 },
  { depth: 0, stores: false, branch: false, advance: 1 },
  { depth: -1, stores: false, branch: false, advance: 1 },
  { depth: -2, stores: false, branch: false, advance: 1 },
  { depth: 0, stores: false, branch: true, advance: 1 },
  { depth: -1, stores: false, branch: true, advance: 1 },
  { depth: 1, stores: true, branch: false, advance: 2 },
];

/** Which of `COMMITS` says this. @throws RangeError if none does */
export function commitIndex({ depth, stores, branch, advance }: Commit): number {
  const index = COMMITS.findIndex(
    (c) => c.depth === depth && c.stores === stores && c.branch === branch && c.advance === advance,
  );
  if (index < 0) throw new RangeError(`no commit token for depth ${depth}, stores ${stores}, branch ${branch}`);
  return index;
}

/** Text of a commit token: `commit(+1,sts=1,bt=0)`; `adv=2` is added where the cursor moves by two. */
export function commitText({ depth, stores, branch, advance }: Commit): string {
  const further = advance === 1 ? '' : `,adv=${advance}`;
  return `commit(${depth > 0 ? '+' : ''}${depth},sts=${Number(stores)},bt=${Number(branch)}${further})`;
}

/** Tokens that open a line which states a fact instead of executing: address (4 bytes), value bytes, edit_commit. So does `input`. */
export const EDIT_KINDS = ['stack', 'local', 'global', 'memory'] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** The vocabulary: text of token id i. */
export const VOCABULARY: readonly string[] = [
  ...table,
  ...bytes,
  ...carryBytes,
  ...opcodes,
  '{',
  '}',
  'run',
  'data',
  'global',
  'input',
  ...EDIT_KINDS.map((kind) => `edit(${kind})`),
  'edit_commit',
  'edit_commit(stack)',
  'input_end',
  ...COMMITS.map(commitText),
  'call_commit',
  'return_commit',
  'read_commit',
  'need_input',
  'branch_taken',
  ...out,
  ...TRAP_REASONS.map((reason) => `trap(${reason})`),
];

const IDS = new Map(VOCABULARY.map((text, id) => [text, id]));

/** Id of the token with this text. @throws RangeError if there is none. */
export function tokenId(text: string): number {
  const id = IDS.get(text);
  if (id === undefined) throw new RangeError(`no token "${text}" in the vocabulary`);
  return id;
}

/** Id of the token with this text, or undefined. */
export function findToken(text: string): number | undefined {
  return IDS.get(text);
}

/** Ids that code tests by range or identity, named. */
export const TOKEN = {
  byte: TABLE_SIZE,
  carryByte: TABLE_SIZE + 256,
  opcode: TABLE_SIZE + 512,
  out: tokenId('out(00)'),
  open: tokenId('{'),
  close: tokenId('}'),
  run: tokenId('run'),
  data: tokenId('data'),
  global: tokenId('global'),
  input: tokenId('input'),
  editCommit: tokenId('edit_commit'),
  editStackCommit: tokenId('edit_commit(stack)'),
  inputEnd: tokenId('input_end'),
  callCommit: tokenId('call_commit'),
  returnCommit: tokenId('return_commit'),
  readCommit: tokenId('read_commit'),
  needInput: tokenId('need_input'),
  branchTaken: tokenId('branch_taken'),
  commit: tokenId(commitText(COMMITS[0])),
  /** Both the instruction in the program and the token that ends a trace. */
  halt: tokenId('halt'),
  trap: tokenId(`trap(${TRAP_REASONS[0]})`),
} as const;
