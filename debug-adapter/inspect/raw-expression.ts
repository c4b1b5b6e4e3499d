/**
 * Expressions over the machine itself, where there is no C: wasm locals and globals by name, `$stack[0]` (from the
 * bottom of the frame's operand stack), `$memory[address]` (a byte), `token` and `line`; whole numbers with C's operators,
 * of 32 bits, or of 64 where a value of 64 bits takes part. Watch expressions and conditions of WebAssembly programs are
 * these.
 */
import { PlacedError } from '../../engine/errors.ts';

/** A signed number of 32 bits, or as a bigint one of 64. */
export type RawValue = number | bigint;

/** What names mean; undefined for those that mean nothing. */
export interface RawScope {
  named(name: string): RawValue | undefined;
  stack(index: number): RawValue | undefined;
  byte(address: number): number | undefined;
}

/** The value of an expression in a scope. Throws PlacedError with the column. */
export type RawExpression = (scope: RawScope) => RawValue;

/** @throws PlacedError with the column (from 1) */
export function parseRaw(text: string): RawExpression {
  return new Parser(text).parse();
}

/** Names that mean something wherever the machine is. */
export const RAW_NAMES = ['token', 'line', '$stack', '$memory'] as const;

const TOKENS = /\s*(?:(0[xX][\da-fA-F]+|\d+)|(\$?[A-Za-z_][\w.$]*)|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>&|^!~()[\]]))/y;

/** An operator on two numbers of 32 bits, and on two of 64. */
interface Operate {
  readonly narrow: (a: number, b: number) => number;
  readonly wide: (a: bigint, b: bigint) => bigint;
}

const arithmetic = (narrow: Operate['narrow'], wide: Operate['wide']): Operate => ({ narrow, wide });
const comparison = (compare: (a: number | bigint, b: number | bigint) => boolean) => (a: RawValue, b: RawValue) =>
  Number(compare(a, b));
const nonzero = <T extends RawValue>(divisor: T): T => {
  if (Number(divisor) === 0) throw new PlacedError('division by zero');
  return divisor;
};

/** Binary operators, loosest first. `&&` and `||` are not among them: they may leave their right side alone. */
const LEVELS: readonly Record<string, Operate | ReturnType<typeof comparison>>[] = [
  {
    '|': arithmetic(
      (a, b) => a | b,
      (a, b) => a | b,
    ),
  },
  {
    '^': arithmetic(
      (a, b) => a ^ b,
      (a, b) => a ^ b,
    ),
  },
  {
    '&': arithmetic(
      (a, b) => a & b,
      (a, b) => a & b,
    ),
  },
  // biome-ignore lint/suspicious/noDoubleEquals: 1 and 1n are the same number here
  { '==': comparison((a, b) => a == b), '!=': comparison((a, b) => a != b) },
  {
    '<': comparison((a, b) => a < b),
    '>': comparison((a, b) => a > b),
    '<=': comparison((a, b) => a <= b),
    '>=': comparison((a, b) => a >= b),
  },
  {
    '<<': arithmetic(
      (a, b) => a << b,
      (a, b) => a << (b & 63n),
    ),
    '>>': arithmetic(
      (a, b) => a >> b,
      (a, b) => a >> (b & 63n),
    ),
  },
  {
    '+': arithmetic(
      (a, b) => a + b,
      (a, b) => a + b,
    ),
    '-': arithmetic(
      (a, b) => a - b,
      (a, b) => a - b,
    ),
  },
  {
    '*': arithmetic(Math.imul, (a, b) => a * b),
    '/': arithmetic(
      (a, b) => a / nonzero(b),
      (a, b) => a / nonzero(b),
    ),
    '%': arithmetic(
      (a, b) => a % nonzero(b),
      (a, b) => a % nonzero(b),
    ),
  },
];

function operated(operate: (typeof LEVELS)[number][string], a: RawValue, b: RawValue): RawValue {
  if (typeof operate === 'function') return operate(a, b);
  if (typeof a === 'number' && typeof b === 'number') return operate.narrow(a, b) | 0;
  return BigInt.asIntN(64, operate.wide(BigInt(a), BigInt(b)));
}

const PREFIXES: Record<string, (a: RawValue) => RawValue> = {
  '-': (a) => (typeof a === 'bigint' ? BigInt.asIntN(64, -a) : -a | 0),
  '+': (a) => a,
  '!': (a) => Number(!a),
  '~': (a) => ~a,
};

