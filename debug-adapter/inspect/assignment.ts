/**
 * What an assignment writes: the bytes of the new value, in the type of what is assigned to, as an edit of the place where
 * that is. A variable that a compiler keeps in a wasm local or global is an edit of its cell.
 */
import { assigned, sizeOf, type Value } from '../../engine/debuginfo/index.ts';
import type { Edit } from '../../engine/isa/edit-lines.ts';
import { EDIT_BYTES } from '../../engine/isa/limits.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';
import type { Evaluated } from './data-info.ts';

/** `name`: of what is assigned to. @throws BadRequest for what is kept in no place of its own */
export function assignment(
  debuggee: Debuggee,
  name: string,
  { value: target, reads }: Evaluated,
  value: Value,
  frame: Frame,
): Edit {
  const { place } = target;
  if (place.kind === 'gone') throw new BadRequest(`${name} cannot be changed: ${place.reason}`);
  const bytes = assigned(target, value, debuggee.state(frame));
  if (place.kind === 'memory') return { kind: 'memory', place: place.address, bytes };
  const { locals, globals, others } = reads;
  const [local] = locals;
  const [global] = globals;
  const cell =
    local === undefined ? debuggee.globals[global ?? -1]?.cell : frame.depth * debuggee.program.stride + local;
  if (others || locals.size + globals.size !== 1 || cell === undefined) {
    throw new BadRequest(`${name} cannot be changed: its value is computed, and kept in no place of its own`);
  }
  const written = frame.moment.cellWrite(cell);
  const width = written ? frame.moment.widthOf(written.value) : (sizeOf(target.type) ?? 0);
  if (bytes.length !== width) {
    throw new BadRequest(`${name} cannot be changed: it has ${bytes.length} bytes of a local that has ${width}`);
  }
  return { kind: local === undefined ? 'global' : 'local', place: cell, bytes };
}

/** Whether an edit makes a difference at a moment. */
export function changes({ kind, place, bytes }: Edit, moment: Moment): boolean {
  if (kind === 'stack') return true;
  const before = kind === 'memory' ? moment.bytes(place, bytes.length) : cellBytes(moment, place, bytes.length);
  return bytes.some((byte, i) => byte !== before[i]);
}

function cellBytes(moment: Moment, cell: number, length: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, moment.wideCell(cell), true);
  return new Uint8Array(bytes.buffer, 0, length);
}

/** What an edit of memory changed, in words: `memory 0x400 = 01 02 (was 00 00)`. */
export function memoryText({ place, bytes }: Edit, before: Moment): string {
  const shown = (all: Uint8Array) =>
    Buffer.from(all)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  return `memory 0x${place.toString(16)} = ${shown(bytes)} (was ${shown(before.bytes(place, bytes.length))})`;
}

/** What `writeMemory` writes. @throws BadRequest for what is no address, or lies outside memory */
export function memoryEdit({ memoryReference, offset, data }: ArgumentsOf<'writeMemory'>, memorySize: number): Edit {
  const base = Number(memoryReference);
  const address = base + offset;
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  if (memoryReference.trim() === '' || !Number.isSafeInteger(address)) {
    throw new BadRequest(`"${memoryReference}" is not an address`);
  }
  if (address < 0 || address + bytes.length > memorySize) {
    throw new BadRequest(`${bytes.length} bytes at 0x${Math.max(address, 0).toString(16)} lie outside memory`);
  }
  if (bytes.length === 0 || bytes.length > EDIT_BYTES) {
    throw new BadRequest(`${bytes.length} bytes cannot be written at once: from 1 to ${EDIT_BYTES}`);
  }
  return { kind: 'memory', place: address, bytes };
}
