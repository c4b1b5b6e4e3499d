/** Instructions, tokens and numbers in words: the texts of all hovers. Instructions come from the opcode table. */
import { type Immediate, type Opcode, opcodeNamed, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { COMMITS, commitText, findToken, TABLE_SIZE, TOKEN } from '../../engine/isa/vocabulary.ts';
import { type LineForm, lineForms } from './line-forms.ts';

const IMMEDIATES: Record<Immediate, string> = {
  none: 'none',
  value: 'the constant',
  high: 'the high four bytes of the constant before it',
  offset: 'an offset that is added to the address',
  cell: 'the index of the variable',
  jump: 'a jump, counted in instructions from the next one',
  count: 'the number of table entries before the default',
  reason: 'the reason of the trap',
  stride: 'cells per call frame',
};

const count = (n: number, what: string) => `${n === 0 ? 'no' : n} ${what}${n === 1 ? '' : 's'}`;

function formText({ tokens, when }: LineForm): string {
  const size = count(tokens.length, 'token');
  return `\`${tokens.join(' ')}\` (${when ? `${when}; ` : ''}${size})`;
}

/** Everything about an instruction, as Markdown. */
export function opcodeMarkdown(row: Opcode): string {
  const { name, code, immediate, pops, pushes, circuit, doc, bytes } = row;
  const gives = pushes > 0 ? `${count(pushes, 'value')} of ${bytes} bytes` : count(pushes, 'value');
  const operands = pops > 0 && row.operand === 8 ? ' (eight bytes wide)' : '';
  const forms = lineForms(row);
  const facts = [
    `Takes ${count(pops, 'value')}${operands} from the stack, gives ${gives}`,
    `Immediate: ${IMMEDIATES[immediate]}`,
    `Circuit: ${circuit === 'none' ? 'none, the commit does it all' : circuit}`,
    forms.length === 0 ? 'Never executed: no trace line' : `Trace line: ${forms.map(formText).join(' or ')}`,
    code === undefined
      ? 'In token programs only'
      : `Encoding in WebAssembly: \`0x${code.toString(16).padStart(2, '0')}\``,
  ];
  return `**\`${name}\`** ${doc}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

const COMMIT_WORDS = new Map(
  COMMITS.map((commit) => {
    const { depth, stores, branch, advance } = commit;
    const parts = [
      'the step ends',
      depth === 0 ? 'the stack depth stays' : `the stack depth changes by ${depth > 0 ? '+' : ''}${depth}`,
      stores ? 'the bytes go on the stack' : 'nothing goes on the stack',
      branch ? 'the branch is taken' : 'no branch',
    ];
    if (advance === 2) parts.push('the instruction behind is passed over (it holds the rest of the constant)');
    return [commitText(commit), `Commit: ${parts.join('; ')}.`];
  }),
);

const EDIT = 'An edit, made in the debugger:';

const TOKENS: Readonly<Record<string, string>> = {
  '{': 'The program begins: its first instruction follows.',
  '}': 'The program ends; the input follows, then the trace.',
  run: 'The prompt ends: what follows is generated.',
  input: 'Bytes of the input: four bytes that say the number of the first one, then the bytes.',
  input_end: 'The input ends: no more will come.',
  need_input: 'The program reads a byte that was not given yet: generation waits for it.',
  data: 'Bytes of memory before the program starts: four bytes of address, then what stands there.',
  global: 'The initial value of a global variable: four bytes of its cell, then its value.',
  edit_commit: 'The end of a line that states a fact instead of executing an instruction.',
  'edit_commit(stack)': 'The end of an edit of the operand stack.',
  'edit(stack)': `${EDIT} a value of the operand stack is replaced. Its depth and the new value follow.`,
  'edit(local)': `${EDIT} a local variable is given another value. Its cell and the new value follow.`,
  'edit(global)': `${EDIT} a global variable is given another value. Its cell and the new value follow.`,
  'edit(memory)': `${EDIT} memory is changed. The address and the new bytes follow.`,
  call_commit: 'The step ends with a call: one frame more, and execution goes on at the function.',
  return_commit: 'The step ends with a return: one frame less, and execution goes on behind the call.',
  read_commit: 'The step ends: the byte read from the input goes on the stack, and the input moves on by one.',
  branch_taken: 'A jump: four bytes say by how many instructions, counted from the next one.',
  halt: 'The program has ended. What is on top of the stack is its exit code.',
};

/** A token of the vocabulary in words; undefined for what is none. */
export function tokenWords(text: string): string | undefined {
  const id = findToken(text);
  if (id === undefined) return undefined;
  if (id < TABLE_SIZE) return `Table token: its embedding holds tables of functions of ${id}.`;
  if (id < TOKEN.carryByte) return `Byte ${id - TOKEN.byte}.`;
  if (id < TOKEN.opcode) return `Byte ${id - TOKEN.carryByte}; \`'\` marks a carry (or borrow) out of it.`;
  const words = COMMIT_WORDS.get(text) ?? TOKENS[text];
  if (words) return words;
  if (id >= TOKEN.out && id < TOKEN.out + 256)
    return `Output: the program puts out the byte ${byteText(id - TOKEN.out)}.`;
  if (id >= TOKEN.trap && id < TOKEN.trap + TRAP_REASONS.length) {
    return `Trap: the program ends here, because of: ${TRAP_REASONS[id - TOKEN.trap]}.`;
  }
  return opcodeNamed(text)?.doc;
}

/** `104 ("h")` */
function byteText(value: number): string {
  return value > 0x20 && value < 0x7f ? `${value} (\`${String.fromCharCode(value)}\`)` : String(value);
}

/** The number that bytes stand for, little endian: unsigned, signed and hexadecimal. */
export function numberWords(bytes: readonly number[]): string {
  const unsigned = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const signed = BigInt.asIntN(8 * bytes.length, unsigned);
  const hex = `0x${unsigned.toString(16).padStart(2 * bytes.length, '0')}`;
  const both = signed === unsigned ? `**${unsigned}**` : `**${signed}** (unsigned ${unsigned})`;
  const letter = unsigned > 0x20n && unsigned < 0x7fn ? `, \`${String.fromCharCode(Number(unsigned))}\`` : '';
  return `${both}, ${hex}${letter}`;
}

/** What an immediate says; `cursor` is its instruction's number, if known. */
export function immediateWords(row: Opcode, bytes: readonly number[], cursor?: number): string {
  const imm = bytes.reduceRight((value, byte) => value * 256 + byte, 0) | 0;
  const unsigned = imm >>> 0;
  switch (row.immediate) {
    case 'none':
      return imm === 0
        ? 'No immediate: four zeros.'
        : `Not used: \`${row.name}\` has no immediate. ${numberWords(bytes)}`;
    case 'jump': {
      const target = cursor === undefined ? '' : `, to instruction ${cursor + 1 + imm}`;
      return `Jump by **${imm >= 0 ? '+' : ''}${imm}** from the next instruction${target}.`;
    }
    case 'cell':
      return `${row.variant === 'local' ? 'Local variable' : 'Global cell'} **${unsigned}**.`;
    case 'reason':
      return `Reason **${unsigned}**: ${TRAP_REASONS[unsigned] ?? 'unknown'}.`;
    case 'stride':
      return `A call frame has **${unsigned}** cells.`;
    case 'count':
      return `**${unsigned}** entries, then the default.`;
    case 'offset':
      return `Offset **${unsigned}** (0x${unsigned.toString(16)}).`;
    default:
      return `Immediate, little endian: ${numberWords(bytes)}.`;
  }
}