class Parser {
  private readonly text: string;
  private readonly tokens: { text: string; kind: 'number' | 'name' | 'operator' | 'end'; column: number }[] = [];
  private at = 0;
  private nesting = 0;

  constructor(text: string) {
    this.text = text;
    TOKENS.lastIndex = 0;
    let end = 0;
    while (text.slice(end).trim() !== '') {
      const match = TOKENS.exec(text);
      if (!match) {
        const column = end + (/\S/.exec(text.slice(end))?.index ?? 0) + 1;
        throw new PlacedError(`unexpected "${text[column - 1]}"`, { column });
      }
      end = TOKENS.lastIndex;
      const kind = match[1] ? 'number' : match[2] ? 'name' : 'operator';
      const found = match[1] ?? match[2] ?? match[3];
      this.tokens.push({ text: found, kind, column: end - found.length + 1 });
    }
    this.tokens.push({ text: '', kind: 'end', column: text.length + 1 });
  }

  parse(): RawExpression {
    const result = this.or();
    if (this.tokens[this.at].kind !== 'end') this.unexpected();
    return result;
  }

  private or(): RawExpression {
    let left = this.and();
    while (this.take('||')) {
      const [a, b] = [left, this.and()];
      left = (scope) => Number(Boolean(a(scope)) || Boolean(b(scope)));
    }
    return left;
  }

  private and(): RawExpression {
    let left = this.binary(0);
    while (this.take('&&')) {
      const [a, b] = [left, this.binary(0)];
      left = (scope) => Number(Boolean(a(scope)) && Boolean(b(scope)));
    }
    return left;
  }

  private binary(level: number): RawExpression {
    if (level === LEVELS.length) return this.prefix();
    let left = this.binary(level + 1);
    for (;;) {
      const { text, kind } = this.tokens[this.at];
      const operate = kind === 'operator' && Object.hasOwn(LEVELS[level], text) ? LEVELS[level][text] : undefined;
      if (!operate) return left;
      this.at++;
      const [a, b] = [left, this.binary(level + 1)];
      left = (scope) => operated(operate, a(scope), b(scope));
    }
  }

  private prefix(): RawExpression {
    if (++this.nesting > 200) throw new PlacedError('too deeply nested', { column: this.tokens[this.at].column });
    const { text, kind } = this.tokens[this.at];
    const operate = kind === 'operator' && Object.hasOwn(PREFIXES, text) ? PREFIXES[text] : undefined;
    let result: RawExpression;
    if (operate) {
      this.at++;
      const operand = this.prefix();
      result = (scope) => operate(operand(scope));
    } else {
      result = this.primary();
    }
    this.nesting--;
    return result;
  }

  private primary(): RawExpression {
    const token = this.tokens[this.at++];
    if (token.kind === 'number') {
      const value = BigInt(token.text);
      if (value >= 2n ** 64n) throw new PlacedError('a number of more than 64 bits', { column: token.column });
      const number = value > 0xffffffffn ? BigInt.asIntN(64, value) : Number(value) | 0;
      return () => number;
    }
    if (token.kind === 'name') {
      if (token.text === '$stack' || token.text === '$memory') return this.indexed(token);
      return (scope) => found(scope.named(token.text), `there is no "${token.text}" here`, token.column);
    }
    this.at--;
    if (!this.take('(')) this.unexpected();
    const inner = this.or();
    this.expect(')');
    return inner;
  }

  private indexed({ text, column }: { text: string; column: number }): RawExpression {
    this.expect('[');
    const index = this.or();
    this.expect(']');
    return text === '$stack'
      ? (scope) => found(scope.stack(Number(index(scope))), 'the operand stack has no such entry', column)
      : (scope) => found(scope.byte(Number(index(scope)) >>> 0), 'the address is outside memory', column);
  }

  private take(text: string): boolean {
    const token = this.tokens[this.at];
    if (token.kind !== 'operator' || token.text !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) this.unexpected(`; "${text}" is missing`);
  }

  private unexpected(more = ''): never {
    const { text, column } = this.tokens[this.at];
    const what =
      text === ''
        ? `${this.text.trim() ? 'the expression ends early' : 'the expression is empty'}`
        : `unexpected "${text}"`;
    throw new PlacedError(what + more, { column });
  }
}

function found(value: RawValue | undefined, message: string, column: number): RawValue {
  if (value === undefined) throw new PlacedError(message, { column });
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) : value | 0;
}
