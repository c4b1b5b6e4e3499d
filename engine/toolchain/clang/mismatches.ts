/**
 * Calls of functions that were declared with another type than they have, as C of before prototypes has them: a result
 * that nobody declared, an argument too many. On most machines these work; in WebAssembly a call and a function have to
 * agree, so the linker makes a function `signature_mismatch:NAME` that traps and lets such calls lead there. Here they lead
 * to one that calls NAME: arguments and results that there are too many of are dropped, missing ones are 0.
 */
import { ByteReader } from '../decode/byte-reader.ts';
import { decode } from '../decode/decode.ts';
import { leb, withPayload } from '../decode/encode.ts';
import { type FunctionType, typeOfFunction, type ValueType, type WasmModule } from '../decode/module.ts';
import { SECTION } from '../decode/sections.ts';

const PREFIX = 'signature_mismatch:';

/** Opcodes and encodings of the binary format. */
const END = 0x0b;
const CALL = 0x10;
const DROP = 0x1a;
const LOCAL_GET = 0x20;
const ZERO: Partial<Record<ValueType, readonly number[]>> = {
  i32: [0x41, 0],
  i64: [0x42, 0],
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
};
const CONVERSIONS: Readonly<Record<string, readonly number[]>> = {
  'i64 i32': [0xa7],
  'i32 i64': [0xac],
  'f64 f32': [0xb6],
  'f32 f64': [0xbb],
};

/** Names of functions of which the linker said that it made such ones. */
export function mismatchesIn(log: string): string[] {
  return [...new Set([...log.matchAll(/function signature mismatch: (\S+)/g)].map(([, name]) => name))];
}

/**
 * A module in which such calls lead to functions that call what is meant: the exports of these names. They are put behind
 * all others and the calls are changed in their places, so that those in debug information stay right.
 */
export function withCalls(wasm: Uint8Array): Uint8Array {
  const module = decode(wasm);
  const { functions, importedFunctions, sections } = module;
  const added: { body: Uint8Array; type: number }[] = [];
  const changed = Uint8Array.from(wasm);
  for (const [index, name] of module.names.functions) {
    const body = name.startsWith(PREFIX) ? bodyOf(module, index, name.slice(PREFIX.length)) : undefined;
    if (!body) continue;
    const place = importedFunctions.length + functions.length + added.length;
    added.push({ body, type: typeOfFunction(module, index) as number });
    for (const { codes, immediates, offsets } of functions) {
      for (const [i, code] of codes.entries()) {
        if (code === CALL && immediates[i] === index) changed.set(longLeb(place), offsets[i] + 1);
      }
    }
  }
  // From behind: places in what stands before stay as they are.
  const types = [...functions.map(({ type }) => type), ...added.map(({ type }) => type)];
  const code = sections.find(({ id }) => id === SECTION.code);
  const declared = sections.find(({ id }) => id === SECTION.function);
  if (added.length === 0 || !code || !declared) return wasm;
  const reader = new ByteReader(changed, code.start, code.end);
  const count = leb(reader.u32() + added.length);
  const bodies = added.flatMap(({ body }) => [leb(body.length), body]);
  const payload = Buffer.concat([count, changed.subarray(reader.position, code.end), ...bodies]);
  const withBodies = withPayload(changed, code, payload);
  return withPayload(withBodies, declared, Buffer.concat([leb(types.length), ...types.map(leb)]));
}

/** A body for function `index` that calls the one of this name; undefined if there is none. */
function bodyOf(module: WasmModule, index: number, name: string): Uint8Array | undefined {
  const target = module.exports.find((entry) => entry.kind === 'function' && entry.name === name)?.index;
  const typeOf = (at: number): FunctionType | undefined => module.types[typeOfFunction(module, at) ?? -1];
  const has = typeOf(index);
  const wants = target === undefined ? undefined : typeOf(target);
  if (target === undefined || !has || !wants) return undefined;
  const code: number[] = [0];
  for (const [i, type] of wants.params.entries()) {
    const given = has.params[i];
    if (given === undefined) code.push(...(ZERO[type] ?? []));
    else code.push(LOCAL_GET, ...leb(i), ...converted(given, type));
  }
  code.push(CALL, ...leb(target));
  const result = has.results[0];
  const made = wants.results[0];
  if (result === undefined && made !== undefined) code.push(DROP);
  else if (result !== undefined && made === undefined) code.push(...(ZERO[result] ?? []));
  else if (result !== undefined) code.push(...converted(made, result));
  return Uint8Array.from([...code, END]);
}

/** Makes a value of one type one of another: a number the same number, as far as it fits. */
function converted(from: ValueType, to: ValueType): readonly number[] {
  if (from === to) return [];
  return CONVERSIONS[`${from} ${to}`] ?? [DROP, ...(ZERO[to] ?? [])];
}

/** A function's index as the linker writes it: in five bytes. */
function longLeb(value: number): Uint8Array {
  return Uint8Array.from({ length: 5 }, (_, i) => (Math.floor(value / 128 ** i) & 127) | (i < 4 ? 128 : 0));
}
