/**
 * How the trace line of each instruction looks, told from its row of the opcode table: for hover texts, which say what
 * to expect and how many tokens it takes. Traps are left out: one stands instead of any line that can trap.
 */
import type { Opcode } from '../../engine/isa/opcodes.ts';
import { commitText } from '../../engine/isa/vocabulary.ts';

/** A line an instruction can leave; `xx` is any byte. */
export interface LineForm {
  readonly tokens: readonly string[];
  /** When it does, if there are several. */
  readonly when?: string;
}

const bytes = (count: number): string[] => Array.from({ length: count }, () => 'xx');
const taken = (...end: string[]) => ['branch_taken', ...bytes(4), ...end];

/** The lines that an instruction can leave in a trace; none for those that are never executed. */
export function lineForms(row: Opcode): LineForm[] {
  const advance = row.advance ?? 1;
  const commit = commitText({ depth: row.pushes - row.pops, stores: row.pushes > 0, branch: false, advance });
  switch (row.circuit) {
    case 'halt':
      return [{ tokens: ['halt'] }];
    case 'trap':
      return [{ tokens: ['trap(…)'] }];
    case 'write':
      return [{ tokens: ['out(…)'] }];
    case 'read':
      return [
        { tokens: [...bytes(4), 'read_commit'], when: 'a byte was there' },
        { tokens: [...bytes(4), commit], when: 'at the end of the input' },
        { tokens: ['need_input'], when: 'when the byte was not given yet; then comes the input, then the line' },
      ];
    case 'return':
      return [{ tokens: taken('return_commit') }];
    case 'branch':
      return branchForms(row, commit);
    default:
      // Rows that only carry bytes for another one.
      if (row.immediate === 'stride' || row.immediate === 'high') return [];
      return [{ tokens: [...bytes(row.bytes), commit] }];
  }
}

function branchForms(row: Opcode, untaken: string): LineForm[] {
  if (row.variant === 'call') return [{ tokens: taken('call_commit') }];
  const jump = taken(commitText({ depth: -row.pops, stores: false, branch: true, advance: 1 }));
  if (row.variant === 'always' || row.variant === 'table') return [{ tokens: jump }];
  return [
    { tokens: jump, when: 'taken' },
    { tokens: [untaken], when: 'not taken' },
  ];
}
