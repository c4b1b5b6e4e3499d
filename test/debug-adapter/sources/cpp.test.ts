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

/** A module of sources, made by clang as anybody would. @returns its path */
async function compiled(name: string, sources: Record<string, string>, paths: Record<string, string>) {
  const quiet = { stdout: () => undefined, stderr: () => undefined, fetchProgress: () => undefined };
  const maps = Object.entries(paths).map(([source, path]) => `-ffile-prefix-map=${source}=${path}`);
  const command = ['clang++', '--target=wasm32-wasip1', '-g', '-O0', ...maps, ...Object.keys(sources), '-o', name];
  return file(name, (await runClang(command, sources, quiet))[name]);
}

async function debugged(path: string): Promise<Driver> {
  const loaded = await load([path], { disassemble: true });
  return new Driver(path, { loaded, input: inputOf(loaded, [], new Uint8Array(0)) }, { stopOnEntry: true });
}

test('C++ by clang: methods, references, templates, scoped enums, namespaces, closures', async () => {
  const source = file('shapes.cpp', SOURCE);
  const driver = await debugged(await compiled('shapes.wasm', { 'shapes.cpp': SOURCE }, { 'shapes.cpp': source }));
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

test('a library that came with debug information, whose sources are not here, is stepped through', async () => {
  const own = 'int triple(int);\nint main() {\n  int n = triple(4);\n  return n;\n}\n';
  const library =
    'struct Once { Once(); } once;\nint made;\nOnce::Once() { made = 1; }\nint triple(int n) { return 3 * n; }\n';
  const source = file('own.cpp', own);
  const paths = { 'own.cpp': source, 'library.cpp': '/not/here/library.cpp' };
  const driver = await debugged(await compiled('linked.wasm', { 'own.cpp': own, 'library.cpp': library }, paths));
  // The library's constructor runs before main.
  assert.equal(driver.go('configurationDone'), 'entry main:3');
  assert.equal(driver.go('stepIn'), 'step main:4');
  assert.equal(driver.scope('Locals').n, '12');
  driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'triple' }] });
  assert.equal(driver.move('reverseContinue').reason, 'breakpoint');
  const [inner, outer] = driver.frames();
  assert.equal(inner.name, 'triple');
  assert.equal(inner.presentationHint, 'subtle');
  assert.equal(outer.name, 'main');
  assert.equal(outer.presentationHint, undefined);
});
