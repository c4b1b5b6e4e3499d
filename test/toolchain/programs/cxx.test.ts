/** C++ with its library: what programs print, natively and in the model, and what is refused. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

test('containers, algorithms, lambdas, classes and streams', async () => {
  const source = files.write(
    'containers.cpp',
    `#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>
extern "C" int half(int);
struct Shape {
  virtual ~Shape() { std::cout << "gone "; }
  virtual double area() const = 0;
};
struct Square : Shape {
  double side;
  explicit Square(double side) : side(side) {}
  double area() const override { return side * side; }
};
template <class T> T largest(const std::vector<T> &values) { return *std::max_element(values.begin(), values.end()); }
static std::string greeting = "hello";
int main() {
  std::vector<int> values{5, 3, 9, 1};
  std::sort(values.begin(), values.end(), [](int a, int b) { return a > b; });
  std::map<std::string, int> names;
  for (int value : values) names["n" + std::to_string(value)] = value;
  for (auto &[name, value] : names) std::cout << name << '=' << value << ' ';
  std::unique_ptr<Shape> shape = std::make_unique<Square>(1.5);
  std::cout << shape->area() << ' ' << largest(values) << ' ' << greeting << std::endl;
  std::ofstream("out.txt") << "written " << 42;
  std::string word;
  std::ifstream("out.txt") >> word;
  int number;
  std::cin >> number;
  std::cout << word << ' ' << number + 1 << ' ';
  return half(10);
}
`,
  );
  const other = files.write('half.c', 'int half(int n) { return n / 2; }\n');
  for (const optimize of ['O0', 'O2'] as const) {
    const { wasm, warnings } = await compiler.compile([source, other], { optimize });
    assert.deepEqual(warnings, []);
    const { output, exit } = await runNative(wasm, Buffer.from('41\n'), { milliseconds: PATIENCE });
    assert.equal(text(output), 'n1=1 n3=3 n5=5 n9=9 2.25 9 hello\nwritten 42 gone ');
    assert.deepEqual(exit, { kind: 'halt', code: 5 });
  }
});

test("GNU's header of all headers, and what g++ only warns of", async () => {
  const source = files.write(
    'all-headers.cpp',
    `#include <bits/stdc++.h>
using namespace std;
#define UNIT "ms"
int main() {
  register int n = 40;
  unsigned char narrow[] = {n, 2};
  vector<int> values{3, 1, 2};
  ranges::sort(values);
  optional<string> text = "5"UNIT;
  cout << *text << ' ' << values[0] << ' ' << narrow[0] + narrow[1] << ' ' << __gcd(12, 18) << endl;
}
`,
  );
  const { wasm, warnings } = await compiler.compile([source], { optimize: 'O0' });
  const { output } = await runNative(wasm, new Uint8Array(0), { milliseconds: PATIENCE });
  assert.equal(text(output), '5ms 1 42 6\n');
  for (const kind of ['register', 'c++11-narrowing', 'reserved-user-defined-literal']) {
    assert.ok(
      warnings.some(({ message }) => message.endsWith(`[-W${kind}]`)),
      kind,
    );
  }
});

test('exceptions are refused where they are thrown and caught', async () => {
  const source = files.write('throws.cc', 'int main() {\n  try { throw 1; } catch (int) { return 1; }\n}\n');
  await assert.rejects(compiler.compile([source], { optimize: 'O0' }), (error: Error) => {
    assert.match(error.message, /cannot use '(try|throw)' with exceptions disabled/);
    return true;
  });
});

test('what newer versions of C++ took out of its library is still there, with warnings', async () => {
  const source = files.write(
    'old.cpp',
    `#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
struct Twice : std::unary_function<int, int> {
  int operator()(int x) const { return 2 * x; }
};
int main() {
  int list[] = {1, 2, 3, 4, 5};
  std::random_shuffle(list, list + 5);
  std::auto_ptr<int> kept(new int(7));
  std::printf("%d %d %d\\n", *kept, (int)std::count_if(list, list + 5, std::bind2nd(std::greater<int>(), 2)), std::not1(Twice())(0));
}
`,
  );
  const { wasm, warnings } = await compiler.compile([source], { optimize: 'O0' });
  const { output } = await runNative(wasm, new Uint8Array(), { milliseconds: PATIENCE });
  assert.equal(text(output), '7 3 1\n');
  assert.ok(warnings.some(({ message }) => message.includes("'auto_ptr<int>' is deprecated")));
});
