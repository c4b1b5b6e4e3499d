/**
 * Shapes in the kernel's memory, which generated code and JavaScript (run/store.ts, run/heap.ts) share: addresses of
 * cells, and the fields of what is allocated. All numbers are bytes unless they say otherwise.
 */

/** Address of the cell that holds where the tokens (with the copies before them) begin. */
export const TOKENS = 16;
/** Address of the cell that holds the table slot being called. */
export const SLOT = 24;
/** Addresses of one directory page of an address group: entries (latest record, first position), then a bit for each. */
export const DIRECTORY = { bits: 12, entries: 4096, bitmap: 4096 * 8, bytes: 4096 * 8 + 512, pages: 2 ** 14 } as const;
/** Fields of a group's cell: address of the next record, end of its chunk, bytes per record, address of the last. */
export const GROUP = { next: 0, end: 4, stride: 8, last: 12, bytes: 16 } as const;
/** Fields of a record before its values; records are known by their address, 0 is none. */
export const RECORD = { position: 0, previous: 4, key: 8, values: 12 } as const;
/** Tokens per chunk of a stream (log2), and the addresses of its chunks. */
export const STREAM = { bits: 13, chunks: 2 ** 13 } as const;

/** Where a stored value stands in a record or a stream, and of what type it is. */
export interface Field {
  readonly offset: number;
  readonly int: boolean;
  readonly unsigned: boolean;
}
