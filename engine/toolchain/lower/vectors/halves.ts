/**
 * Vectors as two halves: a module with SIMD to one without. A value of v128 is two of eight bytes, the lower below the upper, in
 * locals, globals, signatures and on the stack; an operator becomes the operators that give its lower and its upper half.
 *
 * What is left of SIMD's encodings stands for the helper function of that name, which computes one half (helpers/vectors.c), and
 * `v128.const` for no instruction: it says that the value on top is the upper half of a vector, for `drop` and `select`.
 */
import { type ValueType as MachineType, numberType } from '../../../isa/program.ts';
import type { FunctionType, Step, ValueType, WasmFunction, WasmGlobal, WasmModule } from '../../decode/module.ts';
import { operatorName, operatorOf } from '../../decode/operators.ts';
import type { Helpers } from '../../helpers/load-helpers.ts';
import { CODE, isSupported } from '../operators.ts';
import { expand, isExpanded } from './operators.ts';
import { Writer } from './writer.ts';

/** Types of the halves: a function that takes a vector is not one that takes two numbers. */
export const LOW = 'v128.low';
export const HIGH = 'v128.high';

/** Block type of one vector. */
const VECTOR_BLOCK = -5;

/** What a value of this type is to the machine. */
export function machineType(type: ValueType): MachineType {
  return type === LOW || type === HIGH || type === 'exnref' ? 'i64' : (type as MachineType);
}

/** The number that stands for it in a cell. */
export function storedType(type: ValueType) {
  return numberType(machineType(type));
}

const isVector = (type: ValueType) => type === 'v128';
const halved = (types: readonly ValueType[]) => types.flatMap((type) => (isVector(type) ? [LOW, HIGH] : [type]));
const halvedType = ({ params, results }: FunctionType) => ({ params: halved(params), results: halved(results) });

/** The module itself if it has no vectors. O(operators). */
export function withoutVectors(module: WasmModule, helpers: Helpers | undefined): WasmModule {
  if (!hasVectors(module)) return module;
  const globals = placesOf(module.globals.map(({ type }) => type));
  const vectorBlock = module.types.length;
  const locals = new Map<number, ReadonlyMap<number, string>>();
  const functions = module.functions.map((fn) => {
    const params = module.types[fn.type].params.length;
    const places = localPlaces(fn, params);
    const names = module.names.locals.get(fn.index);
    if (names) locals.set(fn.index, halvedNames(names, places));
    return halvedFunction(fn, { helpers, locals: places, globals, globalTypes: module.globals, vectorBlock });
  });
  return {
    ...module,
    types: [...module.types.map(halvedType), { params: [], results: [LOW, HIGH] }],
    functions,
    globals: module.globals.flatMap((global, origin) => halvedGlobal({ ...global, origin })),
    exports: module.exports.map((entry) =>
      entry.kind === 'global' ? { ...entry, index: globals.low[entry.index] } : entry,
    ),
    elements: module.elements.map((segment) => ({
      ...segment,
      offset: segment.offset && movedSteps(segment.offset, globals),
      elements: segment.elements.map((element) =>
        element === null || typeof element === 'number' ? element : movedSteps(element, globals),
      ),
    })),
    data: module.data.map((segment) => ({ ...segment, offset: segment.offset && movedSteps(segment.offset, globals) })),
    names: { ...module.names, locals, globals: halvedNames(namesOf(module), globals) },
  };

  function halvedGlobal(global: WasmGlobal): WasmGlobal[] {
    const initial = movedSteps(global.initial, globals);
    if (!isVector(global.type)) return [{ ...global, initial }];
    const steps = (half: (step: Step) => Step) => ({ ...initial, steps: global.initial.steps?.map(half) });
    const lower = steps((step) => (step.kind === 'global' ? { ...step, index: globals.low[step.index] } : step));
    const upper = steps((step) => {
      if (step.kind === 'global') return { ...step, index: globals.high[step.index] };
      return step.kind === 'bits' && step.upper ? { kind: 'bits', low: step.upper[0], high: step.upper[1] } : step;
    });
    return [
      { ...global, type: LOW, initial: lower },
      { ...global, type: HIGH, initial: upper },
    ];
  }
}

function hasVectors({ types, globals, functions }: WasmModule): boolean {
  const isSimd = (code: number) => operatorOf(code)?.proposal === 'SIMD';
  return (
    types.some(({ params, results }) => params.some(isVector) || results.some(isVector)) ||
    globals.some(({ type }) => isVector(type)) ||
    functions.some(({ locals, codes }) => locals.some(isVector) || codes.some(isSimd))
  );
}

