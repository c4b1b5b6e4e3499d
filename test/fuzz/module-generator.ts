/**
 * Writes random modules whose operand stack is right by construction: every numeric instruction, blocks, loops and ifs
 * with parameters and results, branches of every kind out of any height, dead code, calls direct and indirect, memory,
 * locals and globals. Floats become bits only behind `canon`: which NaN it is, is left to the implementation.
 */
import type { NumberType } from '../../engine/isa/program.ts';
import {
  BURN,
  type Call,
  type Line,
  LOCALS_PER_TYPE,
  NULL_ENTRIES,
  type RandomFunction,
  type RandomModule,
  type Signature,
  typeText,
} from './module.ts';
import { constant, LOADS, OPERATORS, STORES, TYPES } from './operators.ts';
import { Random } from './random.ts';

const FUNCTIONS = 5;

/** A block that is open: the height it stands on, and the types that a branch to it carries. */
interface Label {
  readonly base: number;
  readonly types: readonly NumberType[];
}

export class ModuleGenerator {
  private readonly random: Random;
  private signatures: Signature[] = [];
  private lines: Line[] = [];
  private stack: NumberType[] = [];
  private labels: Label[] = [];
  private params: readonly NumberType[] = [];
  private budget = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** A module, and calls of its functions. */
  generate(): { module: RandomModule; calls: Call[] } {
    const { random } = this;
    this.signatures = Array.from({ length: FUNCTIONS }, () => this.signature(3));
    const functions = this.signatures.map((type) => this.function(type));
    const bytes = Array.from({ length: 64 }, () => `\\${(random.below(256) + 256).toString(16).slice(1)}`);
    const module = { functions, globals: TYPES.map((type) => constant(random, type)), data: bytes.join('') };
    const calls = Array.from({ length: 2 * FUNCTIONS }, (_, i) => {
      const { params } = this.signatures[i % FUNCTIONS];
      return { func: i % FUNCTIONS, args: params.map((type) => constant(random, type)) };
    });
    return { module, calls };
  }

  private signature(most: number): Signature {
    const types = (count: number) => Array.from({ length: count }, () => this.random.pick(TYPES));
    return { params: types(this.random.below(most)), results: types(this.random.below(3)) };
  }

  private function(type: Signature): RandomFunction {
    this.lines = [];
    this.stack = [];
    this.labels = [{ base: 0, types: type.results }];
    this.params = type.params;
    this.budget = 30 + this.random.below(60);
    this.sequence(type.results);
    return { type, lines: this.lines };
  }

  /** Statements, then exactly these values above the innermost block's base (or dead code that ends there). */
  private sequence(results: readonly NumberType[]): void {
    const { random } = this;
    const { base } = this.labels[this.labels.length - 1];
    for (let n = 3 + random.below(12); n > 0 && this.budget > 0; n--) {
      this.budget--;
      if (this.statement()) {
        // Behind a branch that is always taken anything goes; some operators on the polymorphic stack.
        for (const dead of ['i32.add\ndrop', 'block (result i64)\ni64.const 1\nend\ndrop', 'f32.neg\ndrop']) {
          if (random.once(3)) this.emit(dead);
        }
        this.emit('unreachable');
        this.stack = [...this.stack.slice(0, base), ...results];
        return;
      }
    }
    if (this.matches(results) && this.available === results.length) return;
    while (this.available > 0) this.pop('drop');
    for (const type of results) this.value(type);
  }

  private get available(): number {
    return this.stack.length - this.labels[this.labels.length - 1].base;
  }

  private get top(): NumberType | undefined {
    return this.available > 0 ? this.stack[this.stack.length - 1] : undefined;
  }

  private emit(text: string, pops = 0, ...pushes: NumberType[]): void {
    this.stack.length -= pops;
    this.stack.push(...pushes);
    this.lines.push({ text, depth: this.labels.length, top: this.top });
  }

  private pop(text: string): void {
    this.emit(text, 1);
  }

  private matches(types: readonly NumberType[]): boolean {
    if (this.available < types.length) return false;
    const top = this.stack.slice(this.stack.length - types.length);
    return types.every((type, i) => top[i] === type);
  }

  /** Makes the topmost values have these types. */
  private need(...types: readonly NumberType[]): void {
    for (let have = types.length; have >= 0; have--) {
      if (!this.matches(types.slice(0, have))) continue;
      for (const type of types.slice(have)) this.value(type);
      return;
    }
  }

  private value(type: NumberType): void {
    const { random } = this;
    const texts = [`${type}.const ${constant(random, type)}`, `global.get $${type}`, `local.get ${this.local(type)}`];
    this.emit(random.pick(texts), 0, type);
  }

  /** Index of a local variable of a type, parameters among them. */
  private local(type: NumberType): number {
    const { params, random } = this;
    const own = params.length + TYPES.indexOf(type) * LOCALS_PER_TYPE + random.below(LOCALS_PER_TYPE);
    const param = params.indexOf(type);
    return param >= 0 && random.once(2) ? param : own;
  }

