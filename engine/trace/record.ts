/**
 * What a moment needs to know of a history: who wrote what, and where lines begin. It stands below both, so that a
 * history can hand out moments and a moment can read the history.
 */
import type { TokenProgram } from '../isa/program.ts';
import type { PromptFacts } from './prompt-facts.ts';
import type { WriteLog } from './write-log.ts';

/** The read side of a write log. */
type Writes = Pick<WriteLog, 'before'>;

/** See the file's comment; `History` says what each is. */
export interface TraceRecord {
  readonly program: TokenProgram;
  readonly facts: Pick<PromptFacts, 'cell' | 'byte' | 'fill'>;
  readonly stackWrites: Writes;
  readonly cellWrites: Writes;
  readonly memoryWrites: Pick<WriteLog, 'before' | 'next'>;
  readonly callWrites: Writes;
  tokenAt(index: number): number;
  firstToken(line: number): number;
  depthOf(line: number): number;
  stackDepthOf(line: number): number;
  lineOfToken(token: number): number;
  word(token: number): number;
  widthAt(token: number): number;
}
