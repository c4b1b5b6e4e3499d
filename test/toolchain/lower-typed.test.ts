/**
 * Random modules over all four number types against V8: expressions of every operator, blocks and branches with
 * values, locals, globals, memory, calls. What a NaN's bits are is no program's business, so floats become integers
 * only where they are numbers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { randomNumbers } from './operators.ts';
import { programOf, wasmOf } from './wat.ts';

type Type = 'i32' | 'i64' | 'f32' | 'f64';
const TYPES: readonly Type[] = ['i32', 'i64', 'f32', 'f64'];

const INTEGER_BINARY = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr_s', 'shr_u', 'rotl', 'rotr'];
const DIVISION = ['div_s', 'div_u', 'rem_s', 'rem_u'];
const FLOAT_BINARY = ['add', 'sub', 'mul', 'div', 'min', 'max'];
const FLOAT_UNARY = ['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'];
const INTEGER_COMPARE = ['eq', 'ne', 'lt_s', 'lt_u', 'gt_s', 'gt_u', 'le_s', 'le_u', 'ge_s', 'ge_u'];
const FLOAT_COMPARE = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];
/** Each function has this many locals of each type, its parameters among them. */
const LOCALS = 3;

class Generator {
  private readonly random: () => number;
  private readonly functions: { params: Type[]; results: Type[] }[] = [];

  constructor(seed: number) {
    this.random = randomNumbers(seed);
    for (let i = 0; i < 20; i++) this.random();
    const types = (most: number) => Array.from({ length: this.below(most + 1) }, () => this.pick(TYPES));
    for (let i = 0; i < 4; i++) this.functions.push({ params: types(3), results: types(2) });
  }

  module(): string {
    const functions = this.functions.map(({ params, results }, i) => {
      const types = TYPES.flatMap((type) => Array<Type>(LOCALS).fill(type));
      const copies = params.map((type, p) => `(local.set ${this.local(type, p % LOCALS, params)} (local.get ${p}))`);
      const body = [
        ...copies,
        ...this.statements(4, i, params),
        ...results.map((type) => this.value(type, 4, i, params)),
      ];
      return `(func $f${i} (param ${params.join(' ')}) (result ${results.join(' ')}) (local ${types.join(' ')}) ${body.join('\n')})`;
    });
    const show = TYPES.map((type) => this.show(type, `(global.get $${type})`)).join(' ');
    const calls = this.functions.map(({ params, results }, i) => {
      const call = `(call $f${i} ${params.map((type) => this.constant(type)).join(' ')})`;
      return `${call} ${[...results]
        .reverse()
        .map((type) => `(global.set $${type})`)
        .join(' ')} ${show}`;
    });
    return `(module (import "stepformer" "write_byte" (func $put (param i32))) (memory 1)
      (data (i32.const 0) "${Array.from({ length: 64 }, () => `\\${(this.below(256) + 256).toString(16).slice(1)}`).join('')}")
      ${TYPES.map((type) => `(global $${type} (mut ${type}) ${this.constant(type)})`).join(' ')}
      (func $put32 (param i32) ${[0, 8, 16, 24].map((shift) => `(call $put (i32.shr_u (local.get 0) (i32.const ${shift})))`).join(' ')})
      (func $put64 (param i64) (call $put32 (i32.wrap_i64 (local.get 0))) (call $put32 (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32)))))
      (func $bits_f32 (param f32) (result i32) (select (i32.reinterpret_f32 (local.get 0)) (i32.const 1) (f32.eq (local.get 0) (local.get 0))))
      (func $bits_f64 (param f64) (result i64) (select (i64.reinterpret_f64 (local.get 0)) (i64.const 1) (f64.eq (local.get 0) (local.get 0))))
      ${functions.join('\n')}
      (func (export "main") (result i32) ${calls.join('\n')} (i32.const 0)))`;
  }

  private show(type: Type, value: string): string {
    switch (type) {
      case 'i32':
        return `(call $put32 ${value})`;
      case 'i64':
        return `(call $put64 ${value})`;
      case 'f32':
        return `(call $put32 (call $bits_f32 ${value}))`;
      default:
        return `(call $put64 (call $bits_f64 ${value}))`;
    }
  }

