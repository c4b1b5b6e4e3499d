/**
 * `readMemory`: bytes of linear memory at a moment, base64 as the protocol wants them; and which of the bytes that a
 * client has read are others at another moment.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Moment } from '../../engine/trace/moment.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { isCodeReference } from './disassembly.ts';

/** Bytes given at once. */
const MOST_BYTES = 1 << 20;
const ADDRESS_SPACE = 2 ** 32;

/** @throws BadRequest for a reference that is no address */
function readMemory(
  moment: Moment,
  { memoryReference, offset, count }: ArgumentsOf<'readMemory'>,
): DebugProtocol.ReadMemoryResponse['body'] {
  if (isCodeReference(memoryReference)) {
    throw new BadRequest(`${memoryReference} is an instruction, and instructions are not in memory: disassemble it`);
  }
  const base = Number(memoryReference);
  const address = base + offset;
  if (!Number.isSafeInteger(base) || memoryReference.trim() === '' || !Number.isSafeInteger(address)) {
    throw new BadRequest(`"${memoryReference}" is not an address`);
  }
  const wanted = Math.min(count, MOST_BYTES);
  const inside = address >= 0 && address < ADDRESS_SPACE;
  const bytes = inside ? moment.memory(address, Math.min(wanted, ADDRESS_SPACE - address)) : new Uint8Array(0);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const unreadableBytes = count > MOST_BYTES ? 0 : count - bytes.length;
  return { address: `0x${Math.max(address, 0).toString(16)}`, data, unreadableBytes };
}

/** Ranges that are remembered: as many as somebody may have open. */
const MOST_RANGES = 16;

/** What clients have read, and so may be showing. */
export class MemoryReads {
  private ranges: { args: ArgumentsOf<'readMemory'>; data: string | undefined }[] = [];

  /** Reads, and remembers what was read. @throws BadRequest for a reference that is no address */
  read(moment: Moment, args: ArgumentsOf<'readMemory'>): DebugProtocol.ReadMemoryResponse['body'] {
    const body = readMemory(moment, args);
    const { memoryReference, offset, count } = args;
    const others = this.ranges.filter(
      ({ args: known }) =>
        known.memoryReference !== memoryReference || known.offset !== offset || known.count !== count,
    );
    this.ranges = [...others, { args, data: body?.data }].slice(-MOST_RANGES);
    return body;
  }

  /** The ranges that have other bytes at a moment than when they were last looked at. */
  changed(moment: Moment): DebugProtocol.MemoryEvent['body'][] {
    return this.ranges.flatMap((range) => {
      const data = readMemory(moment, range.args)?.data;
      if (data === range.data) return [];
      range.data = data;
      return [range.args];
    });
  }
}
