/**
 * What published transformers of this kind get wrong or cannot do, each as a program: the model (its fast forward pass)
 * must put out what V8 does. Beside each operation stands how many trace lines it takes: the program's lines, minus those
 * of the same program with a `drop` in the operation's place.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { EDIT_KINDS, TOKEN, tokenId } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { runNative } from '../oracle/native.ts';
import { workspace } from '../toolchain/c.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const model = Model.load(modelFiles());
const compiler = new Compiler();
after(() => compiler.dispose());

const NO_LINE_END = new Set([TOKEN.branchTaken, ...EDIT_KINDS.map((kind) => tokenId(`edit(${kind})`))]);

/** What the model generates: output bytes, the token that ends it, and lines. */
function runModel(program: TokenProgram, limit = 30_000_000) {
  const kernel = Kernel.create(model);
  kernel.append(encodePrompt(program, new Uint8Array()));
  const start = kernel.length;
  const made = kernel.generate(limit);
  const output: number[] = [];
  let lines = 0;
  for (let i = start; i < start + made; i++) {
    const token = kernel.tokenAt(i);
    if (token >= TOKEN.out && token < TOKEN.out + 256) output.push(token - TOKEN.out);
    if (token >= TOKEN.run && !NO_LINE_END.has(token)) lines++;
  }
  return { output: Buffer.from(output), last: kernel.tokenAt(kernel.length - 1), lines };
}

/** Puts out eight bytes; operands come from memory, so that nothing is known before run time. */
const module = (body: string, rest = '') => `(module
  (import "stepformer" "write_byte" (func $byte (param i32)))
  (memory 1)
  ${rest}
  (func $put (param i64) (local i32)
    (loop
      (call $byte (i32.wrap_i64 (local.get 0)))
      (local.set 0 (i64.shr_u (local.get 0) (i64.const 8)))
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get 1) (i32.const 8)))))
  (func (export "_start") ${body}))`;

/** Runs a module in the model and in V8; gives the model's lines. */
async function agree(wat: string): Promise<number> {
  const wasm = await wasmOf(wat);
  const native = runNative(wasm);
  const { output, last, lines } = runModel(await programOf(wasm));
  assert.equal(native.trap, undefined);
  assert.equal(last, TOKEN.halt);
  assert.deepEqual(output, Buffer.from(native.output));
  return lines;
}

type Operation = readonly [op: string, ...operands: (number | bigint)[]];

/** One operation on operands of its type, its result widened to eight bytes. */
function operationOf([op, ...operands]: Operation): { body: string; without: string } {
  const type = op.slice(0, 3);
  const size = type.endsWith('64') ? 8 : 4;
  const stores = operands.map((value, i) => {
    const literal = /^f/.test(type) ? Number(value) : value;
    return `(${type}.store (i32.const ${i * size}) (${type}.const ${literal}))`;
  });
  const loads = operands.map((_, i) => `(${type}.load (i32.const ${i * size}))`);
  const result = /\.(eq|ne|lt|gt|le|ge)/.test(op) ? 'i32' : type;
  const widen: Record<string, string> = {
    i32: 'i64.extend_i32_s',
    i64: '',
    f32: 'i32.reinterpret_f32 i64.extend_i32_u',
    f64: 'i64.reinterpret_f64',
  };
  const program = (operation: string, widened: string) =>
    `${stores.join(' ')} ${loads.join(' ')} ${operation} ${widened} call $put`;
  return { body: program(op, widen[result]), without: program(operands.length > 1 ? 'drop' : 'nop', widen[type]) };
}

