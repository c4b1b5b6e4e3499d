/** Trails of values against an interpreter that carries with every byte where it came from. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Compiler, type Optimize } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import { ByteSteps } from '../../engine/trace/byte-steps.ts';
import { History } from '../../engine/trace/history.ts';
import { bytesFrom, cellMove, type Start, trail } from '../../engine/trace/trail.ts';
import { CGenerator, cText } from '../fuzz/c-generator.ts';
import { workspace } from '../toolchain/c.ts';
import { randomNumbers, randomProgram } from './random-program.ts';
import { type Made, movesOf, type Tainted, TaintTracker } from './taint.ts';

/** A trail in short: what made the value, and the lines that moved it; or that it has several parts. */
type Short = { maker: string; moves: number[]; count: number } | { parts: number };

/** Trails are compared up to here. */
const MOST_STEPS = 40;

function shortTrail(steps: ByteSteps, start: Start): Short[] {
  const found: Short[] = [];
  for (const step of trail(steps, start)) {
    if (found.length === MOST_STEPS) break;
    if (step.kind === 'cut') throw new RangeError('too many copies for a test');
    if (step.kind === 'parts') {
      found.push({ parts: step.parts.reduce((sum, { count }) => sum + count, 0) });
    } else {
      const { maker, moves, count, address } = step.stretch;
      // Where memory that nobody wrote was read is not who made it.
      const line = maker.kind === 'unwritten' && address !== undefined ? -1 : maker.line;
      found.push({ maker: `${maker.kind} ${line}`, moves: moves.map((move) => move.line), count });
    }
  }
  return found;
}

/** The same by the tracker's bytes. */
function shortTaint(start: readonly Tainted[]): Short[] {
  const found: Short[] = [];
  for (let bytes = start; found.length < MOST_STEPS; ) {
    const onlyFilling = bytes.every(({ fills }) => fills);
    const counted = [...bytes.entries()].filter(([, { fills }]) => !fills || onlyFilling);
    const keys = new Set(counted.map(([i, { made }]) => keyOf(made, onlyFilling ? 0 : i)));
    if (keys.size > 1) {
      found.push({ parts: counted.length });
      break;
    }
    const stated = counted.find(([, { made }]) => made.kind === 'initial') ?? counted[0];
    const [, byte] = stated;
    found.push({ maker: `${byte.made.kind} ${byte.made.line}`, moves: movesOf(byte), count: counted.length });
    if (byte.made.open?.length !== 1) break;
    [bytes] = byte.made.open;
  }
  return found;
}

function keyOf({ kind, line, address, cell, index }: Made, i: number): string {
  if (address !== undefined) return `address ${address - i}`;
  if (kind === 'unwritten') return kind;
  return cell === undefined ? `${kind} ${line}` : `cell ${cell} ${(index as number) - i}`;
}

/** What was compared, so that a test cannot pass for having seen nothing. */
interface Seen {
  trails: number;
  longest: number;
  parts: number;
  kinds: Set<string>;
}

/** Runs a program, and compares trails of everything there is at some of its lines. */
function compare(
  program: TokenProgram,
  input: Uint8Array,
  seed: number,
  budget: number,
  seen: Seen,
  rate: number,
): void {
  const random = randomNumbers(seed);
  const tracker = new TaintTracker(program, input);
  const { machine } = tracker;
  const checks: { line: number; key: string; bytes: readonly Tainted[] }[] = [];
  const keep = (key: string, bytes: readonly Tainted[]) => checks.push({ line: machine.lines, key, bytes });
  while (machine.end === 'budget' && machine.tokens < budget) {
    if (random(rate) === 0 && !tracker.inOperator) {
      if (tracker.stack.length > 0) {
        const slot = tracker.stack.length - 1 - random(Math.min(3, tracker.stack.length));
        keep(`stack ${slot}`, tracker.stack[slot].bytes);
      }
      const cells = [...tracker.cells.keys()].filter((cell) => cell < (machine.callDepth + 1) * program.stride);
      const cell = cells[random(cells.length)];
      const found = tracker.cells.get(cell);
      if (found) {
        const moved = found.value.bytes.map((byte) => ({ ...byte, moved: { line: found.line, before: byte.moved } }));
        keep(`cell ${cell}`, found.line < 0 ? found.value.bytes : moved);
      }
      const touched = [...tracker.memory.keys()];
      const address = touched[touched.length - 1 - random(Math.min(60, touched.length))] ?? 0;
      const size = [1, 4, 8][random(3)];
      keep(
        `memory ${address}`,
        Array.from({ length: size }, (_, i) => tracker.byteAt(address + i)),
      );
    }
    tracker.step();
  }
  const history = new History(program, encodePrompt(program, input));
  history.append(machine.trace);
  const steps = new ByteSteps(history);
  for (const { line, key, bytes } of checks) {
    const expected = shortTaint(bytes);
    const said = shortTrail(steps, startOf(steps, line, key, bytes.length));
    assert.deepEqual(said, expected, `seed ${seed}, line ${line}, ${key}`);
    seen.trails++;
    seen.longest = Math.max(seen.longest, said.length);
    for (const step of said) {
      if ('parts' in step) seen.parts++;
      else seen.kinds.add(step.maker.split(' ')[0]);
    }
  }
}

