/** What the compiler said before: found, damaged, crowded out, out of reach. */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { cacheFolder } from '../../../engine/toolchain/cache/cache-folder.ts';
import { ReplyCache } from '../../../engine/toolchain/cache/reply-cache.ts';
import type { ClangReply, FileTree } from '../../../engine/toolchain/clang/clang-worker.ts';
import { type Clang, ClangProcess } from '../../../engine/toolchain/clang/process.ts';
import { CompileFailed, Compiler } from '../../../engine/toolchain/compile.ts';
import { loadLibc } from '../../../engine/toolchain/libc/load-libc.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stepformer-cache-'));
after(() => rmSync(root, { recursive: true }));

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i);
const KEY = 'a'.repeat(64);
let folders = 0;
const folder = () => path.join(root, `${folders++}`);

test('an answer is given again, byte for byte, by another process too', async () => {
  const place = folder();
  const answer = { logs: ['a warning\n', ''], failed: -1, output: BYTES };
  assert.equal(await new ReplyCache(place).get(KEY), undefined);
  await new ReplyCache(place).put(KEY, answer);
  assert.deepEqual(await new ReplyCache(place).get(KEY), answer);
});

test('a failure is given again as one', async () => {
  const cache = new ReplyCache(folder());
  const answer = { logs: ['a.c:1:1: error: no\n'], failed: 0, output: undefined };
  await cache.put(KEY, answer);
  assert.deepEqual(await cache.get(KEY), answer);
});

test('keys tell apart contents, names, commands and what lies in which folder, and no order', () => {
  const cache = new ReplyCache(folder());
  const key = (files: FileTree, commands = [['clang', 'a']]) => cache.keyOf(files, commands, 'out');
  const all = [
    key({ a: 'x', b: 'y' }),
    key({ a: 'xb', y: '' }),
    key({ a: 'x', c: 'y' }),
    key({ a: { b: 'y' } }),
    key({ a: {}, b: 'y' }),
    key({ a: 'x', b: 'y' }, [['clang', 'b']]),
    key({ a: 'x', b: 'y' }, [['clang'], ['a']]),
    cache.keyOf({ a: 'x', b: 'y' }, [['clang', 'a']], 'other'),
  ];
  assert.equal(new Set(all).size, all.length);
  assert.equal(key({ b: 'y', a: 'x' }), all[0]);
  assert.equal(key({ b: new TextEncoder().encode('y'), a: 'x' }), all[0]);
});

test('a damaged entry is none, and is taken away', async () => {
  const place = folder();
  const cache = new ReplyCache(place);
  const file = path.join(place, KEY);
  const damages: (() => void)[] = [
    () => truncateSync(file, 500),
    () => truncateSync(file, 0),
    () => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(file, bytes);
    },
  ];
  for (const damage of damages) {
    await cache.put(KEY, { logs: [], failed: -1, output: BYTES });
    damage();
    assert.equal(await cache.get(KEY), undefined);
    assert.deepEqual(readdirSync(place), []);
  }
});

test('what was used longest ago goes when there is too much, and what was never finished', async () => {
  const place = folder();
  const cache = new ReplyCache(place, 3500);
  const names = ['1', '2', '3'].map((digit) => digit.repeat(64));
  for (const [i, name] of names.entries()) {
    await cache.put(name, { logs: [], failed: -1, output: BYTES });
    utimesSync(path.join(place, name), 1000 + i, 1000 + i);
  }
  writeFileSync(path.join(place, `${KEY}.1-0`), 'half');
  utimesSync(path.join(place, `${KEY}.1-0`), 1000, 1000);
  // The first was made first, and is used last.
  assert.ok(await cache.get(names[0]));
  await cache.put(KEY, { logs: [], failed: -1, output: BYTES });
  assert.deepEqual(readdirSync(place).sort(), [names[0], names[2], KEY].sort());
});

test('processes that keep the same answer at once keep one', async () => {
  const place = folder();
  const answer = { logs: [], failed: -1, output: BYTES };
  await Promise.all(Array.from({ length: 20 }, () => new ReplyCache(place).put(KEY, answer)));
  assert.deepEqual(readdirSync(place), [KEY]);
  assert.deepEqual(await new ReplyCache(place).get(KEY), answer);
});

test('a folder that cannot be one keeps nothing, and says why', async () => {
  const place = path.join(root, 'file');
  writeFileSync(place, '');
  const cache = new ReplyCache(path.join(place, 'below'));
  await cache.put(KEY, { logs: [], failed: -1, output: BYTES });
  assert.match(cache.problem ?? '', /ENOTDIR|EEXIST/);
  assert.equal(await cache.get(KEY), undefined);
});

/** Answers every job with its number, and counts them. */
class Counting implements Clang {
  jobs = 0;
  start() {}
  dispose() {}
  async run(): Promise<ClangReply> {
    const failed = this.jobs === 2 ? 0 : -1;
    return { id: 0, logs: failed < 0 ? [] : ['no\n'], failed, output: Uint8Array.of(++this.jobs) };
  }
}

test('a program is compiled again when a header of it has changed, or how it is compiled', async () => {
  // From source the library is made once, by a compiler that does compile.
  const real = new ClangProcess();
  await loadLibc(real);
  real.dispose();
  const place = path.join(root, 'program');
  mkdirSync(place);
  const file = path.join(place, 'a.c');
  const header = path.join(place, 'a.h');
  writeFileSync(file, '#include "a.h"\nint main(void) { return N; }\n');
  writeFileSync(header, '#define N 1\n');
  const clang = new Counting();
  const cache = new ReplyCache(folder());
  const compile = async (optimize: 'O0' | 'O1' = 'O0') => new Compiler(clang, cache).compile([file], { optimize });
  const first = await compile();
  assert.deepEqual([first.wasm[0], first.cached], [1, false]);
  const again = await compile();
  assert.deepEqual([again.wasm[0], again.cached], [1, true]);
  assert.deepEqual([(await compile('O1')).wasm[0], clang.jobs], [2, 2]);
  writeFileSync(header, '#define N 2\n');
  for (let i = 0; i < 2; i++) await assert.rejects(compile(), CompileFailed);
  assert.equal(clang.jobs, 3, 'errors are kept too');
  writeFileSync(header, '#define N 1\n');
  assert.equal((await compile()).wasm[0], 1);
});

test('caches lie where each system has them', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>, home: string) =>
    cacheFolder({ platform, env, home });
  assert.equal(at('linux', {}, '/home/u'), '/home/u/.cache/stepformer');
  assert.equal(at('linux', { XDG_CACHE_HOME: '/caches' }, '/home/u'), '/caches/stepformer');
  assert.equal(at('linux', { XDG_CACHE_HOME: 'relative' }, '/home/u'), '/home/u/.cache/stepformer');
  assert.equal(at('darwin', {}, '/Users/u'), '/Users/u/Library/Caches/stepformer');
  assert.equal(at('win32', { LOCALAPPDATA: 'D:\\L' }, 'C:\\u'), 'D:\\L\\stepformer\\Cache');
  assert.equal(at('win32', {}, 'C:\\u'), 'C:\\u\\AppData\\Local\\stepformer\\Cache');
});
