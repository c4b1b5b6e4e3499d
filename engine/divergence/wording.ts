/** What the model, or V8, did, in words that go behind its name: "stored 7 at 0x1234". */
import type { NumberType } from '../isa/program.ts';
import { OUTPUT_EVENT } from '../toolchain/native/event-chunks.ts';
import type { EventStream, StreamEnd } from '../toolchain/native/event-stream.ts';
import { MARK, type Sites } from './sites.ts';

/** The bits of a value, low half first. */
export interface Bits {
  readonly low: number;
  readonly high: number;
}

/** What is next in a stream of events. */
export function eventText(stream: EventStream, sites: Sites): string {
  if (!stream.any) return endText(stream.end);
  const { id, address, low } = stream;
  if (id === OUTPUT_EVENT) return outputText(address, low === 1);
  if (id < 0) return `called ${sites.functionOf(~id)?.name ?? 'another function'}`;
  const site = sites.at(id);
  switch (site?.mark) {
    case MARK.store:
      return storeText(valueText(site.type, stream), address, site.immediate);
    case MARK.global:
      return `set a global variable to ${valueText(site.type, stream)}`;
    case MARK.returns:
      return `returned from ${sites.functionOf(site.fn.index)?.name ?? 'another function'}`;
    default:
      return `came to another branch, in ${sites.functionOf(site?.fn.index ?? -1)?.name ?? 'another function'}`;
  }
}

/** How a run of V8 ended. */
export function endText(end: StreamEnd): string {
  switch (end.kind) {
    case 'halt':
      return exitText(end.code);
    case 'trap':
      return trapText(end.reason);
    case 'input':
      return 'waits for input';
    default:
      return 'ended';
  }
}

export function exitText(code: number): string {
  return `ended with exit code ${code}`;
}

export function trapText(reason: string): string {
  return `trapped (${reason})`;
}

/** `address`: the operand, to which the offset is added. */
export function storeText(value: string, address: number, offset: number): string {
  return `stored ${value} at 0x${((address >>> 0) + (offset >>> 0)).toString(16)}`;
}

export function outputText(byte: number, isStandard: boolean): string {
  const text = byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
  return `wrote ${text} to standard ${isStandard ? 'output' : 'error'}`;
}

/** A value for people: integers signed. */
export function valueText(type: NumberType, { low, high }: Bits): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, low, true);
  view.setInt32(4, high, true);
  switch (type) {
    case 'f32':
      return String(view.getFloat32(0, true));
    case 'f64':
      return String(view.getFloat64(0, true));
    case 'i64':
      return String(view.getBigInt64(0, true));
    default:
      return String(low | 0);
  }
}
