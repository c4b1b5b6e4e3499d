/**
 * Which lines of a trace a line's heads look at, by the write logs: the lines that wrote its operands, the cell or the
 * bytes that it reads, the call that it returns from. Heads that work within a line, and the token before it, are
 * left out, and so is the instruction that the line executes.
 */
import { OPCODES } from '../isa/opcodes.ts';
import type { History } from './history.ts';
import { InputLog } from './input-log.ts';

/** See the file's comment. */
export class LookedUp {
  private readonly history: History;
  private readonly input: InputLog;

  constructor(history: History) {
    this.history = history;
    this.input = new InputLog(history);
  }

  /**
   * Calls `found` with a token of each such line, and with the first of what a value in the prompt consists of, until it
   * returns true. Whether it did.
   */
  some(line: number, found: (token: number) => boolean): boolean {
    const { history } = this;
    const { program } = history;
    if (!history.executes(line)) return false;
    const cursor = history.cursorOf(line);
    const { circuit, pops, variant, access = 0 } = OPCODES[program.ops[cursor]];
    const first = history.firstToken(line);
    const depth = history.stackDepthOf(line);
    // A `local.tee` looks at what it leaves where it is.
    const operands = circuit === 'cell-set' ? 1 : pops;
    for (let below = 0; below < operands; below++) {
      const writer = history.stackWrites.before(depth - 1 - below, first);
      if (writer >= 0 && found(writer)) return true;
    }
    if (circuit === 'load') {
      const base = history.word(history.stackWrites.before(depth - 1, first)) + program.imms[cursor];
      const moment = history.moment(line);
      for (let i = 0; i < access; i++) {
        const writer = moment.memoryWrite(base + i);
        if (writer >= 0 && found(writer)) return true;
      }
    } else if (circuit === 'cell-get') {
      const cell = program.imms[cursor] + (variant === 'local' ? history.depthOf(line) * program.stride : 0);
      const written = history.moment(line).cellWrite(cell);
      if (!written) return false;
      // A set has no bytes: what it did is noted by the pass that chose its end, the one over the token before.
      if (found(written.value) || found(written.write) || found(written.write - 1)) return true;
    } else if (circuit === 'return') {
      const call = history.callWrites.before(history.depthOf(line), first);
      if (call >= 0 && found(call)) return true;
    }
    return circuit === 'read' && found(this.input.tokenOf(line));
  }
}
