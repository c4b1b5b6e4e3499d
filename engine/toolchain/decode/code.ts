/**
 * Sequences of operators: bodies of functions and constant expressions, each operator with its exact offset in the file:
 * debug information is about those offsets.
 */
import type { ByteReader } from './byte-reader.ts';
import { type Constant, type Element, type Operators, type Step, typeName, type ValueType } from './module.ts';
import { codeOf, type Immediates, operatorName, operatorOf, PREFIX_BITS } from './operators.ts';

/** Immediates of one operator, as `Operators` keeps them: see there. */
interface Kept {
  low: number;
  high: number;
}

/** In the alignment of an access: the number of a memory follows. */
const HAS_MEMORY = 0x40;
/** In the bytes of a type: a reference type, whose heap type follows. */
const REFERENCES: readonly number[] = [-0x1c, -0x1d];

/** Heap types: exceptions, functions, what comes from outside. */
const EXCEPTION = -23;
const ABSTRACT: readonly number[] = [-16, -17];

const END = codeOf('end');
const GLOBAL_GET = codeOf('global.get');
const REF_FUNC = codeOf('ref.func');
const REF_NULL = codeOf('ref.null');
const VECTOR = codeOf('v128.const');
/** Their index is that of a memory. */
const ON_MEMORY: readonly number[] = ['memory.size', 'memory.grow', 'memory.fill'].map((name) => codeOf(name));

/** Reads the operators of a body up to the reader's end. */
export function readOperators(reader: ByteReader): Operators {
  const codes: number[] = [];
  const offsets: number[] = [];
  const immediates: number[] = [];
  const highs: number[] = [];
  const tables: (readonly number[])[] = [];
  const kept: Kept = { low: 0, high: 0 };
  while (!reader.done) {
    offsets.push(reader.position);
    const code = readOperator(reader, kept, tables);
    codes.push(code);
    immediates.push(kept.low);
    highs.push(kept.high);
  }
  return {
    codes: Uint32Array.from(codes),
    offsets: Int32Array.from(offsets),
    immediates: Int32Array.from(immediates),
    highs: Int32Array.from(highs),
    tables,
  };
}

/** Reads a constant expression. */
export function readConstant(reader: ByteReader): Constant {
  const kept: Kept = { low: 0, high: 0 };
  const steps: Step[] = [];
  const names: string[] = [];
  for (;;) {
    const tables: (readonly number[])[] = [];
    const code = readOperator(reader, kept, tables);
    if (code === END) break;
    const name = operatorName(code);
    names.push(name);
    const step = code === VECTOR ? vectorStep(tables[0]) : stepOf(code, name, kept);
    if (step) steps.push(step);
  }
  const isKnown = steps.length === names.length && steps.length > 0;
  return { steps: isKnown ? steps : undefined, text: names.join(' ') || 'nothing' };
}

function vectorStep([low, high, third, fourth]: readonly number[]): Step {
  return { kind: 'bits', low, high, upper: [third, fourth] };
}

/** What an operator does in a constant expression; undefined for what is none there. */
function stepOf(code: number, name: string, { low, high }: Kept): Step | undefined {
  if (code === GLOBAL_GET) return { kind: 'global', index: low };
  if (code === REF_FUNC) return { kind: 'function', index: low };
  if (code === REF_NULL) return { kind: 'bits', low: 0, high: 0 };
  if (/^i(32|64)\.(add|sub|mul)$/.test(name)) return { kind: 'operator', name };
  return /^[if]\d+\.const$/.test(name) ? { kind: 'bits', low, high } : undefined;
}

/** Reads an element as an expression. */
export function readElement(reader: ByteReader): Element {
  const constant = readConstant(reader);
  const only = constant.steps?.length === 1 ? constant.steps[0] : undefined;
  if (only?.kind === 'function') return only.index;
  return only?.kind === 'bits' ? null : constant;
}

/** Reads one operator; `kept` gets what of its immediates matters, `tables` the labels of a `br_table`. */
function readOperator(reader: ByteReader, kept: Kept, tables: (readonly number[])[]): number {
  const start = reader.position;
  let code = reader.byte();
  const bits = PREFIX_BITS.get(code);
  if (bits !== undefined) {
    const number = reader.u32();
    if (number >= 2 ** bits) reader.fail(`there is no operator 0x${code.toString(16)} ${number}`, start);
    code = (code << bits) | number;
  }
  const operator = operatorOf(code);
  if (!operator) return reader.fail(`there is no operator 0x${code.toString(16)}`, start);
  kept.low = 0;
  kept.high = 0;
  if (ON_MEMORY.includes(code)) kept.high = reader.u32();
  else READERS[operator.immediates](reader, kept, tables);
  return code;
}

/** Reads immediates of each kind. */
const READERS: Readonly<Record<Immediates, (reader: ByteReader, kept: Kept, tables: (readonly number[])[]) => void>> = {
  none() {},
  index(reader, kept) {
    kept.low = reader.u32();
  },
  two(reader, kept) {
    kept.low = reader.u32();
    kept.high = reader.u32();
  },
  memory: readAccess,
  block(reader, kept) {
    kept.low = readType(reader);
  },
  labels(reader, kept, tables) {
    kept.low = tables.length;
    tables.push([...reader.list(() => reader.u32()), reader.u32()]);
  },
  catches(reader, kept, tables) {
    kept.low = readType(reader);
    kept.high = tables.length;
    const clauses = reader.list(() => {
      const kind = reader.byte();
      // The last two kinds catch all, whatever the tag.
      const tag = kind < 2 ? reader.u32() : 0;
      return [kind, tag, reader.u32()];
    });
    tables.push(clauses.flat());
  },
  heap(reader, kept) {
    kept.low = reader.signed(33);
  },
  cast(reader) {
    reader.byte();
    reader.u32();
    reader.signed(33);
    reader.signed(33);
  },
  types(reader) {
    reader.list(() => readType(reader));
  },
  lane(reader, kept) {
    kept.low = reader.byte();
  },
  'memory-lane'(reader, kept, tables) {
    readAccess(reader, kept);
    const offset = kept.low;
    kept.low = tables.length;
    tables.push([offset, reader.byte()]);
  },
  vector(reader, kept, tables) {
    kept.low = tables.length;
    tables.push([reader.bits32(), reader.bits32(), reader.bits32(), reader.bits32()]);
  },
  i32(reader, kept) {
    kept.low = reader.signed();
  },
  i64(reader, kept) {
    [kept.low, kept.high] = reader.i64();
  },
  f32(reader, kept) {
    kept.low = reader.bits32();
  },
  f64(reader, kept) {
    kept.low = reader.bits32();
    kept.high = reader.bits32();
  },
};

/** An access to memory: its offset, and which memory. */
function readAccess(reader: ByteReader, kept: Kept): void {
  const alignment = reader.u32();
  kept.high = alignment & HAS_MEMORY ? reader.u32() : 0;
  kept.low = reader.u64() | 0;
}

/** Number of a value type or of a block's type: the index of a type, or negative. */
function readType(reader: ByteReader): number {
  const type = reader.signed(33);
  if (!REFERENCES.includes(type)) return type;
  const heap = reader.signed(33);
  // What may be nothing has a shorter form; the other one of exceptions is no further type to the machine.
  return heap === EXCEPTION || (type === REFERENCES[1] && ABSTRACT.includes(heap)) ? heap : type;
}

/** A value type. */
export function readValueType(reader: ByteReader): ValueType {
  return typeName(readType(reader));
}
