/** C++ that is debugged: containers by what they hold, references, `this`, names of templates, frames of the library. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Driver, drive, file } from '../driver.ts';

/** What C++ says of its containers is what the debugger says, without calling anything: the program prints it. */
const ASKED = [
  'numbers.size()',
  'none.empty()',
  'numbers.empty()',
  'numbers.front()',
  'reference.back()',
  'numbers.at(2)',
  'text.size() + longer.length()',
  'text.back()',
  'view.size()',
  'ages.size()',
  'ages.at("zoe")',
  'primes.size()',
  'queue.size()',
  'queue.front()',
  'chain.back()',
  'owned.get()->y',
  '*shared.get()',
  'there.value()',
  '*there + there.has_value()',
  'missing.has_value()',
  'pile.size()',
  'pile.top()',
  'line.front()',
  'line.empty()',
  'bits.size()',
  'rows[1].size()',
  'rows.back().front()',
  'oldest->second',
  '(*oldest).second',
  'oldest->first.size()',
  '*least',
  '*link',
  'named->second.length()',
  '*queued',
  'place[1]',
];

const SOURCE = `#include <array>
#include <bitset>
#include <cstdio>
#include <cstring>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>
namespace geo {
struct Point { int x, y; };
class Shape {
 public:
  explicit Shape(int sides) : sides(sides) {}
  int sides;
};
template <typename T, int N> class Grid : public Shape {
 public:
  Grid() : Shape(N), cells{} {}
  T sum(const std::vector<T> &more) {
    T total = cells[0] + more[0];
    return total; // in sum
  }
  T cells[N];
};
}
int main() {
  std::vector<int> numbers = {0, 1, 4, 9};
  std::vector<int> many(1000, 7), none;
  std::vector<bool> flags = {true, false, true};
  std::vector<geo::Point> points = {{1, 2}, {3, 4}};
  std::string text = "hello", longer = "longer than what fits into the object";
  std::string_view view = std::string_view(longer).substr(7, 4);
  std::map<std::string, int> ages = {{"bob", 3}, {"al", 4}, {"zoe", 9}};
  std::multimap<int, char> same = {{1, 'a'}, {1, 'b'}};
  std::set<int> primes = {7, 2, 5, 3};
  std::unordered_map<int, std::string> names = {{2, "two"}};
  std::unique_ptr<geo::Point> owned = std::make_unique<geo::Point>(geo::Point{5, 6});
  std::unique_ptr<int> nothing;
  std::shared_ptr<int> shared = std::make_shared<int>(42);
  std::optional<int> there = 8, missing;
  std::array<int, 3> fixed = {1, 2, 3};
  std::pair<int, std::string> both = {1, "x"};
  std::tuple<int, double, std::string> three = {1, 2.5, "t"};
  std::deque<int> queue(2000, 1);
  queue.push_front(5);
  std::list<int> chain = {6, 7};
  std::variant<int, std::string> either = std::string("v");
  std::vector<std::vector<int>> rows = {{1}, {2, 3}};
  auto place = numbers.begin() + 2;
  std::bitset<5> bits("01101");
  std::stack<int> pile({4, 5});
  std::queue<int> line;
  line.push(3);
  auto oldest = ages.find("zoe"), nobody = ages.find("eve");
  auto least = primes.cbegin();
  auto link = chain.begin(), unlinked = chain.end();
  std::vector<std::list<int>> around = {{2, 2}, {5, 6, 7}, {1}};
  auto inner = around[0].begin(), innerEnd = around[0].end(), other = around[1].end(), unsure = around[2].end();
  auto named = names.begin(), unnamed = names.end();
  auto queued = queue.begin() + 1;
  std::vector<int> &reference = numbers;
  geo::Grid<int, 2> grid;
  std::vector<int> broken;
  std::map<int, int> torn = {{1, 1}, {2, 2}};
  std::memset(&broken, 0x7f, sizeof broken);
  std::memset(&torn, 0x7f, sizeof(int *));
${ASKED.map((expression) => `  std::printf("%ld\\n", (long)(${expression}));`).join('\n')}
  int sum = grid.sum(reference);
  std::memset(&broken, 0, sizeof broken); // after
  std::memset(&torn, 0, sizeof torn);
  _Exit(sum);
}
`;
const lineOf = (needle: string) => SOURCE.split('\n').findIndex((line) => line.includes(needle)) + 1;

let started: Promise<Driver> | undefined;

