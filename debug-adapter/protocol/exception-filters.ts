/** The exceptions that clients can choose to be told of, as they offer them to people. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { TRAP_REASONS } from '../../engine/isa/opcodes.ts';

export type ExceptionFilter = 'trap' | 'exit' | 'abort' | 'memory' | 'divergence';

/** `default`: which are on until a client says otherwise. */
export const EXCEPTION_FILTERS: readonly (DebugProtocol.ExceptionBreakpointsFilter & { filter: ExceptionFilter })[] = [
  {
    filter: 'trap',
    label: 'Traps',
    description:
      'WebAssembly cannot go on: a division by zero, an address outside of memory, an exception that nothing catches',
    default: true,
    supportsCondition: true,
    conditionDescription: `Kinds of traps, with commas between them: ${TRAP_REASONS.slice(1, 4).join(', ')}`,
  },
  {
    filter: 'exit',
    label: 'Exit codes other than 0',
    default: false,
    supportsCondition: true,
    conditionDescription: 'Exit codes: 3, > 1, != 2',
  },
  {
    filter: 'abort',
    label: 'abort and failed assertions',
    default: true,
    supportsCondition: true,
    conditionDescription: 'A part of what is printed, such as the text of an assertion',
  },
  {
    filter: 'memory',
    label: 'Misuse of memory',
    description: 'Null pointers, blocks of the heap freed or too small, memory that nothing was ever written to',
    // It looks at each access of C: generation takes a third to a half longer.
    default: false,
  },
  {
    filter: 'divergence',
    label: 'Divergence from V8',
    description: 'V8 runs the same module beside the model, and the model does something else',
    default: false,
  },
];