const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  'bitwise operations on many bits': [
    ['i32.or', 0x12345678, 0x0f0f0f0f],
    ['i32.and', 0x7edcba98, 0x0ff0f00f],
    ['i32.xor', -1, 0x13579bdf],
  ],
  'shifts by a variable': [
    ['i32.shr_u', -1, 28],
    ['i32.shr_s', -0x12345678, 13],
    ['i32.shl', 0x10305, 27],
    ['i32.shr_s', -1, 31],
  ],
  'remainders of signed numbers': [
    ['i32.rem_s', -7, 3],
    ['i32.rem_s', 7, -3],
    ['i32.rem_s', -7, -3],
    ['i32.rem_s', 2_000_000_011, 12_345],
    ['i32.rem_s', -0x80000000, -1],
    ['i32.div_s', -1_000_000_007, 97],
  ],
  multiplication: [
    ['i32.mul', 65537, 40000],
    ['i32.mul', -123456789, 987654321],
  ],
  'sign extension of a byte and of two': [
    ['i32.extend8_s', 0x1ff],
    ['i32.extend16_s', 0x18000],
  ],
  'integers of eight bytes': [
    ['i64.add', 0x1_ffff_ffffn, -0x7fff_ffff_0000_0001n],
    ['i64.sub', 0n, 1n],
    ['i64.mul', 0x1234_5678_9abc_def1n, -987_654_321_987n],
    ['i64.shr_s', -0x1234_5678_9abc_def0n, 37n],
    ['i64.lt_s', -1n, 1n],
    ['i64.div_s', -0x7000_0000_0000_0000n, 1_000_000_007n],
    ['i64.rem_u', -1n, 10n],
  ],
  'floating point': [
    ['f64.add', 0.1, 0.2],
    ['f64.mul', 1e200, -3.25e-180],
    ['f64.div', 1, 3],
    ['f64.sqrt', 2],
    ['f32.add', 16777216, 1],
    ['f64.lt', -0.5, 0.25],
  ],
};

for (const [name, operations] of Object.entries(OPERATIONS)) {
  test(name, async (t) => {
    for (const operation of operations) {
      const { body, without } = operationOf(operation);
      const lines = await agree(module(body));
      const others = runModel(await programOf(await wasmOf(module(without)))).lines;
      // A comparison gives four bytes, which take one line more to widen.
      const extra = /64\.lt/.test(operation[0]) ? 1 : 0;
      const own = lines - others + 1 - extra;
      t.diagnostic(`${operation.join(' ')}: ${own} ${own === 1 ? 'line' : 'lines'}`);
      assert.ok(own >= 1);
      const isSequence = /^f|^i64\.(div|rem)/.test(operation[0]);
      assert.ok(own === 1 || isSequence, `${operation[0]} takes ${own} lines`);
    }
  });
}

/** Lines of control and memory operations: as above, with a program that has `plain` in the operation's place. */
const CONTROL: readonly {
  name: string;
  rest?: string;
  body: (operation: string) => string;
  operation: string;
  plain: string;
}[] = [
  {
    name: 'call_indirect',
    rest: `(type $t (func (param i32) (result i32))) (table funcref (elem $twice $square))
        (func $twice (type $t) (i32.shl (local.get 0) (i32.const 1)))
        (func $square (type $t) (i32.mul (local.get 0) (local.get 0)))`,
    body: (operation) =>
      `(i32.store (i32.const 0) (i32.const 1)) i32.const 21 (i32.load (i32.const 0)) ${operation} i64.extend_i32_s call $put`,
    operation: 'call_indirect (type $t)',
    plain: 'drop call $square',
  },
  {
    name: 'br_table',
    body: (operation) => `(local i64) (i32.store (i32.const 0) (i32.const 2))
        (block (block (block (block (i32.load (i32.const 0)) ${operation})
          (local.set 0 (i64.const 10)) (br 2)) (local.set 0 (i64.const 11)) (br 1)) (local.set 0 (i64.const 12)))
        (call $put (local.get 0))`,
    operation: 'br_table 0 1 2 3',
    plain: 'drop br 2',
  },
  {
    name: 'memory.size',
    body: (operation) => `${operation} i64.extend_i32_u call $put`,
    operation: 'memory.size',
    plain: 'i32.const 1',
  },
  {
    name: 'memory.grow',
    body: (operation) =>
      `i32.const 3 ${operation} i64.extend_i32_u call $put (call $put (i64.extend_i32_u (memory.size)))
         (i32.store (i32.const 250000) (i32.const -2)) (call $put (i64.load32_s (i32.const 250000)))`,
    operation: 'memory.grow',
    plain: '',
  },
];