  /** One statement; true if what follows it cannot be reached. */
  private statement(): boolean {
    const { random } = this;
    switch (random.below(24)) {
      case 0: {
        const type = this.top ?? random.pick(TYPES);
        this.need(type);
        this.emit(`local.tee ${this.local(type)}`);
        return false;
      }
      case 1: {
        const type = this.top ?? random.pick(TYPES);
        this.need(type);
        this.pop(random.once(2) ? `global.set $${type}` : `local.set ${this.local(type)}`);
        return false;
      }
      case 2:
      case 3:
        this.load();
        return false;
      case 4:
      case 5:
        this.store();
        return false;
      case 6: {
        const type = random.pick(TYPES);
        this.need(type, type, 'i32');
        this.emit('select', 3, type);
        return false;
      }
      case 7:
      case 8:
      case 9:
        this.block();
        return false;
      case 10:
      case 11:
      case 12:
        return this.branch();
      case 13:
      case 14:
        this.call();
        return false;
      case 15:
        if (random.once(3)) {
          this.need('i32');
          this.emit('i32.const 1\ni32.and\nmemory.grow', 1, 'i32');
        } else {
          this.emit(random.pick(['memory.size', 'memory.size\ni32.const 3\ni32.mul']), 0, 'i32');
        }
        return false;
      case 16:
        this.value(random.pick(TYPES));
        return false;
      default:
        this.operator();
        return false;
    }
  }

  private operator(): void {
    const { random, top } = this;
    const fitting =
      top && !random.once(3) ? OPERATORS.filter(({ params }) => params[params.length - 1] === top) : OPERATORS;
    const { text, params, result } = random.pick(fitting);
    this.need(...params);
    // Divisions by zero are seldom.
    const divides = /^(i\d\d)\.(div|rem)/.exec(text);
    if (divides && !random.once(6)) this.emit(`${divides[1]}.const 1\n${divides[1]}.or`);
    this.emit(text, params.length, result);
  }

  /** An address on the stack: most often inside, at the beginning or at the end of memory. */
  private address(): void {
    this.need('i32');
    const { random } = this;
    if (random.once(30)) return;
    this.emit(random.once(8) ? 'i32.const 7\ni32.and\ni32.const 65520\ni32.or' : 'i32.const 255\ni32.and');
  }

  private load(): void {
    const { random } = this;
    const type = random.pick(TYPES);
    this.address();
    this.emit(`${type}.${random.pick(LOADS[type])}${this.offset()}`, 1, type);
  }

  private store(): void {
    const { random } = this;
    const type = random.pick(TYPES);
    this.address();
    this.value(type);
    const canon = type === 'f32' || type === 'f64' ? `call $canon_${type}\n` : '';
    this.emit(`${canon}${type}.${random.pick(STORES[type])}${this.offset()}`, 2);
  }

  private offset(): string {
    return this.random.once(2) ? '' : ` offset=${this.random.once(20) ? 0xffffffff : this.random.below(9)}`;
  }

  /** Branches and returns; true if one is always taken. */
  private branch(): boolean {
    const { random, labels } = this;
    const depth = random.below(labels.length);
    const { types } = labels[labels.length - 1 - depth];
    switch (random.below(7)) {
      case 0:
        this.need(...types);
        this.emit(`br ${depth}`);
        return true;
      case 1: {
        const depths = [...labels.keys()].filter((d) => {
          const other = labels[labels.length - 1 - d].types;
          return other.length === types.length && other.every((type, i) => type === types[i]);
        });
        this.need(...types, 'i32');
        const targets = Array.from({ length: 1 + random.below(4) }, () => random.pick(depths));
        this.emit(`${random.once(3) ? '' : 'i32.const 3\ni32.and\n'}br_table ${targets.join(' ')}`, 1);
        return true;
      }
      case 2:
        this.need(...labels[0].types);
        this.emit('return');
        return true;
      case 3:
        if (random.once(8)) {
          this.emit('unreachable');
          return true;
        }
        this.emit('nop');
        return false;
      default:
        this.need(...types, 'i32');
        this.pop(`br_if ${depth}`);
        return false;
    }
  }

  private call(): void {
    const { random } = this;
    const callee = random.below(FUNCTIONS);
    if (random.once(2)) {
      const { params, results } = this.signatures[callee];
      this.need(...params);
      this.emit(`${BURN}\ncall $f${callee}`, params.length, ...results);
      return;
    }
    const type = random.once(8) ? this.signature(3) : this.signatures[callee];
    this.need(...type.params);
    const index = random.once(12) ? random.below(FUNCTIONS + NULL_ENTRIES + 1) : callee + 1;
    this.emit(`${BURN}\ni32.const ${index}\ncall_indirect ${typeText(type)}`, type.params.length, ...type.results);
  }

  private block(): void {
    const { random } = this;
    const kind = random.pick(['block', 'loop', 'if'] as const);
    const type = this.signature(3);
    const { params, results } = type;
    this.need(...params, ...(kind === 'if' ? (['i32'] as const) : []));
    if (kind === 'if') this.stack.pop();
    const base = this.stack.length - params.length;
    this.labels.push({ base, types: kind === 'loop' ? params : results });
    this.emit(`${kind} ${typeText(type)}${kind === 'loop' ? `\n${BURN}` : ''}`);
    this.sequence(results);
    if (kind === 'if') {
      this.stack = [...this.stack.slice(0, base), ...params];
      this.emit('else');
      this.sequence(results);
    }
    this.labels.pop();
    this.emit('end');
  }
}