  private below(limit: number): number {
    return (this.random() >>> 3) % limit;
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  private local(type: Type, i: number, params: readonly Type[]): number {
    return params.length + TYPES.indexOf(type) * LOCALS + i;
  }

  private constant(type: Type): string {
    const bits = this.random();
    switch (type) {
      case 'i32':
        return `(i32.const ${this.below(3) ? bits >> (bits & 31) : this.below(5)})`;
      case 'i64': {
        const value = (BigInt(bits) << 32n) | BigInt(this.random() >>> 0);
        return `(i64.const ${this.below(3) ? BigInt.asIntN(64, value) >> BigInt(bits & 63) : this.below(5)})`;
      }
      default: {
        const special = ['inf', '-inf', '0', '-0', '0x1p-126', '1.5', '-2.5', '1e10', '3e-40'];
        return `(${type}.const ${this.below(3) ? this.below(100000) / 64 - 700 : this.pick(special)})`;
      }
    }
  }

  private statements(depth: number, fn: number, params: readonly Type[]): string[] {
    return Array.from({ length: 1 + this.below(4) }, () => this.statement(depth, fn, params));
  }

  private statement(depth: number, fn: number, params: readonly Type[]): string {
    const type = this.pick(TYPES);
    const value = (of: Type) => this.value(of, depth - 1, fn, params);
    switch (this.below(8)) {
      case 0:
      case 1:
        return `(local.set ${this.local(type, this.below(LOCALS), params)} ${value(type)})`;
      case 2:
        return `(global.set $${type} ${value(type)})`;
      case 3: {
        const widths: Record<Type, string[]> = {
          i32: ['store', 'store8', 'store16'],
          i64: ['store', 'store8', 'store16', 'store32'],
          f32: ['store'],
          f64: ['store'],
        };
        // A float is kept as one, a NaN as a number.
        const stored = type[0] === 'f' ? `i${type.slice(1)}.store` : `${type}.${this.pick(widths[type])}`;
        const bits = type[0] === 'f' ? `(call $bits_${type} ${value(type)})` : value(type);
        return `(${stored} offset=${this.below(9)} (i32.and ${value('i32')} (i32.const 63)) ${bits})`;
      }
      case 4:
        if (depth <= 0) return 'nop';
        return `(if ${value('i32')} (then ${this.statements(depth - 1, fn, params).join(' ')}) (else ${this.statements(depth - 1, fn, params).join(' ')}))`;
      case 5:
        return this.below(8)
          ? `(drop ${value(type)})`
          : `(memory.copy (i32.and ${value('i32')} (i32.const 63)) (i32.and ${value('i32')} (i32.const 63)) (i32.and ${value('i32')} (i32.const 31)))`;
      case 6:
        return this.below(8)
          ? 'nop'
          : `(memory.fill (i32.and ${value('i32')} (i32.const 63)) ${value('i32')} (i32.and ${value('i32')} (i32.const 31)))`;
      default:
        return `(drop (local.tee ${this.local(type, this.below(LOCALS), params)} ${value(type)}))`;
    }
  }

  private value(type: Type, depth: number, fn: number, params: readonly Type[]): string {
    const value = (of: Type, less = 1) => this.value(of, depth - less, fn, params);
    const isFloat = type[0] === 'f';
    if (depth <= 0) {
      const get = `(local.get ${this.local(type, this.below(LOCALS), params)})`;
      return this.pick([this.constant(type), get, get, `(global.get $${type})`]);
    }
    switch (this.below(14)) {
      case 0:
      case 1:
      case 2:
        return `(${type}.${this.pick(isFloat ? FLOAT_BINARY : INTEGER_BINARY)} ${value(type)} ${value(type)})`;
      case 3:
        if (isFloat) return `(${type}.${this.pick(FLOAT_UNARY)} ${value(type)})`;
        return `(${type}.${this.pick(['clz', 'ctz', 'popcnt', 'extend8_s', 'extend16_s'])} ${value(type)})`;
      case 4:
        return `(select ${value(type)} ${value(type)} ${value('i32')})`;
      case 5:
        return `(if (result ${type}) ${value('i32')} (then ${value(type)}) (else ${value(type)}))`;
      case 6: {
        // A branch that carries its value out past others.
        const other = this.pick(TYPES);
        const jump = this.pick([
          `(br_if 0 ${value(type, 2)} ${value('i32')})`,
          `(br_if 1 ${value(type, 2)} ${value('i32')})`,
        ]);
        return `(block (result ${type}) (block (result ${type}) ${value(other)} ${value('i32')} ${jump} (drop) (drop) (drop) ${value(type)}))`;
      }
      case 7: {
        const cases = [this.below(2), this.below(2), this.below(2)].join(' ');
        return `(block (result ${type}) (block (result ${type}) ${value(this.pick(TYPES))} ${value(type)} (br_table ${cases} (i32.and ${value('i32')} (i32.const 3)))))`;
      }
      case 8:
        return this.conversion(type, value);
      case 9: {
        const compare = this.pick(TYPES);
        if (type !== 'i32')
          return `(${type}.${this.pick(isFloat ? FLOAT_BINARY : INTEGER_BINARY)} ${value(type)} ${value(type)})`;
        const names = compare[0] === 'f' ? FLOAT_COMPARE : INTEGER_COMPARE;
        return `(${compare}.${this.pick(names)} ${value(compare)} ${value(compare)})`;
      }
      case 10: {
        const narrow: Record<Type, string[]> = {
          i32: ['load', 'load8_s', 'load8_u', 'load16_s', 'load16_u'],
          i64: ['load', 'load8_s', 'load8_u', 'load16_s', 'load16_u', 'load32_s', 'load32_u'],
          f32: ['load'],
          f64: ['load'],
        };
        return `(${type}.${this.pick(narrow[type])} offset=${this.below(9)} (i32.and ${value('i32')} (i32.const 63)))`;
      }
      case 11: {
        // Calls go to earlier functions only: every program ends.
        const callee = this.below(4);
        const { params: takes, results } = this.functions[callee];
        if (callee >= fn || results.at(-1) !== type) return value(type);
        const drops = results.slice(0, -1);
        const keep = this.local(type, 0, params);
        const call = `(call $f${callee} ${takes.map((of) => value(of, 2)).join(' ')}) (local.set ${keep})`;
        return `(block (result ${type}) ${call} ${drops.map(() => '(drop)').join(' ')} (local.get ${keep}))`;
      }
      case 12:
        if (isFloat) return value(type);
        return `(${type}.${this.pick(DIVISION)} ${value(type)} (${type}.or ${value(type)} (${type}.const ${this.below(30) ? 1 : 0})))`;
      default:
        return `(local.tee ${this.local(type, this.below(LOCALS), params)} ${value(type)})`;
    }
  }

  private conversion(type: Type, value: (of: Type) => string): string {
    const float = this.pick(['f32', 'f64'] as const);
    const integer = this.pick(['i32', 'i64'] as const);
    const sign = this.pick(['s', 'u']);
    const trunc = `(${type}.trunc_sat_${float}_${sign} ${value(float)})`;
    switch (type) {
      case 'i32':
        return this.pick([
          trunc,
          `(i32.wrap_i64 ${value('i64')})`,
          `(call $bits_f32 ${value('f32')})`,
          `(i64.eqz ${value('i64')})`,
        ]);
      case 'i64':
        return this.pick([
          trunc,
          `(i64.extend_i32_${sign} ${value('i32')})`,
          `(call $bits_f64 ${value('f64')})`,
          `(i64.extend32_s ${value('i64')})`,
        ]);
      // The sign of a NaN is not to be copied.
      case 'f32':
        return this.pick([
          `(f32.copysign ${value('f32')} (f32.convert_i32_s ${value('i32')}))`,
          `(f32.convert_${integer}_${sign} ${value(integer)})`,
          `(f32.demote_f64 ${value('f64')})`,
          `(f32.reinterpret_i32 ${value('i32')})`,
        ]);
      default:
        return this.pick([
          `(f64.copysign ${value('f64')} (f64.convert_i32_s ${value('i32')}))`,
          `(f64.convert_${integer}_${sign} ${value(integer)})`,
          `(f64.promote_f32 ${value('f32')})`,
          `(f64.reinterpret_i64 ${value('i64')})`,
        ]);
    }
  }
}

test('random programs over all number types run as in V8', async (context) => {
  const ends = new Map<string, number>();
  let lines = 0;
  for (let seed = 1; seed <= 250; seed++) {
    const wat = new Generator(Math.imul(seed, 0x9e3779b1)).module();
    const wasm = await wasmOf(wat);
    const native = runNative(wasm);
    const ours = new Interpreter(await programOf(wasm), undefined, false);
    assert.notEqual(ours.run(20_000_000), 'budget', `seed ${seed}`);
    const words = `seed ${seed}\n${wat}`;
    assert.equal(Buffer.from(ours.output).toString('hex'), Buffer.from(native.output).toString('hex'), words);
    assert.equal(ours.trap, native.trap, words);
    if (ours.end === 'halt') assert.equal(ours.depth, 1, words);
    lines += ours.lines;
    ends.set(ours.trap ?? 'halt', (ends.get(ours.trap ?? 'halt') ?? 0) + 1);
  }
  assert.ok((ends.get('halt') ?? 0) > 100, JSON.stringify([...ends]));
  context.diagnostic(`${lines} lines, ${JSON.stringify(Object.fromEntries(ends))}`);
});
