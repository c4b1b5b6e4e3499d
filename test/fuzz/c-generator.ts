/**
 * Writes random C programs without undefined behaviour: integers of every width, floats, arrays, a struct, pointers,
 * loops, switches, calls through pointers. At the end every variable is printed.
 *
 * Signed arithmetic is done on unsigned numbers, divisors are positive, indices and shift counts are masked, floats
 * become integers in range only, and no NaN is shown.
 */
import { Random } from './random.ts';

const INTEGERS = ['int8_t', 'uint8_t', 'int16_t', 'uint16_t', 'int32_t', 'uint32_t', 'int64_t', 'uint64_t'] as const;
const FLOATS = ['float', 'double'] as const;
type Type = (typeof INTEGERS)[number] | (typeof FLOATS)[number];
const TYPES: readonly Type[] = [...INTEGERS, ...FLOATS];

const isFloat = (type: Type): type is (typeof FLOATS)[number] => type === 'float' || type === 'double';
/** The unsigned type in which numbers of a type are computed. */
const computed = (type: Type) => (type.includes('64') ? 'uint64_t' : 'uint32_t');

const PRELUDE = `#include <stdint.h>
#include <stdio.h>
#include <string.h>
static int32_t fuel = 400;
static int64_t whole(double x) { return x > -1e15 && x < 1e15 ? (int64_t)x : 7; }
static uint64_t bits(double x) { uint64_t b; if (x != x) return 1; memcpy(&b, &x, 8); return b; }
struct S { int8_t a; double b; uint16_t c; int64_t d; };
static struct S s;
static uint32_t words[8];
static float floats[4];
static int64_t wides[4];
`;

/** A program; each of its statements is a line, so that lines can be taken away one by one. */
export interface CProgram {
  readonly functions: readonly { readonly head: string; readonly lines: readonly string[]; readonly end: string }[];
}

export function cText({ functions }: CProgram): string {
  const variables = TYPES.map((type, i) => `static ${type} g${i} = ${i};`).join('\n');
  const shown = TYPES.map((type, i) =>
    isFloat(type) ? `printf("%llx\\n", (unsigned long long)bits(g${i}));` : `printf("%lld\\n", (long long)g${i});`,
  );
  return `${PRELUDE}${variables}
${functions.map(({ head, lines, end }) => `${head} {\n${lines.join('\n')}\n${end}\n}`).join('\n')}
int main(void) {
  for (int round = 0; round < 2; round++) {
${functions.map((_, i) => `    g4 ^= f${i}(g4, round + ${i});`).join('\n')}
  }
  ${shown.join('\n  ')}
  printf("%d %llx %u %lld\\n", s.a, (unsigned long long)bits(s.b), s.c, (long long)s.d);
  uint64_t sum = 0;
  for (int i = 0; i < 8; i++) sum = sum * 31 + words[i];
  for (int i = 0; i < 4; i++) sum = sum * 31 + bits(floats[i]) + (uint64_t)wides[i];
  printf("%llx\\n", (unsigned long long)sum);
  return (int)(sum & 63);
}
`;
}

export class CGenerator {
  private readonly random: Random;
  /** Index of the function that is written: it calls earlier ones. */
  private current = 0;
  private loops = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  generate(): CProgram {
    const functions = Array.from({ length: 3 }, (_, i) => {
      this.current = i;
      const lines = Array.from({ length: 4 + this.random.below(8) }, () => this.statement(3));
      const head = `static int32_t f${i}(int32_t p, int32_t q)`;
      return {
        head: `static int32_t f${i}(int32_t p, int32_t q);\n${head}`,
        lines,
        end: `return ${this.value('int32_t', 2)};`,
      };
    });
    return { functions };
  }

