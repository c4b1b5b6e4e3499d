/**
 * Expressions: what the evaluator makes of them is what clang's code computes, and the machine's names are part of the
 * same language.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CompiledExpression,
  compileExpression,
  completions,
  type ExpressionScope,
  formatValue,
  type MachineNames,
  MachineScope,
  type MachineState,
  nested,
  ProgramScope,
  readDebugInfo,
  STANDARD_SCOPE,
  scalarOf,
  spellType,
} from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import { compileC, program, runToStops } from './compile.ts';

/** Integer expressions over the program's variables; `p` and `n` are locals. */
const EXPRESSIONS = [
  '1 + 2 * 3 - 4 / 3 % 5',
  '-7 / 2 * 10 + -7 % 2',
  '1 << 4 | 6 ^ 3 & 5',
  '~n + !n + - -n',
  'n > 3 && n < 3 || n == n != 2',
  "'a' + '\\n' + '\\x41' + sizeof(char)",
  '0x10 + 010 + 0b11',
  '2147483647 + 1u > 0',
  '4294967295 == -1',
  '4294967295u == -1',
  'huge + n',
  'huge > n ? huge : n',
  '(int)huge >> 3',
  'huge >> 3',
  'wide >> 60',
  '(long long)wide >> 60',
  'wide / 10 * 10 + wide % 10 == wide',
  'nodes[0].big * 3 - 1',
  'nodes[1].big + (n > 0)',
  'p->next->value * p->value',
  'p->next->next->next == 0',
  '&p->next->value - &p->value',
  'p->next - p',
  'p + 1 == &nodes[1]',
  'p->corners[1].y + (*p).corners[0].x + nodes[2].corners->y',
  'p->flag + p->small * 4',
  'nodes[1].small - nodes[2].small',
  'p->bits',
  '(int)(p->f * 100) + (int)nodes[1].f',
  '(int)(ratio * 3 * 1e9) + (ratio * 3 == 0.3)',
  'nodes[2].f == 0.1',
  'nodes[2].f == 0.1f',
  '(int)(float)16777217',
  'bytes[0] + bytes[1] * 3 + (unsigned char)bytes[0]',
  '(signed char)(bytes[4] + 1)',
  '(ushort_t)-1',
  'sizeof(struct node) + sizeof bytes + sizeof(p->corners) + sizeof(long double) + sizeof(int (*)(void))',
  '*(*(grid + 1) + 2) + grid[2][-1] + 1[grid][0]',
  '&grid[2] - &grid[0]',
  '*(int *)((char *)&grid[1] + 4)',
  '*(unsigned short *)&huge',
  'text[1] + *text + (text + 2)[1]',
  'shade == BLUE ? GREEN : RED',
  '(enum color)5 == GREEN',
  'n, n + 1',
  'p && p->next && !p->next->next->next',
  '(void *)p == &nodes[0]',
  '((struct node *)p)->next->corners[n - n + 1].x',
  '(unsigned long long)-1 > 0 ? 3 : 4',
  '1 ? -1 : 1u',
  '(_Bool)0.5 + (_Bool)huge',
  '_Alignof(struct node) * 100 + _Alignof(double) * 10 + _Alignof(short[3])',
  '__builtin_offsetof(struct node, corners[1].y) + __builtin_offsetof(struct node, f)',
  'word[1] + packed.b + aligned.a',
  '_Alignof(struct packed) * 100 + _Alignof(struct aligned) * 10 + sizeof(struct aligned)',
  '"abc"[1] + sizeof "abc" + "\\x41\\u00e9"[2]',
  '(int[]){4, 5, [5] = 6, 7}[6] + sizeof (int[]){1, 2, [9] = 3}',
  '(struct point){.y = 8, .x = n}.y + (struct point){n, 4}.x',
  '(struct node){.corners = {{1, 2}, {.y = n}}, .small = -3, .flag = 6, .f = 2.5f}.corners[1].y',
  '(struct node){.small = -3, .flag = 6, .bits = 5}.small * 100 + (struct node){.flag = 6, .big = 1}.flag',
  '(struct node){7, 0, {.bits = 5}, .corners[1].x = 3}.corners[1].x + (struct node){.bits = 77}.bits',
  '(struct node){.corners = {nodes[1].corners[1]}}.corners[0].y',
  '(int){n}',
  '((char[6]){"ab" "c"})[2]',
] as const;

