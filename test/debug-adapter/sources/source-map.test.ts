/** Modules with a source map: lines of the sources it names, whatever language they are in. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readSourceMap } from '../../../engine/toolchain/debug/source-map.ts';
import { decode } from '../../../engine/toolchain/decode/decode.ts';
import { operatorName } from '../../../engine/toolchain/decode/operators.ts';
import { inputOf, load } from '../../../engine/toolchain/load.ts';
import { watToWasm } from '../../../engine/wat/wat.ts';
import { Driver, file } from '../driver.ts';

const SOURCE = `let total: i32 = 0;

function add(x: i32): void {
  total += x;
}

export function main(): i32 {
  add(3);
  add(4);
  return total;
}
`;

/** What a compiler would make of it, with a function that comes from its library. */
const MODULE = `(module
  (global $total (mut i32) (i32.const 0))
  (func $~lib/nothing (nop))
  (func $add (param $x i32) (global.set $total (i32.add (global.get $total) (local.get $x))))
  (func $main (export "main") (result i32)
    (call $~lib/nothing) (call $add (i32.const 3)) (call $add (i32.const 4)) (return (global.get $total)))
  (func $start (nop)))`;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(value: number): string {
  let text = '';
  let rest = value < 0 ? -2 * value + 1 : 2 * value;
  do {
    text += DIGITS[(rest % 32) + (rest >= 32 ? 32 : 0)];
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}

/** `[offset, source, line from 1, column from 1]`, or an offset from which code has no source. */
type Mapped = [number, number, number, number] | [number];

function mappings(list: Mapped[]): string {
  const last = [0, 0, 1, 1];
  return list
    .map((fields) =>
      fields
        .map((field, i) => {
          const delta = field - last[i];
          last[i] = field;
          return vlq(delta);
        })
        .join(''),
    )
    .join(',');
}

/** The module, and a map of it: sources 0 (the program) and 1 (its library). */
async function compiled() {
  const wasm = await watToWasm(MODULE, 'module.wat');
  const { functions } = decode(wasm);
  const at = (fn: number, name: string, nth = 0) => {
    const { codes, offsets } = functions[fn];
    return [...offsets].filter((_, i) => operatorName(codes[i]) === name)[nth];
  };
  const list: Mapped[] = [
    [at(0, 'nop'), 1, 2, 3],
    [at(1, 'global.get'), 0, 4, 3],
    [at(1, 'end'), 0, 5, 1],
    [at(2, 'call'), 1, 9, 1],
    [at(2, 'i32.const'), 0, 8, 3],
    [at(2, 'i32.const', 1), 0, 9, 3],
    [at(2, 'global.get'), 0, 10, 10],
    [at(3, 'nop')],
  ];
  return { wasm, mappings: mappings(list) };
}

/** The module with a section that says where its map is. */
function withUrl(wasm: Uint8Array, url: string): Uint8Array {
  const leb = (value: number) => {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>>= 7) {
      if (rest < 128) return Buffer.from([...bytes, rest]);
      bytes.push((rest & 127) | 128);
    }
  };
  const text = (value: string) => Buffer.concat([leb(Buffer.byteLength(value)), Buffer.from(value)]);
  const payload = Buffer.concat([text('sourceMappingURL'), text(url)]);
  return Buffer.concat([wasm, Buffer.from([0]), leb(payload.length), payload]);
}

const dataUrl = (map: object) =>
  `data:application/json;base64,${Buffer.from(JSON.stringify({ version: 3, ...map })).toString('base64')}`;

async function driveModule(path: string): Promise<Driver> {
  const loaded = await load([path], { disassemble: true });
  const driver = new Driver(path, { loaded, input: inputOf(loaded, [], new Uint8Array(0)) }, { stopOnEntry: true });
  driver.move('configurationDone');
  return driver;
}

test('a module shows the source that its map names, with its own names for variables', async () => {
  const { wasm, mappings } = await compiled();
  const source = file('program.ts', SOURCE);
  const folder = join(dirname(source), 'build');
  mkdirSync(folder, { recursive: true });
  // As compilers do that ran above the folder of the map.
  const sources = ['program.ts', '~lib/nothing.ts'];
  const map = { version: 3, sourceRoot: './elsewhere', sources, names: [], mappings };
  file('build/program.wasm.map', JSON.stringify(map));
  const driver = await driveModule(file('build/program.wasm', withUrl(wasm, './program.wasm.map')));
  const { breakpoints } = driver.ask('setBreakpoints', { source: { path: source }, breakpoints: [{ line: 4 }] });
  assert.deepEqual([breakpoints[0].verified, breakpoints[0].line], [true, 4]);
  assert.equal(driver.go('continue'), 'breakpoint add:4');
  assert.equal(driver.frames()[0].source?.path, source);
  assert.deepEqual(driver.scope('Locals'), { x: '3' });
  assert.equal(driver.evaluate('total + x'), '3');
  assert.equal(driver.go('stepOut'), 'step main:9');
  assert.equal(driver.go('stepIn'), 'breakpoint add:4');
  assert.deepEqual(driver.scope('Globals'), { total: '3' });
  assert.equal(driver.go('stepBack'), 'step main:9');
});

