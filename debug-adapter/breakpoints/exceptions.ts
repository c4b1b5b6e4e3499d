/**
 * Exceptions: what a program ends by, or does to its memory, that its author did not mean. The client chooses which of them are told as one; the
 * others are an end like any other.
 *
 * `abort` and a failed assertion end in a trap of WebAssembly like a wrong address does. They are told apart by the
 * library's functions that are open at the end, and what those printed is the text.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PlacedError } from '../../engine/errors.ts';
import { TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { stackOverflow } from '../../engine/run/stack-overflow.ts';
import { ABORTS } from '../../engine/toolchain/library-functions.ts';
import type { End } from '../../engine/trace/history.ts';
import { OutputReader } from '../../engine/trace/output.ts';
import { UNCAUGHT, uncaughtText } from '../../engine/trace/uncaught.ts';
import { EXCEPTION_FILTERS, type ExceptionFilter } from '../protocol/exception-filters.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { CodeMap } from '../recording/code-map.ts';
import type { Recording } from '../recording/recording.ts';

/** How a program ended that did not end well. */
export interface Exception {
  readonly filter: ExceptionFilter;
  /** What clients call it. */
  readonly id: string;
  readonly title: string;
  /** As a sentence. */
  readonly text: string;
}

/** Undefined for an end that is none. */
export function exceptionOf(end: End, recording: Recording, code: CodeMap): Exception | undefined {
  if (end.kind === 'halt') {
    const text = `The program ended with exit code ${end.code}.`;
    return end.code === 0 ? undefined : { filter: 'exit', id: `exit code ${end.code}`, title: 'Exited', text };
  }
  const uncaught = uncaughtText(end, recording.history);
  if (uncaught !== undefined) {
    const text = `${uncaught[0].toUpperCase()}${uncaught.slice(1)}.`;
    return { filter: 'trap', id: UNCAUGHT, title: 'Uncaught exception', text };
  }
  const aborted = abortAt(end.line, recording, code);
  if (aborted) return aborted;
  const reason = end.reason ?? 'unknown';
  const overflow = stackOverflow(end, recording.history);
  if (overflow) {
    return {
      filter: 'trap',
      id: reason,
      title: 'Stack overflow',
      text: `${overflow[0].toUpperCase()}${overflow.slice(1)}.`,
    };
  }
  return { filter: 'trap', id: reason, title: 'Trapped', text: `Trap: ${reason}.` };
}

/** The outermost open call of a function that aborts. */
function abortAt(line: number, recording: Recording, code: CodeMap): Exception | undefined {
  for (const call of recording.moment(line).calls) {
    const name = code.functionAt(recording.cursorOf(call + 1))?.name ?? '';
    const title = ABORTS.get(name);
    if (title === undefined) continue;
    const printed: number[] = [];
    new OutputReader(recording.history).read(call, line, (byte) => printed.push(byte));
    const message = new TextDecoder().decode(Uint8Array.from(printed)).trim();
    const id = name === 'abort' ? 'abort' : 'assert';
    return { filter: 'abort', id, title, text: id === 'abort' ? 'The program called abort().' : `${message}.` };
  }
  return undefined;
}

/** Which exceptions a client wants to be told of. */
export class ExceptionBreakpoints {
  /** Per filter that is on: whether an exception of it counts. */
  private wanted = new Map<ExceptionFilter, (exception: Exception, code: number) => boolean>(
    EXCEPTION_FILTERS.filter((filter) => filter.default).map(({ filter }) => [filter, () => true]),
  );

  /** Answers in the order of the filters, those with conditions behind the others. */
  set({ filters, filterOptions }: ArgumentsOf<'setExceptionBreakpoints'>): DebugProtocol.Breakpoint[] {
    this.wanted = new Map();
    const plain = filters.map((filterId) => ({ filterId, condition: undefined }));
    return [...plain, ...filterOptions].map(({ filterId, condition }) => {
      const filter = EXCEPTION_FILTERS.find((known) => known.filter === filterId)?.filter;
      if (!filter) return { verified: false, message: `There is no exception filter "${filterId}".` };
      try {
        const fits = condition?.trim() ? CONDITIONS[filter](condition.trim()) : () => true;
        const before = this.wanted.get(filter);
        this.wanted.set(filter, before ? (exception, code) => before(exception, code) || fits(exception, code) : fits);
        return { verified: true };
      } catch (error) {
        if (!(error instanceof PlacedError)) throw error;
        return { verified: false, message: error.message };
      }
    });
  }

  /** Whether a filter is on. */
  wants(filter: ExceptionFilter): boolean {
    return this.wanted.has(filter);
  }

  /** Whether an end is told as an exception. */
  stopsAt(end: End, recording: Recording, code: CodeMap): boolean {
    const exception = exceptionOf(end, recording, code);
    return exception !== undefined && (this.wanted.get(exception.filter)?.(exception, end.code) ?? false);
  }
}

/** What a filter's condition means. They throw a PlacedError for text that means nothing. */
const CONDITIONS: Record<ExceptionFilter, (text: string) => (exception: Exception, code: number) => boolean> = {
  trap(text) {
    const kinds = text.split(',').map((kind) => kind.trim());
    const known: readonly string[] = [...TRAP_REASONS, UNCAUGHT];
    const unknown = kinds.find((kind) => !known.includes(kind));
    if (unknown !== undefined) {
      throw new PlacedError(`"${unknown}" is no kind of trap: they are ${known.join(', ')}`);
    }
    return ({ id }) => kinds.includes(id);
  },
  memory: unconditional,
  divergence: unconditional,
  abort: (part) => (exception) => exception.text.includes(part),
  exit(text) {
    const match = /^(<=|>=|==|=|!=|<|>)?\s*(-?\d{1,10})$/.exec(text);
    if (!match) throw new PlacedError(`"${text}" is no condition for an exit code: write 3, > 1 or != 2`);
    const wanted = Number(match[2]);
    const compare = COMPARISONS[match[1] ?? '=='];
    return (_, code) => compare(code, wanted);
  },
};

function unconditional(): never {
  throw new PlacedError('this filter has no conditions');
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