/** Where each of a list lies, and its upper half if it is a vector (-1 if not). */
interface HalfPlaces {
  readonly types: readonly ValueType[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function placesOf(types: readonly ValueType[]): HalfPlaces {
  let next = 0;
  const low: number[] = [];
  const high: number[] = [];
  for (const type of types) {
    low.push(next++);
    high.push(isVector(type) ? next++ : -1);
  }
  return { types: halved(types), low, high };
}

/** Upper halves of what is no parameter lie behind all: debug information goes on to find the others. */
function localPlaces({ locals }: WasmFunction, params: number): HalfPlaces {
  const { types, low, high } = placesOf(locals.slice(0, params));
  const all = [...types];
  const places = { types: all, low: [...low], high: [...high] };
  for (const type of locals.slice(params)) {
    places.low.push(all.length);
    places.high.push(-1);
    all.push(isVector(type) ? LOW : type);
  }
  for (let i = params; i < locals.length; i++) {
    if (!isVector(locals[i])) continue;
    places.high[i] = all.length;
    all.push(HIGH);
  }
  return places;
}

/** With a number for a global that has no name: its own, which others then have no more. */
function namesOf({ globals, names }: WasmModule): Map<number, string> {
  return new Map(globals.map((_, index) => [index, names.globals.get(index) ?? `global ${index}`]));
}

function halvedNames(names: ReadonlyMap<number, string>, { low, high }: HalfPlaces): Map<number, string> {
  const moved = new Map<number, string>();
  for (const [index, name] of names) {
    if (low[index] === undefined) continue;
    moved.set(low[index], high[index] < 0 ? name : `${name}.low`);
    if (high[index] >= 0) moved.set(high[index], `${name}.high`);
  }
  return moved;
}

function movedSteps<C extends { readonly steps: readonly Step[] | undefined }>(constant: C, { low }: HalfPlaces): C {
  const moved = (step: Step): Step => (step.kind === 'global' ? { ...step, index: low[step.index] } : step);
  return { ...constant, steps: constant.steps?.map(moved) };
}

interface Surroundings {
  readonly helpers: Helpers | undefined;
  readonly locals: HalfPlaces;
  readonly globals: HalfPlaces;
  readonly globalTypes: readonly WasmGlobal[];
  /** Index of the type of a block that gives a vector. */
  readonly vectorBlock: number;
}

function halvedFunction(fn: WasmFunction, around: Surroundings): WasmFunction {
  const { locals, globals, helpers } = around;
  const writer = new Writer(fn.tables, locals.types);
  const isKnown = (code: number) => isExpanded(code) || isSupported(code, helpers);
  // What cannot be lowered, and the calls, are all that is left of such a function: to be named if something calls it.
  const hasUnknown = fn.codes.some((code) => !isKnown(code));
  const unknown = [...fn.codes.keys()].filter(
    (i) => hasUnknown && (!isKnown(fn.codes[i]) || CALLS.includes(fn.codes[i])),
  );
  for (const i of unknown.length > 0 ? unknown : fn.codes.keys()) {
    const code = fn.codes[i];
    const immediate = fn.immediates[i];
    writer.offset = fn.offsets[i];
    if (unknown.length > 0) writer.put(code, immediate, fn.highs[i]);
    else if (code >= CODE.localGet && code <= CODE.localTee) access(writer, code, CODE.localGet, locals, immediate);
    else if (code === CODE.globalGet || code === CODE.globalSet) {
      access(writer, code, CODE.globalGet, globals, immediate);
    } else if (isBlock(code) && immediate === VECTOR_BLOCK) writer.put(code, around.vectorBlock, fn.highs[i]);
    else if (isExpanded(code)) expand(writer, operatorName(code), immediate, fn.highs[i]);
    else writer.put(code, immediate, fn.highs[i]);
  }
  const numbers = { low: locals.low, high: locals.high };
  return { ...fn, locals: writer.locals, ...writer.operators(), ...(fn.locals.some(isVector) ? { numbers } : {}) };
}

const CALLS: readonly number[] = [CODE.call, CODE.callIndirect, CODE.returnCall, CODE.returnCallIndirect];
const BLOCKS: readonly number[] = [CODE.block, CODE.loop, CODE.if, CODE.try, CODE.tryTable];
const isBlock = (code: number) => BLOCKS.includes(code);

/** Local or global: `get` is the operator that takes it from there. */
function access(writer: Writer, code: number, get: number, { low, high }: HalfPlaces, index: number): void {
  const lower = low[index] ?? index;
  const upper = high[index] ?? -1;
  if (upper < 0) {
    writer.put(code, lower);
  } else if (code === get) {
    writer.put(get, lower);
    writer.put(get, upper);
  } else {
    writer.put(code === CODE.localTee ? CODE.localSet : code, upper);
    writer.put(code, lower);
    if (code === CODE.localTee) writer.put(CODE.localGet, upper);
  }
}