  private statement(depth: number): string {
    const { random } = this;
    const inner = () => Array.from({ length: 1 + random.below(3) }, () => this.statement(depth - 1)).join(' ');
    if (depth > 0) {
      switch (random.below(9)) {
        case 0:
          return `if (${this.value('int32_t', 2)}) { ${inner()} } else { ${inner()} }`;
        case 1: {
          const i = `i${this.loops++}`;
          const skip = random.once(2) ? `if (${i} == ${random.below(4)}) ${random.pick(['break', 'continue'])};` : '';
          return `for (int ${i} = 0; ${i} < ${1 + random.below(5)}; ${i}++) { ${skip} ${inner()} }`;
        }
        case 2:
          return `while (fuel-- > 0 && ${this.value('uint32_t', 2)} % 5 > 1) { ${inner()} }`;
        case 3: {
          const cases = [0, 1, 2, 5, 6].map((n) => `case ${n}: ${inner()} ${random.once(3) ? '' : 'break;'}`);
          return `switch (${this.value('uint32_t', 2)} & 7) { ${cases.join(' ')} default: ${inner()} }`;
        }
        case 4: {
          const type = random.below(TYPES.length);
          const value = this.value(TYPES[type], 2);
          return `{ ${TYPES[type]} *to = &g${type}; *to = ${value}; }`;
        }
      }
    }
    const index = `${this.value('uint32_t', 1)}`;
    switch (random.below(8)) {
      case 0:
        return `words[${index} & 7] = ${this.value('uint32_t', 2)};`;
      case 1:
        return `floats[${index} & 3] = ${this.value('float', 2)};`;
      case 2:
        return `wides[${index} & 3] = ${this.value('int64_t', 2)};`;
      case 3: {
        const [field, type] = random.pick([
          ['a', 'int8_t'],
          ['b', 'double'],
          ['c', 'uint16_t'],
          ['d', 'int64_t'],
        ] as const);
        return `s.${field} = ${this.value(type, 3)};`;
      }
      default: {
        const type = random.below(TYPES.length);
        return `g${type} = ${this.value(TYPES[type], 3)};`;
      }
    }
  }

  /** An expression of a type. */
  private value(type: Type, depth: number): string {
    const { random } = this;
    const value = (of: Type = type) => this.value(of, depth - 1);
    if (depth <= 0 || random.once(5)) return this.leaf(type);
    if (isFloat(type)) {
      switch (random.below(5)) {
        case 0:
          return `(${type})${this.value(random.pick(INTEGERS), depth - 1)}`;
        case 1:
          return `(${type})${value(type === 'float' ? 'double' : 'float')}`;
        case 2:
          return `(${value()} < ${value()} ? ${value()} : -${value()})`;
        default:
          return `(${value()} ${random.pick(['+', '-', '*', '/'])} ${value()})`;
      }
    }
    const wide = computed(type);
    const cast = (text: string) => `((${type})(${text}))`;
    const width = type.includes('64') ? 63 : 31;
    switch (random.below(10)) {
      case 0: {
        const of = random.pick(FLOATS);
        return cast(`whole(${this.value(of, depth - 1)})`);
      }
      case 1: {
        const of = random.pick(TYPES);
        return cast(
          `${this.value(of, depth - 1)} ${random.pick(['<', '<=', '==', '!=', '>', '>='])} ${this.value(of, depth - 1)}`,
        );
      }
      case 2:
        return cast(`${value()} ${random.pick(['/', '%'])} (${type})((${value()} & 63) + 1)`);
      case 3:
        return cast(`(${wide})${value()} << (${value('uint32_t')} & ${width})`);
      case 4:
        return cast(`${value()} >> (${value('uint32_t')} & ${type.includes('64') ? 63 : type.includes('8') ? 7 : 15})`);
      case 5:
        return `(${value('int32_t')} ${random.pick(['&&', '||'])} ${value('int32_t')} ? ${value()} : ${value(random.pick(INTEGERS))})`;
      case 6:
        return this.call(type, depth);
      case 7:
        return cast(this.value(random.pick(INTEGERS), depth - 1));
      default:
        return cast(`(${wide})${value()} ${random.pick(['+', '-', '*', '&', '|', '^'])} (${wide})${value()}`);
    }
  }

  private call(type: Type, depth: number): string {
    const args = `(${this.value('int32_t', depth - 1)}, ${this.value('int32_t', depth - 1)})`;
    if (this.current === 0) return `((${type})${this.leaf('int32_t')})`;
    const [a, b] = [this.random.below(this.current), this.random.below(this.current)];
    const direct = `f${a}${args}`;
    const through = `((${this.leaf('uint32_t')} & 1 ? f${a} : f${b})${args})`;
    return `((${type})(fuel-- > 0 ? ${this.random.once(2) ? through : direct} : 3))`;
  }

  private leaf(type: Type): string {
    const { random } = this;
    const index = random.below(4);
    switch (random.below(6)) {
      case 0:
        return isFloat(type) ? `(${type})floats[${index}]` : `((${type})words[${2 * index}])`;
      case 1:
        return isFloat(type) ? `(${type})s.b` : `((${type})${random.pick(['p', 'q', 's.a', 's.c', 's.d'])})`;
      case 2:
      case 3:
        return this.constant(type);
      default:
        return `g${TYPES.indexOf(type)}`;
    }
  }

  private constant(type: Type): string {
    const { random } = this;
    const bits = random.word();
    if (isFloat(type))
      return `(${type})${random.pick(['0.1', '1.5', '-2.25', '1e30', '3e-30', `${bits >> (bits & 31)}.0`])}`;
    const hex = (BigInt(bits >>> 0) << (random.once(3) ? 32n : 0n)) >> BigInt(random.below(32));
    return `((${type})0x${hex.toString(16)}ull)`;
  }
}
