/** A module that another compiler made, with DWARF: C++ is not compiled here, and debugged in its own source. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as yowasp from '@yowasp/clang';
import { inputOf, load } from '../../../engine/toolchain/load.ts';
import { Driver, file } from '../driver.ts';

const SOURCE = `struct Point {
  int x, y;
  int sum() const {
    return x + y;
  }
};
namespace shapes {
int count = 3;
template <typename T> T twice(T value) {
  T doubled = value + value;
  return doubled;
}
}
enum class Color : unsigned char { red, green };
int add(const Point &point, Color color) {
  int total = point.sum() + static_cast<int>(color);
  return total;
}
int main() {
  Point point{3, 4};
  int n = shapes::twice(point.x);
  shapes::count += add(point, Color::green);
  auto larger = [&](int by) { return n + by; };
  return larger(shapes::count);
}
`;
const lineOf = (needle: string) => SOURCE.split('\n').findIndex((line) => line.includes(needle)) + 1;

type Tool = (args: string[], files: object, options: object) => Promise<Record<string, Uint8Array>>;
const { runClang } = yowasp as unknown as { runClang: Tool };

test('C++ by clang: methods, references, templates, scoped enums, namespaces, closures', async () => {
  const source = file('shapes.cpp', SOURCE);
  const quiet = { stdout: () => undefined, stderr: () => undefined, fetchProgress: () => undefined };
  const map = `-ffile-prefix-map=shapes.cpp=${source}`;
  const command = ['clang++', '--target=wasm32-wasip1', '-g', '-O0', map, 'shapes.cpp', '-o', 'shapes.wasm'];
  const path = file('shapes.wasm', (await runClang(command, { 'shapes.cpp': SOURCE }, quiet))['shapes.wasm']);
  const loaded = await load([path], { disassemble: true });
  const driver = new Driver(path, { loaded, input: inputOf(loaded, [], new Uint8Array(0)) }, { stopOnEntry: true });
  const lines = ['return x + y', 'return doubled', 'return total', 'return larger'].map(lineOf);
  const wanted = { source: { path: source }, breakpoints: lines.map((line) => ({ line })) };
  const { breakpoints } = driver.ask('setBreakpoints', wanted);
  assert.deepEqual(
    breakpoints.map(({ verified, line }: { verified: boolean; line: number }) => (verified ? line : 0)),
    lines,
  );
  driver.move('configurationDone');
  assert.equal(driver.where(), `main:${lineOf('Point point{')}`);
  assert.equal(driver.go('continue'), `breakpoint twice<int>:${lines[1]}`);
  assert.deepEqual(driver.scope('Locals'), { value: '3', doubled: '6' });
  assert.equal(driver.go('continue'), `breakpoint sum:${lines[0]}`);
  assert.equal(driver.evaluate('this->y'), '4');
  assert.equal(driver.go('continue'), `breakpoint add:${lines[2]}`);
  assert.equal(driver.evaluate('point.x + total'), '11');
  assert.equal(driver.scope('Locals').color, 'green');
  assert.equal(driver.go('continue'), `breakpoint main:${lines[3]}`);
  assert.equal(driver.scope('Locals').point, '{x = 3, y = 4}');
  assert.equal(driver.scope('Globals').count, '11');
  assert.match(driver.go('stepIn'), /operator\(\)/);
  assert.equal(driver.scope('Locals').by, '11');
  assert.equal(driver.go('reverseContinue'), `breakpoint main:${lines[3]}`);
});
