/**
 * Input that is no program, or one of absurd size: the command line answers with exit status 65 and an error that says
 * what is wrong, in bounded time and memory. Run from source, as a process of its own with a small heap.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { workspace } from '../toolchain/c.ts';
import { wasmOf } from '../toolchain/wat.ts';
import { runCli } from './cli.ts';

const folder = workspace();
after(() => folder.remove());

/** Runs a command with `--json`; its error, if that is what it prints. */
async function cli(...args: string[]) {
  const { status, output } = await runCli(args);
  return {
    status,
    error: output === '' ? undefined : (JSON.parse(output) as { error: PlaceOfError | undefined }).error,
  };
}

interface PlaceOfError {
  readonly message: string;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const bytes = (...parts: (number | readonly number[])[]) => Uint8Array.from([...HEADER, ...parts.flat()]);
/** An unsigned number in LEB128. */
const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...leb(Math.floor(value / 128))];
const section = (id: number, ...contents: (number | readonly number[])[]) => {
  const flat = contents.flat();
  return [id, ...leb(flat.length), ...flat];
};
const main = (body: string, more = '') => `(module ${more} (func (export "main") (result i32) ${body}))`;

/** Sections of a module whose function 0 is `main`: its type, `count` functions of it, the export. */
const mainOf = (count: number) => [
  ...section(1, 1, 0x60, 0, 1, 0x7f),
  ...section(3, leb(count), new Array<number>(count).fill(0)),
  ...section(7, 1, 4, [...Buffer.from('main')], 0, 0),
];

type Case = readonly [name: string, file: string, contents: string | Uint8Array | Promise<Uint8Array>, says: RegExp];

