/**
 * Compiled calls (C17, section 6.5.2.2): arguments converted to the types of the parameters, and passed as clang passes
 * them (the "Basic C ABI" of the WebAssembly tool conventions).
 *
 * A number is a WebAssembly value; one of 16 bytes is two. A struct with a single number in it is that number; another is
 * passed by the address of a copy, and returned where a hidden first argument says. What is behind `...` lies in a row in
 * memory, and the last argument says where. An array without an address, a literal, is put into memory too.
 */
import { PlacedError } from '../../errors.ts';
import type {
  MachineArgument,
  MachineCall,
  MachineResult,
  MachineState,
  MachineType,
} from '../places/machine-state.ts';
import { alignmentOf } from '../types/alignment.ts';
import { DOUBLE } from '../types/base-types.ts';
import { type BareType, bare, type FunctionType, sizeOf, spellType, type Type } from '../types/types.ts';
import { bytesAt, integerFrom } from '../types/values.ts';
import { isArithmetic, promoted, representation } from './arithmetic.ts';
import { bytesPlace, type Code, decayed, objectAt, objectIn } from './code.ts';
import { cast } from './conversions.ts';
import { bytesOfScalar } from './encoding.ts';

/** Alignment of a number of 16 bytes. */
const WIDE = 16;

/** Arguments of a call in a state; most are one of the machine's, a number of 16 bytes is two, an empty struct is none. */
type Passed = (state: MachineState) => MachineArgument[];

/** `called(given…)`. `name` is for messages. */
export function call(name: string, called: Code, given: readonly Code[], column: number): Code {
  const { type, callee } = target(called, column);
  const passed = argumentsOf(type, given, name, column);
  const { returns } = type;
  const { result, room } = resultOf(returns, column);
  const site = {};
  const make = (state: MachineState): MachineResult => {
    if (!state.call) {
      throw new PlacedError('functions are called in watches and in the console only', { column });
    }
    const all = passed.flatMap((argument) => argument(state));
    const request: MachineCall = { name, callee: callee(state), arguments: all, result, room };
    return state.call(site, request);
  };
  if (room) return objectAt(returns, (state) => make(state).address, column);
  const size = result === undefined ? 0 : (sizeOf(returns) ?? 0);
  const place = (state: MachineState) => {
    const bits = BigInt.asUintN(64, BigInt(make(state).bits));
    return bytesPlace(Uint8Array.from({ length: size }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn)));
  };
  return objectIn(returns, place, column, `the result of ${name}`);
}

/** `code` in a state in which the calls of `before` have been made. */
export function behind(before: Code, code: Code): Code {
  const effect = before.number ?? before.bigint ?? before.place;
  if (!effect) return code;
  const { number, bigint, address, place = () => bytesPlace(new Uint8Array(0)) } = code;
  const after = <T>(read: (state: MachineState) => T) => {
    return (state: MachineState): T => {
      effect(state);
      return read(state);
    };
  };
  return {
    ...code,
    number: number && after(number),
    bigint: bigint && after(bigint),
    address: address && after(address),
    place: number || bigint ? undefined : after(place),
  };
}

/** What is called: a function by its name, or what a pointer to one holds. */
function target(
  called: Code,
  column: number,
): { type: FunctionType; callee(state: MachineState): MachineCall['callee'] } {
  const type = bare(called.type);
  const to = type.kind === 'pointer' ? bare(type.to) : type;
  if (to.kind !== 'function') throw new PlacedError(`${spellType(called.type)} is no function`, { column });
  const { function: index, number } = called;
  if (index !== undefined) return { type: to, callee: () => ({ index }) };
  if (!number) throw new PlacedError('this function has no code that could be called', { column });
  return { type: to, callee: (state) => ({ tableEntry: number(state) }) };
}

/** @throws PlacedError where there are more or fewer than the function takes, or one cannot be converted */
function argumentsOf(type: FunctionType, given: readonly Code[], name: string, column: number): Passed[] {
  const { parameters, variadic, prototyped } = type;
  const enough = variadic ? given.length >= parameters.length : given.length === parameters.length;
  if (!enough && (prototyped || parameters.length > 0)) {
    const wanted = `${parameters.length}${variadic ? ' or more' : ''} argument${parameters.length === 1 ? '' : 's'}`;
    throw new PlacedError(`${name} takes ${wanted}, not ${given.length}`, { column });
  }
  const fixed = given.slice(0, parameters.length).map((code, i) => passedAs(parameters[i], code));
  const others = given.slice(parameters.length).map((code) => passedAs(defaultPromotion(code), code));
  if (!variadic) return [...fixed, ...others];
  return [...fixed, (state) => [{ kind: 'row', parts: others.flatMap((argument) => argument(state)) }]];
}

