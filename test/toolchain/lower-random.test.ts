/**
 * Random valid modules against V8: blocks, loops and ifs with parameters and results, branches of every kind out of
 * any height, dead code, calls direct and indirect, memory and globals. The seeds are fixed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../engine/toolchain/decode.ts';
import { lower } from '../../engine/toolchain/lower.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { wasmOf } from './wat.ts';

const BINARY = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl', 'lt_s', 'ge_u', 'div_u'];
const UNARY = ['eqz', 'clz', 'ctz', 'popcnt', 'extend8_s', 'extend16_s'];
const TYPES: readonly (readonly [params: number, results: number])[] = [
  [0, 0],
  [0, 1],
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 0],
];
const FUNCTIONS = 5;
const LOCALS = 4;

const i32s = (keyword: string, count: number) => (count ? `(${keyword}${' i32'.repeat(count)})` : '');

/** Writes modules whose operand stack is right by construction. */
class Generator {
  private state: number;
  private code: string[] = [];
  private height = 0;
  /** Open blocks, innermost last: height they stand on and values that a branch to them carries. */
  private labels: { base: number; arity: number }[] = [];
  private budget = 0;
  private types = TYPES;

  constructor(seed: number) {
    this.state = seed;
  }

  /** A whole number from 0 to below - 1; mulberry32. */
  private random(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)];
  }

  module(): string {
    this.types = Array.from({ length: FUNCTIONS }, () => this.pick(TYPES));
    const { types } = this;
    const functions = types.map((type) => this.function(type));
    // A value below each call shows whether the function left the stack as it should.
    const calls = types.map(
      ([params, results], i) =>
        `(i32.const ${1000 + i}) ${'(i32.const 3) '.repeat(params)} (call ${i + 1}) ${'(call $word) '.repeat(results + 1)}
        (call $word (global.get 1))`,
    );
    return `(module (import "stepformer" "write_byte" (func $put (param i32)))
      (memory 1 2) (global $fuel (mut i32) (i32.const 3000)) (global (mut i32) (i32.const 1))
      (table 8 funcref) (elem (i32.const 1) ${types.map((_, i) => i + 1).join(' ')})
      ${functions.join('\n')}
      (func $word (param i32) (call $put (local.get 0)) (call $put (i32.shr_u (local.get 0) (i32.const 8)))
        (call $put (i32.shr_u (local.get 0) (i32.const 20))))
      (func (export "_start") ${calls.join('\n')}))`;
  }

  private function([params, results]: readonly [number, number]): string {
    this.code = [];
    this.height = 0;
    this.labels = [{ base: 0, arity: results }];
    this.budget = 40 + this.random(80);
    this.sequence(results);
    return `(func ${i32s('param', params)} ${i32s('result', results)} (local${' i32'.repeat(LOCALS)})\n${this.code.join('\n')})`;
  }

  /** Statements, then exactly `results` values above the innermost block's base (or dead code that ends there). */
  private sequence(results: number): void {
    const { base } = this.labels[this.labels.length - 1];
    for (let n = 4 + this.random(10); n > 0 && this.budget > 0; n--) {
      this.budget--;
      if (this.statement()) {
        // Behind a branch that is always taken anything goes; some operators on the polymorphic stack.
        this.code.push(...['i32.add', 'drop', 'block (result i32) i32.const 1 end drop', 'nop'].slice(this.random(4)));
        this.height = base + results;
        return;
      }
    }
    while (this.height > base + results) this.drop();
    while (this.height < base + results) this.value();
  }

  private emit(text: string, change: number): void {
    this.code.push(text);
    this.height += change;
  }

  private drop(): void {
    this.emit('drop', -1);
  }

  private get available(): number {
    return this.height - this.labels[this.labels.length - 1].base;
  }

  private need(count: number): void {
    while (this.available < count) this.value();
  }

  private value(): void {
    const constant = this.random(2) ? this.random(5) : this.random(2 ** 28) * 16;
    this.emit(this.pick([`i32.const ${constant}`, 'global.get 1', `local.get ${this.random(LOCALS)}`]), 1);
  }

  /** One statement; true if what follows it cannot be reached. */
  private statement(): boolean {
    switch (this.random(20)) {
      case 0:
      case 1:
        this.need(2);
        this.emit(`i32.${this.pick(BINARY)}`, -1);
        return false;
      case 2:
        this.need(1);
        this.emit(`i32.${this.pick(UNARY)}`, 0);
        return false;
      case 3:
        this.need(1);
        if (this.random(2)) this.emit(`local.tee ${this.random(LOCALS)}`, 0);
        else this.emit(`local.set ${this.random(LOCALS)}`, -1);
        return false;
      case 4:
        this.need(1);
        this.emit('global.set 1', -1);
        return false;
      case 5:
        this.need(2);
        this.emit('i32.const 0xffff i32.and i32.load8_s offset=3', 0);
        this.emit('local.set 0 i32.const 0x3fff i32.and local.get 0 i32.store16', -2);
        return false;
      case 6:
        this.need(3);
        this.emit('select', -2);
        return false;
      case 7:
      case 8:
      case 9:
        this.block();
        return false;
      case 10:
      case 11: {
        const depth = this.random(this.labels.length);
        this.need(this.labels[this.labels.length - 1 - depth].arity + 1 + this.random(3));
        this.emit(`br_if ${depth}`, -1);
        return false;
      }
      case 12: {
        const { arity } = this.pick(this.labels);
        const same = this.labels.map((label, i) => [label, this.labels.length - 1 - i] as const);
        const depths = same.filter(([label]) => label.arity === arity).map(([, depth]) => depth);
        this.need(arity + 1 + this.random(3));
        this.emit(`i32.const 3 i32.and br_table ${this.pick(depths)} ${this.pick(depths)} ${this.pick(depths)}`, 0);
        return true;
      }
      case 13: {
        const depth = this.random(this.labels.length);
        this.need(this.labels[this.labels.length - 1 - depth].arity);
        this.emit(`br ${depth}`, 0);
        return true;
      }
      case 14:
        this.need(this.labels[0].arity);
        this.emit('return', 0);
        return true;
      case 15: {
        const callee = this.random(FUNCTIONS);
        const [params, results] = this.random(12) ? this.types[callee] : this.pick(TYPES);
        this.need(params);
        const index = `i32.const ${this.random(12) ? callee + 1 : this.random(9)}`;
        const burn =
          'global.get $fuel i32.eqz if unreachable end global.get $fuel i32.const 1 i32.sub global.set $fuel';
        this.emit(
          `${burn} ${index} call_indirect ${i32s('param', params)} ${i32s('result', results)}`,
          results - params,
        );
        return false;
      }
      case 16:
        this.need(1);
        this.emit('i32.const 3 i32.and memory.grow', 0);
        return false;
      default:
        this.value();
        return false;
    }
  }

  private block(): void {
    const kind = this.pick(['block', 'loop', 'if']);
    const [params, results] = this.pick(TYPES);
    this.need(params + Number(kind === 'if'));
    this.emit(`${kind} ${i32s('param', params)} ${i32s('result', results)}`, kind === 'if' ? -1 : 0);
    const base = this.height - params;
    this.labels.push({ base, arity: kind === 'loop' ? params : results });
    if (kind === 'loop') {
      this.code.push(
        'global.get $fuel i32.eqz if unreachable end global.get $fuel i32.const 1 i32.sub global.set $fuel',
      );
    }
    this.sequence(results);
    if (kind === 'if') {
      this.code.push('else');
      this.height = base + params;
      this.sequence(results);
    }
    this.code.push('end');
    this.labels.pop();
    this.height = base + results;
  }
}

