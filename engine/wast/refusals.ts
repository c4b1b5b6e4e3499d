/** Growth of memory that a module allows and the machine has no room for, as a trace shows it. */
import type { TokenProgram } from '../isa/program.ts';
import type { History } from '../trace/history.ts';

/** The first such growth in the lines from `from` on, in words. O(lines). */
export function refusedGrowth(program: TokenProgram, history: History, from: number): string | undefined {
  const { refusals = [], ops, stride } = program;
  if (refusals.length === 0) return undefined;
  const marks = new Uint8Array(ops.length);
  for (const { cursor } of refusals) marks[cursor] = 1;
  let line = history.firstMarked(marks, from, history.lines);
  for (; line >= 0; line = history.firstMarked(marks, line + 1, history.lines)) {
    const found = refusals.find(({ cursor }) => cursor === history.cursorOf(line));
    if (!found) continue;
    const moment = history.moment(line);
    const { delta, memory, limit, allowed } = found;
    const pages = moment.cell(memory.end) - memory.base + moment.cell(moment.callDepth * stride + delta);
    if (pages <= allowed) return `memory was to grow to ${pages} pages, and the machine has ${limit}`;
  }
  return undefined;
}