const SOURCE = `${program('expressions.c')}
int main(void) {
  struct node *p = &nodes[0];
  int n = 3;
  stop(1);
${EXPRESSIONS.map((text, i) => `  results[${i}] = (long long)(${text});`).join('\n')}
  stop(2);
  return p->value + n;
}
`;

const wasm = await compileC({ 'expressions.c': SOURCE }, ['-O0', '-Wno-everything']);
const info = readDebugInfo(wasm)!;
const { stops } = runToStops(wasm);
const [before, after] = stops;
const codeOffset = before.fileOffset - info.codeStart;
const c = new ProgramScope(info, codeOffset);

/** A machine beside the C program; the stack's entries are an i32, an i64 and an i32. */
const NAMES: MachineNames = {
  locals: ['i32', 'i64', 'f32', 'f64', 'i32'],
  localNames: ['$i', 'wide', undefined, 'a.b', 'counter.1'],
  globals: [undefined, { name: 'total', type: 'i32' }, { name: 'n', type: 'i64' }],
  others: [
    { name: 'token', type: 'i32' },
    { name: '$pages', type: 'i32' },
  ],
  stack: { height: 3, typeOf: (index) => (index === 1 ? 'i64' : 'i32') },
};
const LOCALS = [0xffff_ffff, 0xffff_fffd_0000_0000n, 0x3fc0_0000, 0x4004_0000_0000_0000n, 9];
const state: MachineState = {
  memory: before.state.memory,
  local: (index) => LOCALS[index],
  global: (index) => [undefined, 100, 0x1_0000_0000n][index],
  stack: (index) => [0xffff_fff6, 0x2_0000_0000n, 5][index],
  other: (name) => (name === 'token' ? 1234 : 7),
};
const machine = nested([new MachineScope(NAMES), STANDARD_SCOPE]);

function value(text: string, scope: ExpressionScope, at: MachineState): string {
  const compiled: CompiledExpression = compileExpression(text, scope);
  return `${spellType(compiled.type)} ${formatValue(compiled.evaluate(at), at)}`;
}

for (const [index, text] of EXPRESSIONS.entries()) {
  test(`${text}: as clang's code has it`, () => {
    const results = info.globals.find(({ name }) => name === 'results')!;
    const place = results.locate(codeOffset);
    assert.ok(place.kind === 'memory');
    const bytes = after.state.memory(place.address(after.state)! + 8 * index, 8);
    const expected = new DataView(bytes.slice().buffer).getBigInt64(0, true);
    const scope = nested([c, STANDARD_SCOPE]);
    const compiled = compileExpression(`(long long)(${text})`, scope);
    assert.equal(scalarOf(compiled.evaluate(before.state), before.state), expected);
    assert.equal(compileExpression(text, scope).truth(before.state), expected !== 0n);
  });
}

test('the names of the machine have types', () => {
  const expected: Record<string, string> = {
    $i: 'i32 -1',
    wide: 'i64 -12884901888',
    $wide: 'i64 -12884901888',
    $local0: 'i32 -1',
    local1: 'i64 -12884901888',
    '$local.2': 'f32 1.5',
    '$local2 * 2': 'float 3',
    '$a.b': 'f64 2.5',
    'a.b + 1': 'double 3.5',
    'counter.1 - 1': 'int 8',
    total: 'i32 100',
    '$total / 3': 'int 33',
    $n: 'i64 4294967296',
    token: 'i32 1234',
    $pages: 'i32 7',
    '$stack[0]': 'i32 -10',
    '$stack[1] + 1': 'long long 8589934593',
    '$stack[0] + $stack[1]': 'long long 8589934582',
    '$stack[token - 1234]': 'i64 -10',
    '(unsigned)$stack[0] / 2': 'unsigned int 2147483643',
    '$stack[2] == 5 && true': 'int 1',
    '(i64)$stack[0]': 'i64 -10',
    'sizeof $stack[1] + sizeof($local3)': 'unsigned long 16',
  };
  for (const [text, shown] of Object.entries(expected)) assert.equal(value(text, machine, state), shown, text);
});

test('the machine and C are one language', () => {
  const scope = nested([c, machine]);
  const both: MachineState = { ...state, local: before.state.local };
  assert.equal(value('$stack[0] + p->value', scope, both), 'int -3');
  assert.equal(value('p[$stack[2] - 4].value * $total', scope, both), 'int -800');
  assert.equal(value('n + $n', scope, both), 'long long 4294967299', 'a name of C hides that of the machine');
  assert.equal(value('$memory[(int)&p->value] == p->value ? token : 0', scope, both), 'int 1234');
  assert.equal(value('*(struct point *)&$memory[(long)p->corners]', scope, both), 'struct point {x = 1, y = 2}');
  assert.equal(value('$memory[(int)&bytes[1]]', scope, both), 'unsigned char 255');
});