test('random modules run as in V8', async () => {
  const ends = new Map<string, number>();
  let instructions = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const wat = new Generator(Math.imul(seed, 0x9e3779b1)).module();
    const wasm = await wasmOf(wat);
    const native = runNative(wasm);
    const program = lower(decode(wasm));
    const ours = new Interpreter(program, undefined, false);
    instructions += program.ops.length;
    assert.notEqual(ours.run(20_000_000), 'budget', `seed ${seed}`);
    // V8 does not say which of a null and a wrong type it met.
    const name = (trap: string | undefined) => trap?.replace('undefined element', 'indirect call type mismatch');
    assert.equal(
      Buffer.from(ours.output).toString('hex'),
      Buffer.from(native.output).toString('hex'),
      `seed ${seed}\n${wat}`,
    );
    assert.equal(name(ours.trap), name(native.trap), `seed ${seed}\n${wat}`);
    if (ours.end === 'halt') assert.equal(ours.depth, 1, `seed ${seed}\n${wat}`);
    ends.set(ours.trap ?? 'halt', (ends.get(ours.trap ?? 'halt') ?? 0) + 1);
  }
  assert.ok((ends.get('halt') ?? 0) > 100 && ends.size > 3, JSON.stringify([...ends]));
  assert.ok(instructions > 50_000, String(instructions));
});
