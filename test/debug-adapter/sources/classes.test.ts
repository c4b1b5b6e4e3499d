/** Classes of C++ with several base classes, virtual ones too: what the debugger says is what the program prints of the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const ASKED = [
  'diamond.b',
  'diamond.m + diamond.n * 10 + diamond.d * 100',
  'root->b',
  'other->b',
  'other->n',
  'reference.b',
  'constant->b',
  '((Diamond *)other)->d',
  '((Diamond *)middle)->n',
  '((Base *)&diamond)->b',
  '((Both *)second)->x',
  '((Both *)second)->l',
  '((Second *)&both)->r',
  'root == &diamond',
  '&both == second',
  'second == &both',
  '(Both *)nothing == 0',
  'deep.b + deep.e',
  '((Deep *)(Lower *)&deep)->e',
  'held.diamond.b',
  'Color::Green',
  'color == Color::Green',
  'Other::Green',
  'geo::scale',
  'geo::in::deep',
  'geo::Wide',
  'geo::Kind::Wide',
  'geo::half(8)',
  '((geo::Point *)&point)->y',
  'sizeof(geo::Point)',
  'geo::Point::made',
];

const SOURCE = `#include <cstdio>
enum class Color : unsigned char { Red, Green = 5 };
enum class Other { Green = 7 };
namespace geo {
int scale = 3;
enum Kind { Narrow, Wide };
struct Point {
  int x, y;
  static int made;
};
int Point::made = 9;
namespace in { int deep = 4; }
int half(int n) { return n / 2; }
}
struct Base {
  virtual ~Base() = default;
  int b = 1;
};
struct Middle : virtual Base { int m = 2; };
struct Beside : virtual Base { int n = 3; };
struct Diamond : Middle, Beside { int d = 4; };
struct First {
  virtual void g() {}
  int l = 1;
};
struct Second {
  virtual void h() {}
  int r = 2;
};
struct Both : First, Second { int x = 3; };
struct Lower { int lower = 6; };
struct Deep : Lower, Diamond { int e = 5; };
struct Holder {
  int first;
  Diamond diamond;
};
int main() {
  Diamond diamond;
  const Diamond *constant = &diamond;
  Base *root = &diamond, &reference = diamond;
  Beside *other = &diamond;
  Middle *middle = &diamond;
  Both both;
  Second *second = &both, *nothing = nullptr;
  Deep deep;
  Holder held;
  Color color = Color::Green;
  geo::Point point = {1, 2};
  char16_t letter = u'\\u00e9';
  decltype(nullptr) null = nullptr;
${ASKED.map((expression) => `  std::printf("%ld\\n", (long)(${expression}));`).join('\n')}
  return (int)letter + (null == nullptr); // stop
}
`;

test('members of base classes, casts between classes, names with those of namespaces and enums', async () => {
  const driver = await drive(file('classes.cpp', SOURCE));
  driver.breakpoints(SOURCE.split('\n').findIndex((line) => line.includes('// stop')) + 1);
  assert.equal(driver.move('configurationDone').reason, 'breakpoint');
  const printed = driver.output().trim().split('\n');
  const said = ASKED.map((expression) => {
    const { result, type } = driver.ask('evaluate', { expression, context: 'watch' });
    const value = type === 'Color' ? driver.evaluate(`(int)(${expression})`) : result;
    return `${expression}: ${Number.parseInt(value, 10)}`;
  });
  assert.deepEqual(
    said,
    ASKED.map((expression, i) => `${expression}: ${printed[i]}`),
  );
  const { diamond, letter, null: none } = driver.scope('Locals');
  assert.match(diamond, /^\{\{\{_vptr\$Base = 0x[\da-f]+, b = 1\}, .*, m = 2\}, \{\{_vptr\$Base = 0x[\da-f]+, b = 1\}/);
  assert.equal(letter, "233 'é'");
  assert.equal(none, '0x0');
  assert.throws(
    () => driver.evaluate('((Diamond *)root)->d'),
    /Base cannot be cast: it is a virtual base class of Diamond/,
  );
});

const OVERLOADED = `namespace geo {
int half(int n) {
  return n / 2; // in geo
}
}
double half(double x) {
  return x / 2; // of doubles
}
struct Cake {
  int half(int n) {
    return n; // of cakes
  }
};
int main() {
  Cake cake;
  return geo::half(4) + (int)half(4.0) + cake.half(4);
}
`;

test('a breakpoint on a name is on all functions of that name, or with those around it on one', async () => {
  const driver = await drive(file('overloaded.cpp', OVERLOADED));
  const stop = (what: string) =>
    `breakpoint half:${OVERLOADED.split('\n').findIndex((line) => line.includes(what)) + 1}`;
  driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'half' }] });
  assert.equal(driver.go('configurationDone'), stop('in geo'));
  assert.equal(driver.go('continue'), stop('of doubles'));
  assert.equal(driver.go('continue'), stop('of cakes'));
  driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'geo::half' }] });
  assert.equal(driver.go('reverseContinue'), stop('in geo'));
});
