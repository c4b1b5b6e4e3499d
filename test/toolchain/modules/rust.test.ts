/**
 * Programs in Rust with its standard library, as Debian's compiler builds them for wasm32-wasi, where it is at hand: what they print
 * as natively, and in the debugger by their source.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { launchOptions, loadProgram } from '../../../debug-adapter/protocol/launch.ts';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { writtenFiles } from '../../../engine/toolchain/given-files.ts';
import { inputOf, load } from '../../../engine/toolchain/load.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { Driver } from '../../debug-adapter/driver.ts';
import { Interpreter } from '../../oracle/interpreter.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';

const RUSTC = '/usr/bin/rustc';
const skip = !(existsSync(RUSTC) && existsSync('/usr/lib/rustlib/wasm32-wasi'));
const folder = workspace();
after(() => folder.remove());

/** Compiles a program for WASI, and natively. */
function build(name: string, source: string, options: readonly string[]) {
  const file = folder.write(`${name}.rs`, source);
  const wasm = folder.path(`${name}${options.join('')}.wasm`);
  const native = folder.path(name);
  const more = { cwd: folder.directory, stdio: 'ignore' } as const;
  execFileSync(RUSTC, ['--target', 'wasm32-wasi', ...options, file, '-o', wasm], more);
  execFileSync(RUSTC, [file, '-o', native], more);
  return { file, wasm, native };
}

const WORDS = `use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, BufRead, Write};
fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut words: HashMap<String, usize> = HashMap::new();
    for line in io::stdin().lock().lines() {
        for word in line?.split_whitespace() { *words.entry(word.to_lowercase()).or_default() += 1; }
    }
    let sorted: BTreeMap<_, _> = words.iter().collect();
    for (word, count) in &sorted { println!("{word:>8} {count:03} {:.3}", **count as f64 / 3.0); }
    fs::create_dir_all("made/deep")?;
    let mut out = fs::File::create("made/deep/a.txt")?;
    for line in fs::read_to_string("in.txt")?.lines().rev() { writeln!(out, "{}{line}", args[0])?; }
    drop(out);
    fs::rename("made/deep/a.txt", "made/b.txt")?;
    let mut names: Vec<_> = fs::read_dir("made")?.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    println!("{names:?} {:?}", fs::metadata("missing").map_err(|error| error.kind()).err());
    eprintln!("{}", i128::MAX / 7);
    std::process::exit(args.len() as i32 + 40)
}
`;

for (const options of [['-g'], ['-O'], ['-C', 'opt-level=s', '-C', 'lto=on']]) {
  test(`maps, lines, files and an exit code, ${options.join(' ')}`, { skip }, async () => {
    const { wasm, native } = build('words', WORDS, options);
    const input = 'the quick brown fox\njumps over the dog\nThe end\n';
    folder.write('in.txt', 'one\ntwo\nthree\n');
    const expected = spawnSync(native, ['> ', 'b'], { cwd: folder.directory, input });
    const given = [{ path: 'in.txt', bytes: Buffer.from('one\ntwo\nthree\n') }];
    const loaded = await load([wasm], { givenFiles: given });
    const bytes = inputOf(loaded, ['> ', 'b'], Buffer.from(input));
    const ours = new Interpreter(loaded.program, bytes, false);
    assert.notEqual(ours.run(100_000_000), 'budget');
    const inV8 = await runNative(loaded.wasm, bytes, { milliseconds: PATIENCE });
    assert.equal(text(inV8.output), expected.stdout.toString());
    assert.equal(text(inV8.errors), expected.stderr.toString());
    assert.deepEqual(inV8.exit, { kind: 'halt', code: 42 });
    assert.equal(ours.exitCode, expected.status);
    assert.equal(ours.outputText.length, expected.stdout.length + expected.stderr.length);
    const memory = (address: number, length: number) => Uint8Array.from({ length }, (_, i) => ours.memory[address + i]);
    const [written] = writtenFiles(loaded.program, { bytes: memory });
    assert.equal(written.path, 'made/b.txt');
    assert.deepEqual(Buffer.from(written.bytes), readFileSync(folder.path('made/b.txt')));
  });
}