function startOf(steps: ByteSteps, line: number, key: string, size: number): Start {
  const moment = steps.history.moment(line);
  const [what, at] = [key.split(' ')[0], Number(key.split(' ')[1])];
  if (what === 'memory') {
    return { tokens: Array.from({ length: size }, (_, i) => moment.memoryWrite(at + i)), address: at };
  }
  if (what === 'stack') return { tokens: bytesFrom(moment.stackWrite(at), size) };
  const found = moment.cellWrite(at);
  if (!found) return { tokens: [-1] };
  const tokens = bytesFrom(found.value, steps.history.widthAt(found.value));
  return { tokens, moves: found.write === found.value ? [] : [cellMove(steps, found.write, found.value)] };
}

const nothingSeen = (): Seen => ({ trails: 0, longest: 0, parts: 0, kinds: new Set() });

test('random programs: same writers, same makers, same end', (t) => {
  const seen = nothingSeen();
  for (let seed = 1; seed <= 60; seed++) compare(randomProgram(seed), new Uint8Array(), seed, 20_000, seen, 20);
  t.diagnostic(`${seen.trails} trails, the longest of ${seen.longest} steps, ${seen.parts} with parts`);
  assert.ok(seen.trails > 1000 && seen.longest > 5 && seen.parts > 20, JSON.stringify(seen));
  assert.deepEqual([...seen.kinds].sort(), ['compute', 'constant', 'extension', 'initial', 'unwritten']);
});

const compiler = new Compiler();
const folder = workspace();
after(() => {
  compiler.dispose();
  folder.remove();
});

async function compareC(text: string, optimize: Optimize, stdin: string, seed: number, seen: Seen): Promise<void> {
  const { program } = await load([folder.write('case.c', text)], { compiler, optimize });
  compare(program, new TextEncoder().encode(stdin), seed, 60_000, seen, 40);
}

for (const optimize of ['O0', 'O2'] as const) {
  test(`random C programs at ${optimize}: the same, through helpers and the library`, async (t) => {
    const seen = nothingSeen();
    for (let seed = 1; seed <= 4; seed++)
      await compareC(cText(new CGenerator(seed).generate()), optimize, '', seed, seen);
    t.diagnostic(`${seen.trails} trails, the longest of ${seen.longest} steps, ${seen.parts} with parts`);
    assert.ok(seen.trails > 500 && seen.longest > 3, JSON.stringify(seen));
  });

  test(`strings, sorting, floats and input at ${optimize}: the same`, async () => {
    const seen = nothingSeen();
    await compareC(LIBRARY, optimize, 'ab!42\nrest', 7, seen);
    assert.ok(
      seen.kinds.has('input') && seen.kinds.has('compute') && seen.kinds.has('constant'),
      JSON.stringify([...seen.kinds]),
    );
  });
}

test('filled and copied memory, and operators that are helpers, without C: the same', async () => {
  const seen = nothingSeen();
  const { program } = await load([folder.write('helpers.wat', HELPERS)]);
  compare(program, new TextEncoder().encode('abc'), 3, 60_000, seen, 2);
  assert.ok(seen.trails > 300, JSON.stringify(seen));
  assert.ok(seen.kinds.has('input') && seen.kinds.has('compute') && seen.kinds.has('constant'));
});

const HELPERS = `(module
  (import "stepformer" "read_byte" (func $read (result i32)))
  (memory 1)
  (data (i32.const 200) "0123456789")
  (func (export "main") (result i32)
    (local $i i32) (local $wide i64) (local $real f64)
    (memory.fill (i32.const 16) (call $read) (i32.const 41))
    (memory.copy (i32.const 100) (i32.const 20) (i32.const 19))
    (memory.copy (i32.const 103) (i32.const 200) (i32.const 10))
    (memory.copy (i32.const 105) (i32.const 101) (i32.const 30))
    (loop $again
      (local.set $wide (i64.div_u (i64.load offset=100 (local.get $i)) (i64.const 1000)))
      (local.set $real (f64.add (local.get $real) (f64.convert_i32_u (i32.load8_u offset=20 (local.get $i)))))
      (i64.store offset=300 (local.get $i) (i64.rem_u (local.get $wide) (i64.load (i32.const 101))))
      (f64.store offset=400 (local.get $i) (local.get $real))
      (i32.store16 offset=120 (local.get $i) (select (local.get $i) (call $read) (local.get $i)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 5))) (i32.const 30))))
    (i32.trunc_f64_u (local.get $real))))
`;

const LIBRARY = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct item { int key; char name[8]; double weight; };
static struct item items[3] = { { 3, "three", 1.5 }, { 1, "one", 2.5 }, { 2, "two", 0.5 } };
static int compare(const void *a, const void *b) { return ((const struct item *)a)->key - ((const struct item *)b)->key; }
int main(void) {
  char line[16], text[64], again[64];
  fgets(line, sizeof line, stdin);
  signed char c = line[1];
  unsigned short u = line[2];
  int wide = c + u;
  memset(text, line[0], sizeof text);
  qsort(items, 3, sizeof items[0], compare);
  double w = items[1].weight * 2.0 + wide;
  long long big = (long long)items[0].key * 1000000007LL;
  int rest = big % 1000;
  sprintf(text, "%d-%s-%.2f", atoi(line + 3), items[2].name, w);
  memcpy(again, text, sizeof again);
  printf("%s %d\\n", again, rest);
  return 0;
}
`;
