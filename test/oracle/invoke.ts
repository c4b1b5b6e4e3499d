/** Calls of a program's exported functions in the oracle, with values as JavaScript has them. */
import { type NumberType, numberType, type TokenProgram } from '../../engine/isa/program.ts';
import { Interpreter } from './interpreter.ts';

/** A number of WebAssembly: floats as numbers unless they are given as `bits`. */
export type Value = number | bigint;

const view = new DataView(new ArrayBuffer(8));

/** Bits of a value of this type: a number for four bytes, a bigint for eight. */
export function toBits(type: NumberType, value: Value): Value {
  if (type === 'f32') {
    view.setFloat32(0, Number(value));
    return view.getInt32(0);
  }
  if (type === 'f64') {
    view.setFloat64(0, Number(value));
    return view.getBigInt64(0);
  }
  return value;
}

/** The value with these bits. Which NaN it was is lost. */
export function fromBits(type: NumberType, bits: Value): Value {
  if (type === 'f32') {
    view.setInt32(0, bits as number);
    return view.getFloat32(0);
  }
  if (type === 'f64') {
    view.setBigInt64(0, bits as bigint);
    return view.getFloat64(0);
  }
  return bits;
}

/** One run of a program whose exports are called one after the other; state stays. */
export class Invoker {
  readonly interpreter: Interpreter;
  private readonly program: TokenProgram;

  /** Runs the start function, if there is one. */
  constructor(program: TokenProgram, input = new Uint8Array()) {
    this.program = program;
    this.interpreter = new Interpreter(program, input, false);
    this.interpreter.run(100_000_000);
  }

  /** Lines that the last call took. */
  lines = 0;

  /** Calls an export with the bits of its arguments. Gives the bits of its results, or a trap's name. */
  bits(name: string, args: readonly Value[]): Value[] | string {
    const entry = this.program.entries?.find((candidate) => candidate.name === name);
    if (!entry) throw new RangeError(`no entry ${name}`);
    const m = this.interpreter;
    m.depth = 0;
    m.callDepth = 0;
    m.end = 'budget';
    m.trapReason = -1;
    m.cursor = entry.cursor;
    for (const arg of args) {
      if (typeof arg === 'bigint') m.pushWide(arg);
      else m.push(arg);
    }
    const before = m.lines;
    if (m.run(m.tokens + 100_000_000) === 'budget') throw new RangeError(`${name} does not end`);
    this.lines = m.lines - before;
    if (m.trap) return m.trap;
    const results = entry.results.map((type) => (type === 'i64' || type === 'f64' ? 8 : 4)).reverse();
    const values = results.map((width) => (width === 8 ? m.popWide() : m.pop())).reverse();
    if (m.depth !== 0) throw new RangeError(`${name} leaves ${m.depth} values more`);
    return values;
  }

  /** The same with values. */
  call(name: string, ...args: readonly Value[]): Value[] | string {
    const entry = this.program.entries?.find((candidate) => candidate.name === name);
    const results = this.bits(
      name,
      args.map((arg, i) => toBits(numberType(entry?.params[i] ?? 'i32'), arg)),
    );
    return typeof results === 'string'
      ? results
      : results.map((bits, i) => fromBits(numberType(entry?.results[i] ?? 'i32'), bits));
  }
}