const CASES: readonly Case[] = [
  ['an empty module file', 'empty.wasm', '', /empty/],
  ['text in a .wasm', 'text.wasm', 'hello', /not a WebAssembly module/],
  ['a header cut short', 'header.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1), /./],
  ['another version', 'version.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), /version 2/],
  ['a component', 'component.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /component/],
  ['a section cut short', 'section.wasm', bytes(1, 200), /./],
  ['a section that says it is 4 GiB', 'huge.wasm', bytes(1, leb(0xffffffff), 1), /./],
  ['an unknown section', 'unknown.wasm', bytes(section(99, 1, 2, 3)), /section/],
  ['10^9 types in three bytes', 'types.wasm', bytes(section(1, leb(1e9))), /./],
  ['code without functions', 'code.wasm', bytes(section(10, 1, 2, 0, 0x0b)), /./],
  ['a body that does not end', 'body.wasm', bytes(mainOf(1), section(10, 1, 3, 0, 0x41, 0)), /./],
  ['a type error', 'type.wasm', bytes(mainOf(1), section(10, 1, 4, 0, 0x42, 0, 0x0b)), /type mismatch|expected/],
  ['2^32 - 1 locals', 'locals.wasm', bytes(mainOf(1), section(10, 1, 9, 1, leb(2 ** 32 - 1), 0x7f, 0x0b)), /./],
  ['text that is no module', 'text.wat', '(modul)', /./],
  ['text cut short', 'short.wat', '(module (func', /./],
  ['text nested deep', 'deep.wat', `(module (func ${'(block '.repeat(50_000)}${')'.repeat(50_000)}))`, /nested|deep/],
  ['a memory of 4 GiB', 'memory.wat', main('(i32.const 0)', '(memory 65536)'), /memory of 65536 pages.*limit/],
  ['more memory than there can be', 'memories.wat', main('(i32.const 0)', '(memory 65537)'), /pages|memory/],
  ['a segment behind everything', 'far.wat', '(module (memory 1) (data (i32.const -1) "a"))', /exports no function/],
  [
    'an element that is the ten-millionth',
    'table.wat',
    main(
      '(call_indirect (result i32) (i32.const 0))',
      '(table 10000000 funcref) (func $f (result i32) (i32.const 1)) (elem (i32.const 9999999) $f)',
    ),
    /table element 9999999 \(the limit is 65536/,
  ],
  ['threads', 'threads.wat', main('(i32.atomic.load (i32.const 0))', '(memory 1 1 shared)'), /threads/],
  [
    'a table of exceptions',
    'exceptions.wat',
    main('(ref.is_null (table.get 0 (i32.const 0)))', '(table 1 exnref)'),
    /references to exceptions/,
  ],
  ['64-bit memory', 'memory64.wat', main('(i32.load (i64.const 0))', '(memory i64 1)'), /64-bit memory/],
  // (type (struct)), which wabt reads as of typed function references or of garbage collection.
  ['garbage collection', 'gc.wasm', bytes(section(1, 1, 0x5f, 0)), /garbage collection|typed function references|type/],
  [
    'threads in bytes',
    'threads.wasm',
    // wabt's own validation does not know of shared memories.
    wasmOf(main('(i32.atomic.load (i32.const 0))', '(memory 1 1 shared)'), false),
    /threads/,
  ],
  ['an import nobody has', 'import.wat', main('(i32.const 0)', '(import "nobody" "has" (func))'), /nobody\.has/],
  ['no entry', 'entry.wat', '(module (func (export "run")))', /exports no function/],
  ['C that is none', 'syntax.c', 'int main(void) {\n  return x\n}\n', /./],
  ['C that includes what is not there', 'include.c', '#include "nope.h"\nint main(void) { return 0; }\n', /nope\.h/],
  ['C without main', 'nomain.c', 'int f(void) { return 0; }\n', /main/],
  ['another kind of file', 'program.rs', 'fn main() {}', /\.cxx, \.wat or \.wasm/],
];

/** A br_table of a million targets. */
function bigTable(): Uint8Array {
  const targets = new Array<number>(1_000_001).fill(0);
  const code = [0, 0x02, 0x40, 0x41, 1, 0x0e, ...leb(1_000_000), ...targets, 0x0b, 0x41, 0, 0x0b];
  return Uint8Array.from([...bytes(mainOf(1)), ...bigSection([1, ...leb(code.length)], code)]);
}

/** A million functions, each of which calls the next. */
function manyFunctions(): Uint8Array {
  const count = 1_000_000;
  const bodies: number[] = [];
  for (let i = 0; i < count; i++) {
    const code = i + 1 < count ? [0, 0x10, ...leb(i + 1), 0x0b] : [0, 0x41, 0, 0x0b];
    bodies.push(code.length, ...code);
  }
  const sections = [...section(1, 1, 0x60, 0, 1, 0x7f)];
  const exported = section(7, 1, 4, [...Buffer.from('main')], 0, 0);
  const parts = [HEADER, sections, bigSection([...leb(count)], new Array<number>(count).fill(0), 3), exported];
  return joined([...parts, bigSection([...leb(count)], bodies)]);
}

function bigSection(start: readonly number[], contents: readonly number[], id = 10): number[] {
  const all = [id, ...leb(start.length + contents.length), ...start];
  for (const byte of contents) all.push(byte);
  return all;
}

function joined(parts: readonly (readonly number[])[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

describe('bad input', { concurrency: 2 }, () => {
  for (const [name, file, contents, says] of CASES) {
    test(name, async () => {
      const path = folder.write(file, await contents);
      const { status, error } = await cli('run', path, '--json');
      assert.equal(status, 65, JSON.stringify(error));
      assert.match(error?.message ?? '', says);
    });
  }

  test('a million functions that call one another are too many', async () => {
    const { status, error } = await cli('run', folder.write('functions.wasm', manyFunctions()), '--json');
    assert.equal(status, 65);
    assert.match(error?.message ?? '', /more than \d+ functions/);
  });

  test('a br_table of a million fits, and runs', async () => {
    const { status } = await cli('run', folder.write('br_table.wasm', bigTable()), '--json');
    assert.equal(status, 0);
  });
});

test('files that are not there, options that make no sense, functions that do not exist', async () => {
  const wat = folder.write('ten.wat', '(module (func (export "ten") (param i32) (result i32) (i32.const 10)))');
  const cases: (readonly [args: string[], says: RegExp])[] = [
    [['run', folder.path('nope.c')], /no such file/],
    [['run', folder.directory], /./],
    [['run', wat, '--nonsense'], /unknown option/],
    [['run', wat, '--max-tokens', 'many'], /whole number/],
    [['invoke', wat], /no function given/],
    [['invoke', wat, 'eleven'], /exports no function "eleven"; it exports ten/],
    [['invoke', wat, 'ten'], /takes \(i32\), but 0 were given/],
    [['invoke', wat, 'ten', '1.5'], /is to be an i32; "1.5" is none/],
    [['invoke', wat, '--batch', folder.write('batch', '{"func": "ten", "args": [1]}\nten')], /Not JSON/],
    [['wast', folder.path('nope.wast')], /cannot be read/],
    [['wast', folder.write('broken.wast', '(module')], /without its/],
  ];
  for (const [args, says] of cases) {
    const { status, error } = await cli(...args, '--json');
    assert.equal(status, 65, args.join(' '));
    assert.match(error?.message ?? '', says);
  }
});

test('with --json every problem of a file is listed, with its place', async () => {
  const file = folder.write('five.wat', '(module\n (func (i32.cost 3))\n (func (call $nobody))\n (func drop))');
  const { output } = await runCli(['run', file, '--json']);
  const { error } = JSON.parse(output) as { error: Problem & { problems: Problem[] } };
  assert.deepEqual(
    error.problems.map(({ line, column }) => [line, column]),
    [
      [2, 9],
      [3, 14],
      [4, 8],
    ],
  );
  const { problems, ...first } = error;
  assert.deepEqual(first, problems[0]);
  assert.equal(first.file, file);
});

interface Problem extends PlaceOfError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
