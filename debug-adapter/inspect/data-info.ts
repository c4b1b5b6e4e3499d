/**
 * `dataBreakpointInfo`: which data an expression denotes, for a breakpoint on it.
 *
 * An object whose place hangs on nothing is static and known by its expression. One on C's stack belongs to the call whose
 * part of the stack it lies in, whoever points to it; elsewhere, an address is an address. What a compiler keeps in a wasm
 * local belongs to that call. A value that is computed lies nowhere.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { formatValue, type MachineState, sizeOf, type Value } from '../../engine/debuginfo/index.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { type Known, numberText } from '../breakpoints/data.ts';
import { type BoundPlace, dataIdOf, memoryPlace } from '../breakpoints/data-place.ts';
import type { Format } from '../breakpoints/kind.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import type { Reads } from './reads.ts';

/** What can be watched, and how it is called then. */
export interface DataInfo {
  /** Undefined where there is nothing to watch. */
  dataId: string | undefined;
  known: Known;
  /** What is watched, or why nothing can be. */
  description: string;
  canPersist: boolean;
  /** Where it lies in this run. */
  bound?: BoundPlace;
}

/** As the protocol has it. */
export function dataInfoBody({
  dataId,
  description,
  canPersist,
}: DataInfo): DebugProtocol.DataBreakpointInfoResponse['body'] {
  if (dataId === undefined) return { dataId: null, description };
  return { dataId, description, accessTypes: ['read', 'write', 'readWrite'], canPersist };
}

/** An expression, evaluated in a frame. */
export interface Evaluated {
  value: Value;
  reads: Reads;
  /** The function as which an expression sees the same object at all times, if there is one. */
  staticIn: string | undefined;
}

/** Linear memory below the stack pointer that a function without calls may use all the same. */
export const RED_ZONE = 128;

/** Makes the answers for one program. */
export class DataInfos {
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;

  constructor(debuggee: Debuggee, recording: Recording) {
    this.debuggee = debuggee;
    this.recording = recording;
  }

  /** Of an expression in a frame. `bytes`: as many instead of those of its value. */
  ofValue(name: string, found: Evaluated, frame: Frame, bytes: number | undefined): DataInfo {
    const { value, reads, staticIn } = found;
    const { place } = value;
    if (place.kind === 'gone') return nothing(name, `${name} cannot be watched: ${place.reason}`);
    const size = bytesOf(value);
    const known: Known = { name, format: bytes === undefined ? this.formatOf(value, size) : numberText };
    if (place.kind === 'bytes') return this.ofCell(known, reads, frame);
    const length = bytes ?? size;
    const memory = memoryPlace(place.address, length);
    if (!memory) return nothing(name, `${name} cannot be watched: it has ${length === 0 ? 'no' : 'too many'} bytes`);
    if (bytes === undefined && staticIn !== undefined) {
      const dataId = dataIdOf({ functionName: staticIn, expression: name });
      return { dataId, known, description: name, canPersist: true, bound: { place: memory, call: undefined } };
    }
    const call = this.callHolding(place.address, frame.moment);
    return placed(
      { place: memory, call },
      known,
      call === undefined ? `${name} (at 0x${place.address.toString(16)})` : name,
    );
  }

  /** Of bytes of memory, by their address. */
  ofAddress(text: string, bytes: number): DataInfo {
    const address = text.trim() === '' ? Number.NaN : Number(text);
    const memory = memoryPlace(address, bytes);
    if (!memory) return nothing(text, `"${text}" is no address of ${bytes} bytes that could be watched`);
    const name = `0x${address.toString(16)}`;
    const description = bytes === 1 ? `the byte at ${name}` : `${bytes} bytes at ${name}`;
    return placed({ place: memory, call: undefined }, { name, format: numberText }, description);
  }

  /** Of a value that is not in memory: it can be watched where it is kept in one local, or in one global. */
  private ofCell(known: Known, { locals, globals, others }: Reads, { depth, moment }: Frame): DataInfo {
    const { program, globals: cells } = this.debuggee;
    const { name } = known;
    if (!others && locals.size + globals.size === 1) {
      for (const index of locals) {
        const call = depth > 0 ? moment.callLine(depth) : undefined;
        return placed({ place: { kind: 'cell', cell: depth * program.stride + index }, call }, known, name);
      }
      for (const index of globals) {
        const cell = cells[index]?.cell;
        if (cell !== undefined) return placed({ place: { kind: 'cell', cell }, call: undefined }, known, name);
      }
    }
    return nothing(name, `${name} cannot be watched: its value is computed, and kept in no place of its own`);
  }

  /** The line of the open call whose part of C's stack holds an address; undefined for addresses elsewhere. */
  private callHolding(address: number, moment: Moment): number | undefined {
    const pointer = this.debuggee.globals.find((global) => global?.name === '__stack_pointer')?.cell;
    if (pointer === undefined) return undefined;
    let low = moment.cell(pointer) - RED_ZONE;
    for (let depth = moment.callDepth; depth > 0; depth--) {
      const call = moment.callLine(depth);
      const high = this.recording.moment(call + 1).cell(pointer);
      if (address >= low && address < high) return call;
      low = high;
    }
    return undefined;
  }

  /** A value's bytes as text, in its type. */
  formatOf({ type, bits }: Pick<Value, 'type' | 'bits'>, size: number): Format {
    const functionInTable = (index: number) => this.debuggee.debug?.functionInTable(index);
    return (bytes, line) => {
      const place = { kind: 'bytes', bytes: bytes.subarray(0, size), known: undefined } as const;
      return formatValue({ type, place, bits }, this.memoryAt(line), { functionInTable });
    };
  }

  private memoryAt(line: number): MachineState {
    const moment = this.recording.moment(line);
    const unknown = () => undefined;
    return { local: unknown, global: unknown, stack: unknown, memory: (from, length) => moment.memory(from, length) };
  }
}

/** Bytes of a value's place that hold it; 0 where its type has no size. */
export function bytesOf({ type, bits }: Value): number {
  return bits ? (bits.shift + bits.width + 7) >> 3 : (sizeOf(type) ?? 0);
}

export function isEmpty({ locals, globals, others }: Reads): boolean {
  return locals.size === 0 && globals.size === 0 && !others;
}

function placed(place: BoundPlace, known: Known, description: string): DataInfo {
  return { dataId: dataIdOf(place), known, description, canPersist: false, bound: place };
}

function nothing(name: string, description: string): DataInfo {
  return { dataId: undefined, known: { name, format: numberText }, description, canPersist: false };
}