test('without a frame every entry of the stack is there, and is 32 bits wide', () => {
  const early = nested([new MachineScope({ ...NAMES, stack: undefined }), STANDARD_SCOPE]);
  assert.equal(spellType(compileExpression('$stack[99]', early).type), 'i32');
});

test('errors say what is wrong, and where', () => {
  const failures: [string, ExpressionScope, RegExp, number][] = [
    ['1 + nobody', machine, /^'nobody' is not in scope here$/, 5],
    ['p->z', c, /^struct node has no member 'z'$/, 2],
    ['p.value', c, /use '->'/, 2],
    ['$stack[7]', machine, /^the operand stack has no such entry$/, 7],
    ['2 * $stack[0 - 1]', machine, /^the operand stack has no such entry$/, 11],
    ['$stack[1.5]', machine, /is an integer, not double$/, 7],
    ['$stack', machine, /^the operand stack has no value of its own: write \$stack\[0\]$/, 1],
    ['$stack + 1', machine, /cannot be used here/, 1],
    ['&$i', machine, /^this has no address/, 1],
    ['+$memory[0xffffffff]', machine, /^address 0xffffffff is outside memory$/, 9],
    ['$i.x', machine, /needs a struct or union, not i32$/, 3],
    ['i32', machine, /^'i32' is a type$/, 1],
    ['$i = 3', machine, /^assignments are made in the console, one at a time$/, 4],
    ['f(1)', machine, /^'f' cannot be called: the program has no such function/, 1],
    ['1 / (token - 1234)', machine, /^division by zero$/, 3],
    ['(1', machine, /^'\)' is expected before the end$/, 3],
    ['', machine, /^an expression is expected before the end$/, 1],
    ['1 @ 2', machine, /a count needs a pointer, or an object in memory, that has a size, not int$/, 3],
    ['1 # 2', machine, /"#" is not part of C/, 3],
    ['p@0', c, /^a count is at least 1, not 0$/, 3],
    ['p@(n * 0)', c, /^a count is at least 1, not 0$/, 6],
    ['text == "te" "\\q"', c, /is not one of C's|an escape/, 14],
    ['n == "te"', c, /^a string literal cannot be compared with int$/, 1],
    ['(struct point)n', c, /^int has not as many bytes as struct point$/, 1],
    ['(struct point)p', c, /write \*\(struct point \*\)$/, 1],
    ['(struct point){1, 2, 3}', c, /^struct point has only 2 members$/, 15],
    ['(struct point){.z = 1}', c, /^struct point has no member 'z'$/, 1],
    ['(struct node){.corners = 1}', c, /write it in braces$/, 26],
    ['(int[2]){1, 2, 3}', c, /^int\[2\] has no element 2$/, 9],
    ['offsetof(struct node, flag)', c, /^a bit-field has no offset in bytes$/, 1],
    ['_Alignof(void)', c, /^void has no alignment$/, 1],
    ['_Alignof(n)', c, /^a type is expected before 'n'$/, 10],
  ];
  for (const [text, scope, message, column] of failures) {
    const error = caught(() => compileExpression(text, scope).evaluate(state));
    assert.match(error.message, message, text);
    assert.equal(error.place.column, column, text);
  }
});

function caught(action: () => unknown): PlacedError {
  try {
    action();
  } catch (error) {
    if (error instanceof PlacedError) return error;
    throw error;
  }
  return assert.fail('it is evaluated');
}

test('a state that does not know a number says so', () => {
  const { other, ...plain } = state;
  assert.match(caught(() => compileExpression('token', machine).evaluate(plain)).message, /^token: not known/);
});

test('completions: members, and what is in scope, the nearest first', () => {
  const scope = nested([c, machine]);
  const labels = (text: string) => completions(text, scope).map(({ label }) => label);
  assert.deepEqual(labels('p->ne'), ['next']);
  assert.deepEqual(labels('1 + nodes[0].corners[1].'), ['x', 'y']);
  assert.deepEqual(labels('p->next->f'), ['f', 'flag']);
  assert.deepEqual(labels('n'), ['n', 'nodes']);
  assert.deepEqual(labels('x + $'), ['$i', '$local2', '$pages', '$stack', '$memory']);
  assert.deepEqual(labels('to'), ['total', 'token']);
  assert.deepEqual(labels('GRE'), ['GREEN']);
  assert.deepEqual(completions('a + tok', scope), [
    { label: 'token', kind: 'variable', detail: 'i32', column: 5, length: 3 },
  ]);
  assert.deepEqual(labels('"'), []);
});

test('a typedef that a variable hides is a variable', () => {
  const own: ExpressionScope = {
    ...STANDARD_SCOPE,
    lookUp: (name) =>
      name === 'size_t' ? { kind: 'value', type: compileExpression('1', machine).type, read: () => 6 } : undefined,
    typedef: () => undefined,
  };
  assert.equal(value('(size_t) - 1', nested([own, STANDARD_SCOPE]), state), 'int 5');
  assert.equal(value('(size_t) - 1', STANDARD_SCOPE, state), 'size_t 4294967295');
});

const READABLE = nested([c, STANDARD_SCOPE]);

/** A value as its suffix wants it. */
function shown(text: string): string {
  const compiled = compileExpression(text, READABLE);
  return formatValue(compiled.evaluate(before.state), before.state, { format: compiled.format });
}

test('text compares with literals, as strcmp has it', () => {
  const expected: Record<string, string> = {
    'text == "text"': '1',
    '"text" == text': '1',
    'text == "texts"': '0',
    'text != "tex"': '1',
    'text > "tex" && text < "u"': '1',
    '(char *)0 == "text"': '0',
    '(char *)0 != "text"': '1',
    'word == "full"': '1',
    'word == "fullness"': '0',
    '"same" == "sa" "me"': '1',
    'text == "text" ? n : 0': '3',
  };
  for (const [text, result] of Object.entries(expected)) assert.equal(shown(text), result, text);
  assert.match(caught(() => shown('(char *)0 < "text"')).message, /^a null pointer has no text$/);
  assert.match(caught(() => shown('(char *)0xffffffff == "text"')).message, /is outside memory$/);
});

test('format suffixes', () => {
  const expected: Record<string, string> = {
    'n,x': '0x3',
    'huge,d': '-294967296',
    'bytes[0],u': '128',
    'n * 4,o': '014',
    'n,b': '0b11',
    '65,c': "'A'",
    'shade,d': '-3',
    shade: 'BLUE',
    'nodes[1].f,x': '0xc0100000',
    'nodes[0].corners,x': '{{x = 0x1, y = 0x2}, {x = 0x3, y = 0x4}}',
    'word,d': '{102, 117, 108, 108}',
    'bytes,s': String.raw`"\x80\xff"`,
    'p->corners,1,x': '{{x = 0x1, y = 0x2}}',
    '&p->value == &nodes[0].value,d': '1',
    '(n, n + 1),x': '0x4',
    'n, n + 1': '4',
    '(n, huge)': '4000000000',
  };
  for (const [text, result] of Object.entries(expected)) assert.equal(shown(text), result, text);
  assert.equal(shown('p,d').split(' ')[0], String(Number(shown('p').split(' ')[0])));
});

test('objects in a row: of a pointer, of an array, of an object; as many as an expression says', () => {
  const expected: Record<string, string> = {
    '&bytes[2]@3': '{0, 1, 127}',
    'bytes@2': '{-128, -1}',
    'grid[1][2]@3': '{7, 8, 9}',
    '&grid[0][0] + 1@n': '{2, 3, 4}',
    '&grid[0][0],2': '{1, 2}',
    '(grid@n)[1][0]': '5',
    'sizeof(grid[0]@2)': '8',
  };
  for (const [text, result] of Object.entries(expected)) assert.equal(shown(text), result, text);
  const { source, format } = compileExpression('&grid[0][0],2,x', READABLE);
  assert.deepEqual([source, format], ['(&grid[0][0])@2', 'x']);
  assert.equal(shown(`(${source})[1],${format}`), '0x2');
});

test('casts to aggregates see an object as another', () => {
  const expected: Record<string, string> = {
    '(struct point)grid[0]': '{x = 1, y = 2}',
    '(unsigned char[4])huge,x': '{0x0, 0x28, 0x6b, 0xee}',
    '(unsigned char[4])0x01020304,x': '{0x4, 0x3, 0x2, 0x1}',
    '(int[2])(struct point){5, 6}': '{5, 6}',
    '(void)n': 'void',
  };
  for (const [text, result] of Object.entries(expected)) assert.equal(shown(text), result, text);
});