for (const { name, rest, body, operation, plain } of CONTROL) {
  test(name, async (t) => {
    const lines = await agree(module(body(operation), rest));
    if (plain === '') return t.diagnostic(`${name}: ${lines} lines with what shows that it grew`);
    const others = await agree(module(body(plain), rest));
    t.diagnostic(`${name}: ${lines - others} lines more than ${plain}`);
    assert.ok(lines - others < 20);
  });
}

test('a hundred locals with a call in between, and the callee starts with zeros', async (t) => {
  const all = Array.from({ length: 100 }, (_, i) => i);
  const set = all.map((i) => `(local.set ${i} (i64.const ${i * i + 1}))`).join(' ');
  const sum = all.map((i) => `(local.set 100 (i64.add (i64.mul (local.get 100) (i64.const 3)) (local.get ${i})))`);
  const callee = `(func $callee (result i64) (local ${'i64 '.repeat(100)})
    ${all.map((i) => `(call $put (local.get ${i})) (local.set ${i} (i64.const -1))`).join(' ')} (local.get 99))`;
  const body = `(local ${'i64 '.repeat(101)}) ${set} (call $put (call $callee)) (call $put (call $callee))
    ${sum.join(' ')} (call $put (local.get 100))`;
  const lines = await agree(module(body, callee));
  t.diagnostic(`local.get and local.set: 1 line each; ${lines} in all`);
});

const EVERYTHING = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef double (*function)(double, double);
static double add(double a, double b) { return a + b; }
static double power(double a, double b) { double r = 1; for (int i = 0; i < (int)b; i++) r *= a; return r; }
static const char *name(int kind) {
  switch (kind) { case 0: return "sum"; case 1: return "power"; case 7: return "seven"; default: return "?"; }
}
static long long deep(int n) {
  volatile int frame[16];
  for (int i = 0; i < 16; i++) frame[i] = n + i;
  if (n == 0) return 1;
  long long below = deep(n - 1);
  return (below * 31 + frame[n & 15]) % 1000000007LL;
}
struct item { struct item *next; char text[12]; unsigned long long key; };
int main(void) {
  function table[] = { add, power };
  for (int i = 0; i < 2; i++) printf("%s %f %.3f\\n", name(i), table[i](1.5, 3), table[i](-0.1, 2.0));
  printf("%s %s\\n", name(7), name(8));
  struct item *list = NULL;
  for (int i = 0; i < 4; i++) {
    struct item *made = malloc(sizeof *made);
    made->next = list; made->key = 0x123456789abcdefULL * (i + 1); sprintf(made->text, "item %d", i); list = made;
  }
  for (struct item *i = list; i; i = i->next) printf("%s %lld %llx\\n", i->text, (long long)i->key, i->key ^ 0xff);
  while (list) { struct item *next = list->next; free(list); list = next; }
  printf("%lld %x %u\\n", deep(2000), 0xdeadbeef, 4000000000u);
  printf("%lld %lld\\n", -9000000000000000000LL / 7, -9000000000000000000LL % 1000);
  printf("%f %g %e\\n", 1.0 / 3, 1e-5, 123456.789f);
  return 0;
}
`;

/** What gcc's program prints. */
const PRINTED = `sum 4.500000 1.900
power 3.375000 0.010
seven ?
item 3 327942116865947580 48d159e26af3743
item 2 245956587649460685 369d0369d036932
item 1 163971058432973790 2468acf13579b21
item 0 81985529216486895 123456789abcd10
268182577 deadbeef 4000000000
-1285714285714285714 0
0.333333 1e-05 1.234568e+05
`;

test('a C program with floats, long long, function pointers, switch, malloc and recursion 2,000 deep', async (t) => {
  const { path, remove } = workspace({ 'everything.c': EVERYTHING });
  const { program, wasm } = await load([path('everything.c')], { compiler });
  remove();
  const { output, last, lines } = runModel(program);
  assert.equal(last, TOKEN.halt);
  assert.equal(output.toString('latin1'), Buffer.from(runNative(wasm).output).toString('latin1'));
  assert.equal(output.toString('latin1'), PRINTED);
  t.diagnostic(`${lines} lines`);
});