/** The type that an argument without a parameter has. */
function defaultPromotion(code: Code): Type {
  const { type, bits } = decayed(code);
  const plain = bare(type);
  if (plain.kind === 'float') return plain.size < DOUBLE.size ? DOUBLE : plain;
  return isArithmetic(plain) ? promoted(plain, bits?.width) : type;
}

/** An argument as a parameter of a type takes it. */
function passedAs(type: Type, code: Code): Passed {
  const plain = bare(type);
  const { column } = code;
  if (bare(code.type).kind === 'array' && !code.address && code.place) return literal(code);
  if (plain.kind === 'struct' || plain.kind === 'union') return record(type, code);
  if (representation(plain) === undefined) {
    throw new PlacedError(`a value of type ${spellType(type)} cannot be passed`, { column });
  }
  const size = sizeOf(plain) ?? 0;
  const isFloat = plain.kind === 'float';
  const { number, bigint } = cast(type, decayed(code), column);
  const read = (number ?? bigint)!;
  const machineType = typeOf(plain);
  // What is narrower than a WebAssembly value is extended as its type says.
  const width = isFloat ? size : Math.max(size, 4);
  return (state) => numbers(bytesOfScalar(read(state), isFloat, width), machineType);
}

/** The type by which a number is passed: of one with 16 bytes, that of its halves. */
function typeOf(type: BareType): MachineType {
  const size = sizeOf(type) ?? 0;
  if (type.kind === 'float' && size <= 8) return size === 4 ? 'f32' : 'f64';
  return size > 4 ? 'i64' : 'i32';
}

function numbers(bytes: Uint8Array, type: MachineType): MachineArgument[] {
  const parts = bytes.length === WIDE ? [bytes.subarray(0, 8), bytes.subarray(8)] : [bytes];
  return parts.map((part) => {
    const bits = integerFrom(part, false);
    return { kind: 'number', type, bits: part.length === 8 ? bits : Number(bits) };
  });
}

/** An array that is nowhere in memory: its bytes are put there. */
function literal({ type, place }: Code): Passed {
  const size = sizeOf(type) ?? 0;
  const alignment = alignmentOf(type) ?? 1;
  return (state) => [{ kind: 'bytes', bytes: bytesAt(place!(state), 0, size, state), alignment }];
}

function record(type: Type, code: Code): Passed {
  const { column, place } = code;
  const plain = bare(type);
  const size = sizeOf(type);
  if (!place || size === undefined || spellType(bare(code.type)) !== spellType(plain)) {
    throw new PlacedError(`${spellType(code.type)} cannot be passed as ${spellType(type)}`, { column });
  }
  const only = onlyNumber(plain, size);
  const alignment = alignmentOf(type) ?? 1;
  return (state) => {
    const bytes = bytesAt(place(state), 0, size, state);
    if (size === 0) return [];
    if (only) return numbers(widened(bytes), typeOf(only));
    return [{ kind: 'bytes', bytes: bytes.slice(), alignment }];
  };
}

/** At least four bytes. */
function widened(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= 4) return bytes;
  const wide = new Uint8Array(4);
  wide.set(bytes);
  return wide;
}

/** The only number in a struct, where there is one and it fills the struct. */
function onlyNumber(type: BareType, size: number): BareType | undefined {
  if (type.kind === 'array') return type.count === 1 ? onlyNumber(bare(type.element), size) : undefined;
  if (type.kind !== 'struct') return sizeOf(type) === size && representation(type) ? type : undefined;
  const members = type.members.filter((member) => sizeOf(member.type) !== 0);
  return members.length === 1 ? onlyNumber(bare(members[0].type), size) : undefined;
}

/** How a result comes back. */
function resultOf(type: Type, column: number): Pick<MachineCall, 'result' | 'room'> {
  const plain = bare(type);
  const size = sizeOf(plain);
  if (plain.kind === 'void' || size === 0) return { result: undefined, room: undefined };
  if (size === undefined) throw new PlacedError(`a result of type ${spellType(type)} cannot be had`, { column });
  const isRecord = plain.kind === 'struct' || plain.kind === 'union';
  const number = isRecord ? onlyNumber(plain, size) : plain;
  if (number && size < WIDE && representation(number)) return { result: typeOf(number), room: undefined };
  if (!isRecord && size !== WIDE) {
    throw new PlacedError(`a result of type ${spellType(type)} cannot be had`, { column });
  }
  return { result: undefined, room: { size, alignment: alignmentOf(type) ?? 1 } };
}
