/**
 * Who wrote a key, at any moment: per key (a stack slot, a cell, a memory address) the tokens that wrote it, ascending.
 *
 * A key's tokens lie in blocks of one arena; each block is twice as large as the one before it, up to a limit, and
 * points back to it. So a write is one store, and the latest write before a token is a walk over few blocks and a
 * binary search, however long the trace is: a chain of single links would be walked for milliseconds. Of blocks that have reached the
 * limit there can be thousands: each also points farther back, so that a walk over n of them takes log n steps (Myers, "An
 * applicative random-access stack", 1983).
 */

/** Keys per page of block numbers: most addresses are never written. */
const PAGE_BITS = 12;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/** A block: number of the block before it, how many entries it can hold and does hold, then the entries. */
const PREVIOUS = 0;
const CAPACITY = 1;
const USED = 2;
const ENTRIES = 3;
const FIRST_CAPACITY = 2;
const MOST_CAPACITY = 1 << 15;
/** Behind the entries of a block of that size: how many such blocks there are up to it, and one of them farther back. */
const COUNT = ENTRIES + MOST_CAPACITY;
const FARTHER = COUNT + 1;

/** See the file's comment. Tokens are added in ascending order. */
export class WriteLog {
  /** Per page of keys, per key: the arena index of its last block; 0 is none. */
  private pages: (Uint32Array | undefined)[] = [];
  private arena = new Uint32Array(1 << 12);
  private filled = 1;

  /** Bytes taken. */
  get bytes(): number {
    return this.arena.byteLength + this.pages.reduce((sum, page) => sum + (page?.byteLength ?? 0), 0);
  }

  /** Token `token` writes `key`. */
  add(key: number, token: number): void {
    const page = this.pages[key >>> PAGE_BITS] ?? this.newPage(key >>> PAGE_BITS);
    const slot = key & PAGE_MASK;
    let block = page[slot];
    if (block === 0 || this.arena[block + USED] === this.arena[block + CAPACITY]) {
      block = this.newBlock(block);
      page[slot] = block;
    }
    const { arena } = this;
    arena[block + ENTRIES + arena[block + USED]++] = token;
  }

  /** The first key from one on that may have been written: keys lie in pages, and many of these are empty. */
  next(key: number): number {
    let page = key >>> PAGE_BITS;
    if (this.pages[page] !== undefined) return key;
    while (page < this.pages.length && this.pages[page] === undefined) page++;
    return page < this.pages.length ? page << PAGE_BITS : Number.POSITIVE_INFINITY;
  }

  /** The last token that wrote `key`; -1 for none. */
  last(key: number): number {
    const block = this.blockOf(key);
    return block === 0 ? -1 : this.arena[block + ENTRIES + this.arena[block + USED] - 1];
  }

  /** The last token before `token` that wrote `key`; -1 for none. */
  before(key: number, token: number): number {
    const { arena } = this;
    const block = blockBefore(arena, this.blockOf(key), token);
    if (block === 0) return -1;
    const first = block + ENTRIES;
    return arena[firstFrom(arena, first, first + arena[block + USED], token) - 1];
  }

  /** The first tokens from `token` on that wrote `key`, at most `most`, ascending. */
  from(key: number, token: number, most: number): number[] {
    const { arena } = this;
    const blocks: number[] = [];
    for (let block = this.blockOf(key); block !== 0; block = arena[block + PREVIOUS]) {
      blocks.push(block);
      if (arena[block + ENTRIES] <= token) break;
    }
    const found: number[] = [];
    for (const block of blocks.reverse()) {
      const end = block + ENTRIES + arena[block + USED];
      for (let at = block + ENTRIES; at < end && found.length < most; at++) {
        if (arena[at] >= token) found.push(arena[at]);
      }
    }
    return found;
  }

  /** Becomes what another log was before a token. */
  takeOver(other: WriteLog, before: number): void {
    const { arena, filled } = other;
    // Blocks stand in the order of their first writes.
    let end = 1;
    while (end < filled && arena[end + ENTRIES] < before) end += sizeOf(arena[end + CAPACITY]);
    this.arena = new Uint32Array(end + (end >>> 3) + (1 << 12));
    this.arena.set(arena.subarray(0, end));
    this.filled = end;
    this.pages = other.pages.map((page) => page?.map((block) => this.cut(arena, block, before)));
  }

  /** The last block of a key with a write before a token, from `block` back; here it loses the others. 0: there is none. */
  private cut(arena: Uint32Array, block: number, before: number): number {
    const last = blockBefore(arena, block, before);
    if (last === 0) return 0;
    const first = last + ENTRIES;
    this.arena[last + USED] = firstFrom(arena, first, first + arena[last + USED], before) - first;
    return last;
  }

  private blockOf(key: number): number {
    const page = this.pages[key >>> PAGE_BITS];
    return page === undefined ? 0 : page[key & PAGE_MASK];
  }

  private newPage(index: number): Uint32Array {
    while (this.pages.length <= index) this.pages.push(undefined);
    const page = new Uint32Array(1 << PAGE_BITS);
    this.pages[index] = page;
    return page;
  }

  private newBlock(previous: number): number {
    const capacity = previous === 0 ? FIRST_CAPACITY : Math.min(2 * this.arena[previous + CAPACITY], MOST_CAPACITY);
    const block = this.filled;
    this.filled += sizeOf(capacity);
    if (this.filled > this.arena.length) {
      const larger = new Uint32Array(Math.max(this.filled, Math.ceil(this.arena.length * 1.5)));
      larger.set(this.arena);
      this.arena = larger;
    }
    this.arena[block + PREVIOUS] = previous;
    this.arena[block + CAPACITY] = capacity;
    if (capacity === MOST_CAPACITY) pointFarther(this.arena, block, previous);
    return block;
  }
}

function sizeOf(capacity: number): number {
  return ENTRIES + capacity + (capacity === MOST_CAPACITY ? FARTHER - COUNT + 1 : 0);
}

/** A new block of the greatest size points as far back as two of equal reach before it together, or to the one before it. */
function pointFarther(arena: Uint32Array, block: number, previous: number): void {
  const isFirst = arena[previous + CAPACITY] < MOST_CAPACITY;
  const count = (one: number) => (one === 0 ? 0 : arena[one + COUNT]);
  const farther = (one: number) => (one === 0 ? 0 : arena[one + FARTHER]);
  const [once, twice] = [farther(previous), farther(farther(previous))];
  arena[block + COUNT] = isFirst ? 1 : count(previous) + 1;
  const joins = !isFirst && count(previous) - count(once) === count(once) - count(twice);
  arena[block + FARTHER] = isFirst ? 0 : joins ? twice : previous;
}

/** The last block with a write before a token, from `block` back; 0 for none. */
function blockBefore(arena: Uint32Array, block: number, token: number): number {
  let at = block;
  while (at !== 0 && arena[at + ENTRIES] >= token) {
    const farther = arena[at + CAPACITY] === MOST_CAPACITY ? arena[at + FARTHER] : 0;
    at = farther !== 0 && arena[farther + ENTRIES] >= token ? farther : arena[at + PREVIOUS];
  }
  return at;
}

/** Index of the first number from `from` up to but not including `to`, ascending, that is at least `least`. */
function firstFrom(numbers: Uint32Array, from: number, to: number, least: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
