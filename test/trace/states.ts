/** The state before a line: as the oracle has it, and as a history says it was. */
import type { History } from '../../engine/trace/history.ts';
import type { Interpreter } from '../oracle/interpreter.ts';

/** Everything that both can say. */
export type State = Record<'cursor' | 'stack' | 'cells' | 'memory' | 'calls', unknown>;

const MEMORY = 400;

const number = (low: number, high: number, width: number) =>
  width === 8 ? (BigInt(high) << 32n) | BigInt(low >>> 0) : low | 0;

export function oracleState(m: Interpreter): State {
  const cells = (m.callDepth + 1) * m.program.stride;
  return {
    cursor: m.cursor,
    stack: Array.from({ length: m.depth }, (_, i) => number(m.stack[i], m.stackHigh[i], m.stackWidth[i])),
    cells: Array.from({ length: cells }, (_, i) => number(m.cells[i] ?? 0, m.cellsHigh[i] ?? 0, 8)),
    memory: Array.from({ length: MEMORY }, (_, i) => m.memory[i] ?? 0),
    calls: Array.from({ length: m.callDepth }, (_, d) => m.returns[d + 1] - 1),
  };
}

const signed = (value: number | bigint) => (typeof value === 'bigint' ? BigInt.asIntN(64, value) : value | 0);

export function historyState(history: History, line: number): State {
  const moment = history.moment(line);
  const cells = (moment.callDepth + 1) * history.program.stride;
  // Cells of four bytes have no high half: the oracle says zero.
  const cell = (i: number) => {
    const value = moment.cellWrite(i)?.value ?? -1;
    return value >= 0 && history.widthAt(value) === 4 ? BigInt(moment.cell(i)) : signed(moment.wideCell(i));
  };
  return {
    cursor: history.cursorOf(line),
    stack: Array.from({ length: moment.stackDepth }, (_, i) => signed(moment.stackBits(i))),
    cells: Array.from({ length: cells }, (_, i) => cell(i)),
    memory: [...moment.memory(0, MEMORY)],
    calls: moment.calls.map((call) => history.cursorOf(call)),
  };
}
