/**
 * Values and computations in people's words: an operand as it stands in the C line where debug information says where
 * that is (`board->can[i]`, `getchar()`, `'0'`), otherwise by what gave it: a number, a local's name, operands around an
 * operator.
 */
import { instructionText, type NumberType, type ProgramFunction } from '../../engine/isa/program.ts';
import type { ByteSteps } from '../../engine/trace/byte-steps.ts';
import type { HopOperand } from '../protocol/protocol.ts';
import { expressionAt } from './source-text.ts';
import { typesOfOperator, valueText } from './value-text.ts';
import type { Places } from './whereabouts.ts';

/** Operators of C by what instructions, and helpers, are called behind their type. */
const SYMBOLS: Record<string, string> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  div_s: '/',
  div_u: '/',
  rem_s: '%',
  rem_u: '%',
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr_s: '>>',
  shr_u: '>>',
  eq: '==',
  ne: '!=',
  ...Object.fromEntries(
    ['', '_s', '_u'].flatMap((sign) => [
      [`lt${sign}`, '<'],
      [`gt${sign}`, '>'],
      [`le${sign}`, '<='],
      [`ge${sign}`, '>='],
    ]),
  ),
};

/** How deep operands of operands are told. */
const DEPTH = 2;

/** What a computation is: its operator's name and its operands, in order. */
export interface Computation {
  readonly line: number;
  readonly operands: readonly number[];
}

export class Wording {
  private readonly steps: ByteSteps;
  private readonly places: Places;

  constructor(steps: ByteSteps, places: Places) {
    this.steps = steps;
    this.places = places;
  }

  /** The operands of a computation, in order. */
  operands({ line, operands }: Computation): HopOperand[] {
    const { operand: type } = this.typesOf(line);
    return operands.map((value) => this.operand(value, line, type));
  }

  /** One value that line `line` takes, which begins at token `value`. */
  operand(value: number, line: number, type?: NumberType): HopOperand {
    const { steps } = this;
    const token = value + steps.history.widthAt(value);
    const shown = { text: this.text(value, line, 0, type), value: valueText(steps.history, value, type), token };
    return steps.isConstant(value, line) ? { ...shown, constant: true } : shown;
  }

  /** The computation in C's operators: `x + y`. */
  expression({ line, operands }: Computation): string {
    return this.combined(line, operands, 0);
  }

  /** Types of what a line computes, where its operator says so. */
  typesOf(line: number): { operand?: NumberType; result?: NumberType } {
    const helper = this.helperOf(line);
    return helper ? typesOfOperator(helper.name) : {};
  }

  private combined(line: number, operands: readonly number[], depth: number): string {
    const name = this.operatorOf(line);
    const symbol = SYMBOLS[name];
    const { operand: type } = this.typesOf(line);
    const texts = operands.map((value) => this.text(value, line, depth + 1, type));
    const grouped = texts.map((text) => (/ [^\w\s'"(]+ /.test(text) ? `(${text})` : text));
    if (symbol && grouped.length === 2) return `${grouped[0]} ${symbol} ${grouped[1]}`;
    if (name === 'eqz') return `!${grouped[0]}`;
    return `${name}(${texts.join(', ')})`;
  }

  /** `add` of `i32.add`, and of the helper `(f64.add)`. */
  private operatorOf(line: number): string {
    const name = this.helperOf(line)?.name.slice(1, -1) ?? this.steps.opcode(line).name;
    return name.replace(/^[if](?:32|64)\./, '');
  }

  private helperOf(line: number): ProgramFunction | undefined {
    if (this.steps.opcode(line).variant !== 'call') return undefined;
    const call = this.steps.helperCall(line + 1);
    return call?.line === line ? call.helper : undefined;
  }

  private text(value: number, line: number, depth: number, type?: NumberType): string {
    const { steps, places } = this;
    const { history } = steps;
    const parameter = places.isC ? this.parameterOf(value, line) : undefined;
    if (parameter !== undefined) return parameter;
    const made = places.isC ? steps.throughLocals(value) : { value, line: history.lineOfToken(value) };
    if (made.line < 0) return valueText(history, value, type);
    const returned = this.callWithin(made.line, line);
    if (returned >= 0 && !this.helperOf(returned)) return this.atColumn(returned) ?? `${this.calleeOf(returned)}()`;
    if (returned >= 0)
      return depth > DEPTH ? valueText(history, made.value, type) : this.ofStep(made.value, line, depth);
    const { circuit, variant, pops } = steps.opcode(made.line);
    if (circuit === 'const') return valueText(history, made.value, type);
    if (circuit === 'load') return this.atColumn(made.line) ?? this.unnamed(made, type);
    if (circuit === 'cell-get') return this.cellName(made.line, variant === 'local');
    if (circuit === 'read') return 'read_byte()';
    if (depth > DEPTH || pops === 0) return valueText(history, made.value, type);
    return this.ofStep(made.value, line, depth);
  }

  /** The name of the parameter of line `line`'s call that a value was got from, if it was. */
  private parameterOf(value: number, line: number): string | undefined {
    const { steps, places } = this;
    const { history } = steps;
    for (let at = value; ; ) {
      const get = history.lineOfToken(at);
      if (get < 0 || steps.opcode(get).circuit !== 'cell-get' || steps.opcode(get).variant !== 'local')
        return undefined;
      const found = steps.cellOf(get);
      if (!found) return undefined;
      const set = history.lineOfToken(found.write);
      const isTaken = history.cursorOf(set) < (places.functionAt(set)?.body ?? 0);
      if (isTaken && steps.sameCall(set, line))
        return places.parameterName(line, history.program.imms[history.cursorOf(get)]);
      at = found.value;
    }
  }

  /** A value by how it was made: an operator, or what it was moved from in one line. */
  private ofStep(value: number, line: number, depth: number): string {
    const step = this.steps.step(value);
    if (step.kind === 'compute') return this.combined(step.line, step.operands, depth);
    return step.kind === 'copy' ? this.text(step.from, line, depth + 1) : valueText(this.steps.history, value);
  }

  /** What was loaded where no source says what it is called. */
  private unnamed({ value, line }: { value: number; line: number }, type?: NumberType): string {
    const { history } = this.steps;
    return this.places.isC ? valueText(history, value, type) : instructionText(history.program, history.cursorOf(line));
  }

  /** The call, made in the same frame as `line`, inside of which `made` is; -1 for none. */
  private callWithin(made: number, line: number): number {
    const { steps } = this;
    const { history } = steps;
    const frame = steps.callOf(line);
    for (let at = made; at > frame; at = steps.callOf(at)) {
      if (history.depthOf(at) <= history.depthOf(line)) return at === made ? -1 : at;
    }
    return -1;
  }

  private atColumn(line: number): string | undefined {
    const found = this.places.ofCursor(this.steps.history.cursorOf(line));
    if (!found || found.column === 0) return undefined;
    return expressionAt(this.places.lineText(found.place), found.column);
  }

  private calleeOf(call: number): string {
    return this.places.of(call + 1).function ?? '?';
  }

  private cellName(line: number, isLocal: boolean): string {
    const { history } = this.steps;
    const imm = history.program.imms[history.cursorOf(line)];
    const fn = this.places.functionAt(line);
    if (isLocal) return fn?.localNames[imm] ?? `local ${imm}`;
    return history.program.globals.find(({ cell }) => cell === imm)?.name ?? `global ${imm}`;
  }
}
