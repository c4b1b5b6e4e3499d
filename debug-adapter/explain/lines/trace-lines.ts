/** What stands beside lines of a trace page: for each the instruction, what it does in C's terms, and the line of C. */
import { instructionText } from '../../../engine/isa/program.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import type { Work } from '../../recording/pace.ts';
import type { Past } from '../past/past.ts';
import { meaning } from './meaning.ts';

type Answer = AnswerOf<'stepformer/lines'>;

/** Some lines from one on, as far as the user has come. */
export function* traceLines(past: Past, { traceLine: from, count }: ArgumentsOf<'stepformer/lines'>): Work<Answer> {
  const { recording, debuggee, places, pace } = past;
  const end = Math.min(from + count, recording.lines, recording.reached + 1);
  const lines: Answer['lines'][number][] = [];
  for (let line = from; line < end; line++) {
    const executes = recording.history.executes(line);
    const { text, place, function: name } = places.of(line);
    lines.push({
      token: recording.firstToken(line),
      instruction: executes ? instructionText(debuggee.program, recording.cursorOf(line)) : '',
      meaning: meaning(debuggee, recording, line),
      ...(place && { place, source: text }),
      ...(name === undefined ? {} : { function: name }),
    });
    if (pace.due()) yield;
  }
  return { lines };
}