test('the end is shown where main ended, not in the code of the library that called it', async () => {
  const started = `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $main (result i32) (return (i32.const 0)))
    (func $start (export "_start") (nop) (drop (call $main)) (nop) (call $exit (i32.const 0))))`;
  const wasm = await watToWasm(started, 'started.wat');
  const { functions } = decode(wasm);
  const at = (fn: number, name: string, nth = 0) => {
    const { codes, offsets } = functions[fn];
    return [...offsets].filter((_, i) => operatorName(codes[i]) === name)[nth];
  };
  const ending = async (name: string, startIn: number) => {
    const list: Mapped[] = [
      [at(0, 'i32.const'), 0, 10, 10],
      [at(1, 'nop'), startIn, 1, 1],
      [at(1, 'call'), startIn, 2, 1],
      [at(1, 'nop', 1), startIn, 3, 1],
    ];
    const url = dataUrl({ sources: ['main.ts', '~lib/start.ts'], mappings: mappings(list) });
    const driver = await driveModule(file(name, withUrl(wasm, url)));
    assert.match(driver.go('continue'), /^end /);
    return driver.where();
  };
  assert.equal(await ending('started.wasm', 1), 'main:10');
  assert.equal(await ending('own-start.wasm', 0), 'start:3');
});

test('a source that is no file is shown from the map', async () => {
  const { wasm, mappings } = await compiled();
  const sourcesContent = [SOURCE, '// nothing\nexport function nothing() {}\n'];
  const url = dataUrl({ sources: ['inside.ts', '~lib/nothing.ts'], sourcesContent, mappings });
  const driver = await driveModule(file('inside.wasm', withUrl(wasm, url)));
  driver.move('stepIn');
  const [{ source, line }] = driver.frames();
  assert.match(source?.path ?? '', /^stepformer-source:.*\/~lib\/nothing\.ts$/);
  assert.equal(line, 2);
  assert.equal(driver.ask('source', { source, sourceReference: 0 }).content, sourcesContent[1]);
});

test('sources may be URLs of files, and URLs that are not', async () => {
  const { wasm, mappings } = await compiled();
  const source = file('url.ts', SOURCE);
  const sources = [`file://${source}`, 'file://elsewhere/library.ts'];
  const { debug } = await load([file('url.wasm', withUrl(wasm, dataUrl({ sources, mappings })))]);
  assert.equal(debug?.files[0], source);
  assert.match(debug?.files[1] ?? '', /library\.ts$/);
});

test('code that the map leaves out has no source', async () => {
  const { wasm, mappings } = await compiled();
  const url = dataUrl({ sources: ['a.ts', 'b.ts'], mappings });
  const { debug, module } = await load([file('part.wasm', withUrl(wasm, url))]);
  const offset = (fn: number) => module.functions[fn].offsets[0] - module.codeSection;
  assert.equal(debug?.functionAt(offset(1))?.name, 'add');
  assert.equal(debug?.functionAt(offset(3)), undefined);
  assert.equal(debug?.nearestLineAt(offset(3)), undefined);
});

test('a map that is missing, elsewhere or damaged leaves the module its text', async () => {
  const { wasm } = await compiled();
  const urls = [
    'missing.map',
    'https://example.org/a.map',
    'data:application/json,{}',
    'data:application/json;base64,==',
  ];
  for (const [i, url] of [...urls, dataUrl({ sources: ['a'], mappings: 'A' + '!' })].entries()) {
    const { debug, texts } = await load([file(`damaged-${i}.wasm`, withUrl(wasm, url))], { disassemble: true });
    assert.match(debug?.files[0] ?? '', /\.wasm\.wat$/, url);
    assert.equal(texts.size, 1);
  }
});

test('numbers of a map: signs, several digits, and what is not one', () => {
  const one = (text: string) => readSourceMap(JSON.stringify({ version: 3, sources: ['a', 'b'], mappings: text }));
  assert.deepEqual(one('gBCAA,D'), {
    sources: ['a', 'b'],
    root: '',
    contents: [undefined, undefined],
    segments: [
      { offset: 15, source: -1, line: 0, column: 1 },
      { offset: 16, source: 1, line: 1, column: 1 },
    ],
  });
  for (const text of ['g', 'AA', 'AAA', 'AAAAAA', 'A,%', 'gggggggggggB', 'D']) assert.equal(one(text), undefined, text);
  for (const other of ['', '[]', 'null', '{"version":3}', '{"version":2,"sources":[],"mappings":""}']) {
    assert.equal(readSourceMap(other), undefined, other);
  }
});
