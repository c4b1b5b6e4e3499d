/**
 * The upper convex hull of a growing set of points in the plane, for extreme-point queries.
 *
 * Vertices stand sorted by x in blocks of bounded size, so that inserting one moves few others; collinear points stay,
 * since they tie. Insertion removes the neighbours that fall below the new edges: amortised O(log n + block). The
 * hull is maintained with exact predicates (Shewchuk's orient2d); a query is a binary search for the vertex from
 * which the score falls on both sides.
 */
import { orient2d } from 'robust-predicates';

/** Vertices per block before it is split in two. */
const BLOCK = 256;

/** Where a vertex stands. */
interface Cursor {
  block: number;
  offset: number;
}

export class Envelope {
  /** Token of each vertex. */
  private readonly blocks: Int32Array[] = [new Int32Array(BLOCK)];
  private readonly sizes: number[] = [0];
  /** +1 for the upper hull; -1 for the lower one, which is the upper hull of (x, -y). */
  private readonly sign: number;
  private readonly cursor: Cursor = { block: 0, offset: 0 };
  /** Where the last insertion was: equal keys come in runs. */
  private last: Cursor = { block: 0, offset: 0 };
  private keys: Float64Array = new Float64Array(0);
  /** The vertex that the last insertion met or became; -1 when the point lies below the hull. */
  met = -1;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  get bytes(): number {
    return this.blocks.length * BLOCK * 4;
  }

  /**
   * Adds the point of token `token`. True if it is a new vertex; false if it lies below the hull (`met` is -1) or
   * equals the vertex `met`, which `replace` puts in its place.
   */
  insert(keys: Float64Array, token: number, replace: boolean): boolean {
    this.keys = keys;
    const x = keys[2 * token];
    const y = this.sign * keys[2 * token + 1];
    const same = this.last.block < this.sizes.length ? this.vertex(this.last) : -1;
    if (same >= 0 && keys[2 * same] === x && this.sign * keys[2 * same + 1] === y) {
      this.met = same;
      if (replace) this.blocks[this.last.block][this.last.offset] = token;
      return false;
    }
    const at = this.locate(x);
    this.last = at;
    let here = this.vertex(at);
    if (here >= 0 && keys[2 * here] === x) {
      const other = this.sign * keys[2 * here + 1];
      if (y <= other) {
        this.met = y === other ? here : -1;
        if (y === other && replace) this.blocks[at.block][at.offset] = token;
        return false;
      }
      this.blocks[at.block][at.offset] = token;
    } else {
      const left = this.neighbour(at, -1);
      if (left >= 0 && here >= 0 && this.turn(left, here, token) > 0) {
        this.met = -1;
        return false;
      }
      this.put(at, token);
    }
    this.met = token;
    // Vertices that now lie strictly below an edge of the new point go.
    for (;;) {
      here = this.neighbour(at, -1);
      const before = this.neighbour(at, -2);
      if (here < 0 || before < 0 || this.turn(before, token, here) <= 0) break;
      this.remove(at, -1);
    }
    for (;;) {
      here = this.neighbour(at, 1);
      const after = this.neighbour(at, 2);
      if (here < 0 || after < 0 || this.turn(token, after, here) <= 0) break;
      this.remove(at, 1);
    }
    return true;
  }

  /** Positive when `point` lies strictly below the line from a to b (a left of b). */
  private turn(a: number, b: number, point: number): number {
    const { keys, sign } = this;
    // orient2d is positive for clockwise triples in a coordinate system with y upwards.
    return orient2d(
      keys[2 * a],
      sign * keys[2 * a + 1],
      keys[2 * b],
      sign * keys[2 * b + 1],
      keys[2 * point],
      sign * keys[2 * point + 1],
    );
  }

  /** Tokens of all vertices, by x. */
  vertices(): Int32Array {
    const { blocks, sizes } = this;
    const all = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    blocks.forEach((block, b) => {
      all.set(block.subarray(0, sizes[b]), at);
      at += sizes[b];
    });
    return all;
  }