/** The program, stopped behind all its variables. */
function stopped(): Promise<Driver> {
  started ??= drive(file('containers.cpp', SOURCE)).then((driver) => {
    driver.breakpoints(lineOf('int sum'));
    assert.equal(driver.go('configurationDone'), `breakpoint main:${lineOf('int sum')}`);
    return driver;
  });
  return started;
}

test('what a container holds is what is shown of it, and its type as it is written', async () => {
  const driver = await stopped();
  const shown = driver.children(driver.reference('Locals'));
  const of = (name: string) => {
    const { type, value } = shown.find((variable) => variable.name === name) ?? {};
    return `${type}: ${value}`;
  };
  assert.equal(of('numbers'), 'std::vector<int>: size=4 {0, 1, 4, 9}');
  assert.equal(of('none'), 'std::vector<int>: size=0 {}');
  assert.match(of('many'), /^std::vector<int>: size=1000 \{7, 7, .*\.\.\.\}$/);
  assert.equal(of('flags'), 'std::vector<bool>: size=3 {true, false, true}');
  assert.equal(of('points'), 'std::vector<geo::Point>: size=2 {{x = 1, y = 2}, {x = 3, y = 4}}');
  assert.equal(of('text'), 'std::string: "hello"');
  assert.equal(of('longer'), 'std::string: "longer than what fits into the object"');
  assert.equal(of('view'), 'std::string_view: "than"');
  assert.equal(of('ages'), 'std::map<std::string, int>: size=3 {["al"] = 4, ["bob"] = 3, ["zoe"] = 9}');
  assert.equal(of('same'), "std::multimap<int, char>: size=2 {[1] = 'a', [1] = 'b'}");
  assert.equal(of('primes'), 'std::set<int>: size=4 {2, 3, 5, 7}');
  assert.equal(of('names'), 'std::unordered_map<int, std::string>: size=1 {[2] = "two"}');
  assert.match(of('owned'), /^std::unique_ptr<geo::Point>: 0x[\da-f]+ → \{x = 5, y = 6\}$/);
  assert.equal(of('nothing'), 'std::unique_ptr<int>: 0x0');
  assert.match(of('shared'), /^std::shared_ptr<int>: 0x[\da-f]+ → 42$/);
  assert.equal(of('there'), 'std::optional<int>: 8');
  assert.equal(of('missing'), 'std::optional<int>: nullopt');
  assert.equal(of('fixed'), 'std::array<int, 3>: {1, 2, 3}');
  assert.equal(of('both'), 'std::pair<int, std::string>: {first = 1, second = "x"}');
  assert.equal(of('three'), 'std::tuple<int, double, std::string>: {1, 2.5, "t"}');
  assert.match(of('queue'), /^std::deque<int>: size=2001 \{5, 1, 1, .*\.\.\.\}$/);
  assert.equal(of('chain'), 'std::list<int>: size=2 {6, 7}');
  assert.equal(of('either'), 'std::variant<int, std::string>: "v"');
  assert.equal(of('rows'), 'std::vector<std::vector<int>>: size=2 {{1}, {2, 3}}');
  assert.match(of('place'), /→ 4$/);
  assert.equal(of('reference'), 'std::vector<int> &: size=4 {0, 1, 4, 9}');
  assert.equal(of('grid'), 'geo::Grid<int, 2>: {{sides = 2}, cells = {0, 0}}');
});

test('children are elements, in pages, and behind them the members; each has an expression that leads to it', async () => {
  const driver = await stopped();
  const variables = driver.children(driver.reference('Locals'));
  const childrenOf = (name: string, more: object = {}) =>
    driver.children(variables.find((variable) => variable.name === name)?.variablesReference ?? 0, more);
  assert.deepEqual(
    childrenOf('ages').map(({ name, value }) => (name === '[raw]' ? name : `${name} ${value}`)),
    ['["al"] 4', '["bob"] 3', '["zoe"] 9', '[raw]'],
  );
  const many = variables.find(({ name }) => name === 'many');
  assert.equal(many?.indexedVariables, 1000);
  assert.equal(many?.namedVariables, 1);
  assert.deepEqual(
    childrenOf('many', { filter: 'indexed', start: 998, count: 2 }).map(({ name }) => name),
    ['[998]', '[999]'],
  );
  const [raw] = childrenOf('many', { filter: 'named' });
  assert.equal(raw.name, '[raw]');
  assert.deepEqual(
    driver
      .children(raw.variablesReference)
      .map(({ name }) => name)
      .slice(0, 3),
    ['__begin_', '__end_', '__cap_'],
  );
  for (const name of [
    'numbers',
    'points',
    'ages',
    'names',
    'primes',
    'owned',
    'text',
    'fixed',
    'queue',
    'chain',
    'rows',
  ]) {
    const [{ evaluateName, value }] = childrenOf(name);
    assert.equal(driver.evaluate(evaluateName ?? ''), value, name);
  }
  assert.equal(childrenOf('same')[1].evaluateName, undefined);
});

