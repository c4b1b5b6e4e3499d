/**
 * A piece of memory with what is known about it: its bytes, who wrote each last, and the variables of C that lie there. What
 * the Memory view shows.
 */
import { describe } from '../../engine/debuginfo/index.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { MemoryMap } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cursorInC, framesOf } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import { namedVariables } from './naming.ts';

/** Where it is, what it is of. `address` undefined: where the variables of the innermost call lie. */
interface Wanted {
  address: number | undefined;
  /** Bytes. */
  count: number;
}

/** Bytes of a row: what is shown begins with a whole one. */
const ROW = 16;

/** The memory before trace line `line`. */
export function memoryMap(
  debuggee: Debuggee,
  recording: Recording,
  line: number,
  { address, count }: Wanted,
): MemoryMap {
  const moment = recording.moment(line);
  const frames = framesOf(moment, recording, debuggee.code);
  const variables = namedVariables(debuggee, frames);
  const first = variables.find(({ frame }) => frame !== undefined) ?? variables[0];
  const mine = variables.filter(({ frame }) => frame === first?.frame).map((variable) => variable.address);
  const wanted = address ?? (mine.length > 0 ? Math.min(...mine) : 0);
  const start = Math.max(wanted - (wanted % ROW), 0);
  const bytes = moment.memory(start, count);
  const end = start + bytes.length;
  const functionInTable = (index: number) => debuggee.debug?.functionInTable(index);
  return {
    address: start,
    wanted,
    size: moment.memorySize,
    bytes: [...bytes],
    traceLine: line,
    writes: writesOf(debuggee, recording, moment, start, end),
    variables: variables
      .filter((variable) => variable.address < end && variable.address + variable.size > start)
      .map(({ name, value, address: at, size, frame }) => {
        const { text, typeName } = describe(value, debuggee.state(frame ?? frames[0]), { functionInTable, limit: 60 });
        const owner = frame && debuggee.code.sourceFunctionAt(frame.cursor)?.name;
        return { name, address: at, size, value: text, type: typeName, ...(owner ? { function: owner } : {}) };
      }),
  };
}

/** Runs of bytes that one line wrote last, in ascending order; bytes that nothing was put into are left out. */
function writesOf(
  debuggee: Debuggee,
  recording: Recording,
  moment: Moment,
  start: number,
  end: number,
): MemoryMap['writes'] {
  const writes: MemoryMap['writes'][number][] = [];
  for (let address = start; address < end; address++) {
    const token = moment.memoryWrite(address);
    if (token < 0) continue;
    const traceLine = recording.lineOfToken(token);
    const last = writes.at(-1);
    if (last && last.address + last.length === address && (last.traceLine ?? -1) === traceLine) last.length++;
    else writes.push({ address, length: 1, token, ...writerOf(debuggee, recording, traceLine) });
  }
  return writes;
}

/** What the prompt states was written by no line. */
function writerOf({ code }: Debuggee, recording: Recording, traceLine: number) {
  if (traceLine < 0) return {};
  const cursor = cursorInC(recording.moment(traceLine), recording, code);
  const place = cursor === undefined ? undefined : code.placeOf(cursor);
  return { traceLine, ...(place ? { place: { path: place.file, line: place.line } } : {}) };
}