const SHAPES = `use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
struct Point { x: i32, y: f64, name: String }
enum Shape { Circle(f64), Rect { w: u32, h: u32 }, Unit }
fn area(shape: &Shape) -> f64 {
    let area = match shape {
        Shape::Circle(r) => r * r * 3.0,
        Shape::Rect { w, h } => (w * h) as f64,
        Shape::Unit => 0.0,
    };
    area // area
}
fn main() {
    let p = Point { x: 3, y: 2.5, name: String::from("corner") };
    let mut v = vec![10, 20, 30];
    let some: Option<i32> = Some(4);
    let none: Option<Box<i32>> = None;
    let text = "größer";
    let part = &v[1..];
    let empty: Vec<u64> = Vec::new();
    let mut ages = HashMap::new();
    ages.insert("k", 5);
    let shapes = [Shape::Circle(1.5), Shape::Rect { w: 2, h: 3 }, Shape::Unit];
    let areas: Vec<f64> = shapes.iter().map(area).collect();
    let squares: BTreeMap<i32, i64> = (0..40).rev().map(|i| (i, i as i64 * i as i64)).collect();
    let letters: BTreeSet<char> = "hello".chars().collect();
    let nothing: BTreeMap<u8, u8> = BTreeMap::new();
    let mut ring: VecDeque<i16> = (0..6).collect();
    for i in 6..9 { ring.pop_front(); ring.push_back(i); }
    let shared = Rc::new(RefCell::new((7, 'x')));
    let word = ['ß', 'a', '\\n'];
    let first = word[0];
    let locked = Arc::new(Mutex::new(vec![1u8]));
    println!("{} {} {} {:?} {:?} {} {:?} {:?}", p.x, p.y, p.name, some, none, text, ages, part); // print
    v.push(40);
    println!("{:?} {:?} {:?}", areas, v, empty); // end
    println!("{} {} {} {} {:?} {:?}", squares.len(), letters.len(), nothing.len(), ring.len(), shared, (locked, word, first));
}
`;

test('the debugger stops by lines of the source and shows what values are', { skip }, async () => {
  const { file, wasm } = build('shapes', SHAPES, ['-g']);
  const settings = launchOptions({ program: wasm });
  const compiler = new Compiler();
  const driver = new Driver(wasm, await loadProgram(settings, compiler, new AbortController().signal));
  compiler.dispose();
  const lineOf = (mark: string) => SHAPES.split('\n').findIndex((line) => line.includes(mark)) + 1;
  const breakpoints = ['// print', '// end'].map((mark) => ({ line: lineOf(mark) }));
  driver.ask('setBreakpoints', { source: { path: file }, breakpoints });
  driver.move('configurationDone');
  const locals = driver.scope('Locals');
  const shown = {
    p: '{x = 3, y = 2.5, name = "corner"}',
    v: 'size=3 {10, 20, 30}',
    some: 'Some(4)',
    none: 'None',
    text: '"größer"',
    part: 'size=2 {20, 30}',
    empty: 'size=0 {}',
    ages: 'size=1 {["k"] = 5}',
    shapes: '{Circle(1.5), Rect {w = 2, h = 3}, Unit}',
    areas: 'size=3 {6.75, 6, 0}',
  };
  const more = {
    letters: "size=4 {'e', 'h', 'l', 'o'}",
    nothing: 'size=0 {}',
    ring: 'size=6 {3, 4, 5, 6, 7, 8}',
    shared: "{7, 'x'}",
    locked: 'size=1 {1}',
    word: "{'ß', 'a', '\\n'}",
    first: "223 'ß'",
  };
  for (const [name, value] of Object.entries({ ...shown, ...more })) assert.equal(locals[name], value, name);
  assert.match(locals.squares, /^size=40 \{\[0\] = 0, \[1\] = 1, \[2\] = 4, /);
  assert.equal(driver.evaluate('p.x + v[1] + part[1]'), '53');
  assert.equal(driver.evaluate('shapes[1]'), 'Rect {w = 2, h = 3}');
  driver.move('continue');
  assert.equal(driver.scope('Locals').v, 'size=4 {10, 20, 30, 40}');
  driver.move('reverseContinue');
  assert.equal(driver.scope('Locals').v, 'size=3 {10, 20, 30}');
  driver.ask('setBreakpoints', { source: { path: file }, breakpoints: [{ line: lineOf('// area') }] });
  driver.move('reverseContinue');
  assert.match(driver.where(), /^area:/);
  assert.match(driver.scope('Locals').shape, /^0x[0-9a-f]+ → Unit$/);
});

test('a panic says where, and ends as a trap', { skip }, async () => {
  const { wasm } = build('panics', 'fn main() { let v = vec![1]; let i = v.len() + 2; println!("{}", v[i]); }', ['-O']);
  const loaded = await load([wasm]);
  const ours = new Interpreter(loaded.program, inputOf(loaded, [], new Uint8Array()), false);
  ours.run(10_000_000);
  assert.equal(ours.trap, 'unreachable');
  assert.match(ours.outputText, /panicked at 'index out of bounds: the len is 1 but the index is 3', .*panics\.rs:1:/);
});
