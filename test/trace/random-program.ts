/**
 * Random token programs that run for a while and touch everything a history keeps: stack, locals of recursive calls,
 * globals and memory, in four and eight bytes, loops, output.
 */
import type { TokenProgram } from '../../engine/isa/program.ts';
import { type Line, programOf, wide } from '../oracle/build.ts';

/** Numbers from 0 up to but not including `n`, the same for every seed. */
export function randomNumbers(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const NARROW = ['i32.add', 'i32.sub', 'i32.mul', 'i32.xor'];
const WIDE = ['i64.add', 'i64.sub', 'i64.mul', 'i64.or'];

/** Cells 0..2 are a counter and two i32, 3 and 4 are i64; the same for globals, of which cell 0 is the pages. */
export function randomProgram(seed: number): TokenProgram {
  const random = randomNumbers(seed);
  const lines: Line[] = [];
  const push = (...more: Line[]) => lines.push(...more);
  const narrow = (depth: number): unknown => {
    const kind = random(depth > 0 ? 7 : 3);
    if (kind === 0) push(['i32.const', random(2 ** 31) * (random(2) ? 1 : -1)]);
    else if (kind === 1) push(['local.get', random(3)]);
    else if (kind === 2) push(['global.get', 1 + random(2)]);
    else if (kind === 3) push(['i32.const', random(300)], ['i32.load8_u', random(40)]);
    else if (kind === 4) {
      const local = random(3);
      if (local === 0) return narrow(depth - 1);
      narrow(depth - 1);
      push(['local.tee', local]);
    } else {
      narrow(depth - 1);
      narrow(depth - 1);
      push([NARROW[random(NARROW.length)]]);
    }
  };
  const long = (depth: number): void => {
    const kind = random(depth > 0 ? 5 : 3);
    if (kind === 0) push(...wide(BigInt(random(2 ** 31)) * BigInt(random(2 ** 31) - 2 ** 30)));
    else if (kind === 1) push(['local.get.i64', 3 + random(2)]);
    else if (kind === 2) push(['global.get.i64', 3 + random(2)]);
    else if (kind === 3) push(['i32.const', random(300)], ['i64.load', random(40)]);
    else {
      long(depth - 1);
      long(depth - 1);
      push([WIDE[random(WIDE.length)]]);
    }
  };
  const statement = (): unknown => {
    switch (random(8)) {
      case 0:
        narrow(2);
        return push(['local.set', 1 + random(2)]);
      case 1:
        long(2);
        return push(['local.set', 3 + random(2)]);
      case 2:
        narrow(2);
        return push(['global.set', 1 + random(2)]);
      case 3:
        long(2);
        return push(['global.set', 3 + random(2)]);
      case 4:
        push(['i32.const', random(300)]);
        narrow(2);
        return push([['i32.store', 'i32.store8', 'i32.store16'][random(3)], random(40)]);
      case 5:
        push(['i32.const', random(300)]);
        long(1);
        return push(['i64.store', random(40)]);
      case 6:
        narrow(1);
        return push(['write_byte']);
      default:
        narrow(1);
        return push(['br_if', 1], ['nop'], ['nop']);
    }
  };
  const jump = (name: string, target: number) => push([name, target - lines.length - 2]);
  // (start): a counter, then calls of f with it on the stack. f takes it, and calls itself while it is not zero.
  push(['br', 0]);
  const calls: number[] = [];
  for (let i = 0; i < 3; i++) {
    for (let n = random(4); n > 0; n--) statement();
    push(['i32.const', 2 + random(6)], ['call', 0]);
    calls.push(lines.length - 1);
  }
  narrow(2);
  push(['halt']);
  const f = lines.length + 1;
  push(['local.set', 0]);
  for (let n = 2 + random(5); n > 0; n--) statement();
  push(['local.get', 0], ['i32.eqz'], ['br_if', 4]);
  push(['local.get', 0], ['i32.const', 1], ['i32.sub']);
  jump('call', f);
  for (let n = 2 + random(8); n > 0; n--) statement();
  push(['return']);
  for (const at of calls) lines[at] = ['call', f - at - 2];
  const data = Uint8Array.from({ length: 50 }, () => random(256));
  return programOf(lines, {
    stride: 6,
    pages: 1,
    globals: [random(1000), random(1000), BigInt(random(2 ** 31)) << 20n, 7n],
    data: [
      { address: 100, bytes: data },
      { address: 120, bytes: data.slice(0, 10) },
    ],
    exitCode: true,
  });
}