test('expressions reach into containers', async () => {
  const driver = await stopped();
  const values: Record<string, string> = {
    'numbers[2] + reference[3]': '13',
    'ages["bob"]': '3',
    'names[2] == "two"': '1',
    'text == "hello"': '1',
    'longer < "m"': '1',
    'owned->x + (*owned).y': '11',
    '*shared': '42',
    '*place': '4',
    'place[1]': '9',
    'points[1].y': '4',
    'rows[1][1]': '3',
    'queue[2000]': '1',
    'text[1]': "101 'e'",
    '((Shape *)&grid)->sides': '2',
  };
  for (const [expression, value] of Object.entries(values))
    assert.equal(driver.evaluate(expression), value, expression);
  assert.throws(() => driver.evaluate('numbers[4]'), /no element 4: the size is 4/);
  assert.throws(() => driver.evaluate('ages["eve"]'), /no such key/);
  assert.throws(() => driver.evaluate('ages[3]'), /a key of type std::string cannot be looked for by int/);
});

test('what functions of containers say is said without a call', async () => {
  const driver = await stopped();
  const said = ASKED.map((expression) => `${expression}: ${Number.parseInt(driver.evaluate(expression), 10)}`);
  const printed = driver.output().trim().split('\n');
  assert.deepEqual(
    said,
    ASKED.map((expression, i) => `${expression}: ${printed[i]}`),
  );
  assert.throws(() => driver.evaluate('missing.value()'), /it is nullopt/);
  assert.throws(() => driver.evaluate('none.front()'), /it is empty/);
  assert.throws(() => driver.evaluate('nobody->second'), /it is end\(\)/);
  assert.throws(() => driver.evaluate('numbers.sort()'), /std::vector<int> has no member 'sort'/);
});

test('iterators are what they stand at, bits one by one', async () => {
  const { oldest, nobody, least, link, unlinked, named, unnamed, queued, bits } = (await stopped()).scope('Locals');
  assert.equal(oldest, '{first = "zoe", second = 9}');
  assert.equal(least, '2');
  assert.equal(link, '6');
  assert.equal(named, '{first = 2, second = "two"}');
  assert.match(queued, /→ 1$/);
  assert.deepEqual([nobody, unlinked, unnamed], ['end()', 'end()', 'end()']);
  assert.equal(bits, '{true, false, true, true, false}');
});

test('where a list ends is said by its ring, in the heap too; where it cannot be told, the pointer is shown', async () => {
  const { inner, innerEnd, other, unsure } = (await stopped()).scope('Locals');
  assert.deepEqual([inner, innerEnd, other], ['2', 'end()', 'end()']);
  assert.match(unsure, /^\{__ptr_ = 0x[\da-f]+.*\}$/);
});

test('a damaged container is shown by its members', async () => {
  const driver = await stopped();
  const { broken, torn } = driver.scope('Locals');
  assert.match(broken, /^\{__begin_ = 0x7f7f7f7f/);
  assert.match(torn, /^\{__tree_ = \{__begin_node_ = 0x/);
});

test("methods see their object's members, and the library is stepped through", async () => {
  const driver = await stopped();
  assert.equal(driver.go('stepIn'), `step sum:${lineOf('T total')}`);
  assert.equal(driver.evaluate('sides + cells[1]'), '2');
  assert.equal(driver.evaluate('this->sides'), '2');
  assert.equal(driver.scope('Locals').more, 'size=4 {0, 1, 4, 9}');
  assert.equal(driver.go('stepIn'), `step sum:${lineOf('in sum')}`);
  assert.equal(driver.go('stepBack'), `step sum:${lineOf('T total')}`);
  driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'operator[]' }] });
  assert.equal(driver.move('continue').reason, 'breakpoint');
  const [inner, outer] = driver.frames();
  assert.equal(inner.name, 'operator[]');
  assert.equal(inner.presentationHint, 'subtle');
  assert.equal(outer.presentationHint, undefined);
});
