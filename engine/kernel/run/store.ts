/**
 * Memory of the kernel: one growing WebAssembly memory that holds tokens, tables and what look-ups need of the past.
 *
 * Everything but the tokens grows by chunks that never move. Numbers are stored
 * losslessly, once: what can be computed again from the tokens is not stored at all.
 */
import { PlacedError } from '../../errors.ts';
import { DIRECTORY, TOKENS } from '../code/memory-map.ts';
import { MAX_SHIFT } from '../graph/lookup.ts';
import { host, type WasmMemory } from './host.ts';

const PAGE = 65536;
const MOST_PAGES = 65536;
/**
 * Pages that the memory starts with and grows by at least. Growing is dear (V8 collects garbage each time); pages that
 * were never touched cost nothing.
 */
const LEAST_PAGES = 512;

export class Store {
  readonly memory: WasmMemory;
  u8!: Uint8Array;
  u16!: Uint16Array;
  i32!: Int32Array;
  f64!: Float64Array;
  /** All zero: stands for every directory page without keys. */
  readonly emptyPage: number;
  /** Tokens there is room for. */
  private room = 0;
  private end = 1024;

  /**
   * @param image what the memory begins with: that of another one before its first token
   * @param taken the memory that another one released
   */
  constructor(image?: Uint8Array, taken?: WasmMemory) {
    const initial = Math.max(LEAST_PAGES, Math.ceil((image?.length ?? 0) / PAGE));
    this.memory = taken ?? new host.Memory({ initial, maximum: MOST_PAGES });
    this.view();
    this.emptyPage = this.allocate(DIRECTORY.bytes);
    if (!image) return;
    this.u8.set(image);
    this.end = image.length;
  }

  /** A copy of all that is in use. */
  image(): Uint8Array {
    return this.u8.slice(0, this.end);
  }

  /** Clears the memory and gives it away: this store is used no more. */
  release(): WasmMemory {
    this.u8.fill(0, 0, this.end);
    return this.memory;
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.end;
  }

  private view(): void {
    const { buffer } = this.memory;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** Address of `bytes` zero bytes, aligned to 8. @throws PlacedError when 4 GiB are used up */
  allocate(bytes: number): number {
    const address = this.end;
    this.end += (bytes + 7) & ~7;
    const pages = this.memory.buffer.byteLength / PAGE;
    const missing = Math.ceil(this.end / PAGE) - pages;
    if (missing > 0) {
      const wanted = Math.max(missing, LEAST_PAGES, pages >> 1);
      try {
        if (missing > MOST_PAGES - pages) throw new RangeError('4 GiB');
        this.memory.grow(Math.min(wanted, MOST_PAGES - pages));
      } catch {
        throw new PlacedError(
          'The recording has used up its 4 GiB of memory. It can be looked at, but not be continued: run less of the program.',
        );
      }
      this.view();
    }
    return address;
  }

  /** Makes room for `count` tokens, of which there are `length`; copies of the first stand before it. */
  reserveTokens(count: number, length: number): void {
    if (count <= this.room) return;
    const room = Math.max(count, this.room * 2, 4096);
    const old = this.i32[TOKENS >> 2];
    const address = this.allocate((room + MAX_SHIFT) * 2);
    if (this.room > 0) this.u8.copyWithin(address, old, old + (length + MAX_SHIFT) * 2);
    this.i32[TOKENS >> 2] = address;
    this.room = room;
  }

  /** Index into `u16` of token 0. */
  get firstToken(): number {
    return (this.i32[TOKENS >> 2] >> 1) + MAX_SHIFT;
  }
}