  /** Leftmost vertex with the greatest score; walk on with `next` for those that tie. */
  extreme(keys: Float64Array, qx: number, qy: number): number {
    const { blocks, sizes, cursor } = this;
    let low = 0;
    let high = sizes.length - 1;
    // The first block whose last vertex is not beaten by the first of the block behind it.
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = 2 * blocks[middle][sizes[middle] - 1];
      const behind = 2 * blocks[middle + 1][0];
      if (qx * keys[behind] + qy * keys[behind + 1] > qx * keys[last] + qy * keys[last + 1]) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low];
    let from = 0;
    let to = sizes[low] - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      const here = 2 * block[middle];
      const right = 2 * block[middle + 1];
      if (qx * keys[right] + qy * keys[right + 1] > qx * keys[here] + qy * keys[here + 1]) from = middle + 1;
      else to = middle;
    }
    cursor.block = low;
    cursor.offset = from;
    return block[from];
  }

  /** The vertex to the right of the one found last, or -1. */
  next(): number {
    const { cursor, sizes } = this;
    if (++cursor.offset === sizes[cursor.block]) {
      cursor.block++;
      cursor.offset = 0;
    }
    return cursor.block < sizes.length ? this.blocks[cursor.block][cursor.offset] : -1;
  }

  /** The first place whose vertex is not left of x; one past the last vertex otherwise. */
  private locate(x: number): Cursor {
    const { blocks, sizes, keys } = this;
    const lastBlock = sizes.length - 1;
    const lastSize = sizes[lastBlock];
    if (lastSize === 0 || keys[2 * blocks[lastBlock][lastSize - 1]] < x) return { block: lastBlock, offset: lastSize };
    let low = 0;
    let high = lastBlock;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[2 * blocks[middle][sizes[middle] - 1]] < x) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low];
    let from = 0;
    let to = sizes[low];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (keys[2 * block[middle]] < x) from = middle + 1;
      else to = middle;
    }
    return { block: low, offset: from };
  }

  private vertex({ block, offset }: Cursor): number {
    return offset < this.sizes[block] ? this.blocks[block][offset] : -1;
  }

  /** Vertex `by` places to the right of `at` (left when negative), or -1. */
  private neighbour(at: Cursor, by: number): number {
    const place = this.move(at, by);
    return place ? this.blocks[place.block][place.offset] : -1;
  }

  private move({ block, offset }: Cursor, by: number): Cursor | undefined {
    const { sizes } = this;
    let b = block;
    let o = offset + by;
    while (o < 0) {
      if (--b < 0) return undefined;
      o += sizes[b];
    }
    while (o >= sizes[b]) {
      o -= sizes[b++];
      if (b >= sizes.length) return undefined;
    }
    return { block: b, offset: o };
  }

  /** Puts a vertex at a place; `at` follows it. */
  private put(at: Cursor, token: number): void {
    const { blocks, sizes } = this;
    if (sizes[at.block] === BLOCK) {
      const full = blocks[at.block];
      // Behind the last vertex a new block begins; elsewhere the block is cut in half.
      const cut = at.block === blocks.length - 1 && at.offset === BLOCK ? BLOCK : BLOCK / 2;
      const behind = new Int32Array(BLOCK);
      behind.set(full.subarray(cut));
      blocks.splice(at.block + 1, 0, behind);
      sizes.splice(at.block, 1, cut, BLOCK - cut);
      if (at.offset >= cut) {
        at.block++;
        at.offset -= cut;
      }
    }
    const block = blocks[at.block];
    block.copyWithin(at.offset + 1, at.offset, sizes[at.block]++);
    block[at.offset] = token;
  }

  /** Removes the neighbour of `at` on one side; `at` follows its vertex. */
  private remove(at: Cursor, by: 1 | -1): void {
    const { blocks, sizes } = this;
    const place = this.move(at, by) as Cursor;
    blocks[place.block].copyWithin(place.offset, place.offset + 1, sizes[place.block]--);
    if (place.block === at.block && by < 0) at.offset--;
    if (sizes[place.block] > 0) return;
    blocks.splice(place.block, 1);
    sizes.splice(place.block, 1);
    if (place.block < at.block) at.block--;
  }
}
