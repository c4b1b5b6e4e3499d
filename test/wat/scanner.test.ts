/** The scanner: the words of any text, and none in comments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedError } from '../../engine/errors.ts';
import { Lines } from '../../engine/wat/lines.ts';
import { plainText } from '../../engine/wat/plain-text.ts';
import { parseExpressions } from '../../engine/wat/s-expression.ts';
import { scanWat, tokenAt, type WatRange } from '../../engine/wat/scanner.ts';

const words = (text: string) => scanWat(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);

test('words, strings, comments that nest', () => {
  assert.deepEqual(words('(a$b "x;;\\"(" (; one (; two ;) ;) 1.5;; end\r)\t"𝄞")'), [
    '(:(',
    'atom:a$b',
    'string:"x;;\\"("',
    'atom:1.5',
    '):)',
    'string:"𝄞"',
    '):)',
  ]);
});

test('what does not end is broken up to where it can be told', () => {
  assert.deepEqual(words('a "b\nc'), ['atom:a', 'broken:"b', 'atom:c']);
  assert.deepEqual(words('a (; b (; ;) c'), ['atom:a', 'broken:(; b (; ;) c']);
  assert.deepEqual(words('a ; b'), ['atom:a', 'broken:;', 'atom:b']);
});

test('the word at each character', () => {
  const text = '(ab  "c" )';
  const tokens = scanWat(text);
  assert.deepEqual(
    Array.from(text, (_, i) => tokenAt(tokens, i)),
    [0, 1, 1, -1, -1, 2, 2, 2, -1, 3],
  );
  assert.equal(tokenAt(tokens, 99), -1);
});

test('places: lines, columns, and columns that count bytes', () => {
  const lines = new Lines('ab\n𝄞ä x\n');
  assert.deepEqual(lines.placeOf(0), { line: 1, column: 1 });
  assert.deepEqual(lines.placeOf(2), { line: 1, column: 3 });
  assert.deepEqual(lines.placeOf(7), { line: 2, column: 5 });
  assert.equal(lines.offsetOfByte(2, 8), 7);
  assert.equal(lines.offsetOfByte(9, 1), 9);
});

test('expressions know their lines; strings are bytes', () => {
  const [list] = parseExpressions('(a\n  (b "\\00\\u{20ac}\\t"))', 'x');
  assert.ok(list.kind === 'list' && list.items[1].kind === 'list');
  const [, text] = list.items[1].items;
  assert.equal(text.line, 2);
  assert.deepEqual(text.kind === 'string' && [...text.bytes], [0, 0xe2, 0x82, 0xac, 9]);
});

test('a long text takes time in proportion: no word is looked at twice', () => {
  const text = `(module ${'(func (; c ;) "s" nop) '.repeat(100_000)})`;
  assert.equal(scanWat(text).length, 5 * 100_000 + 3);
});

test('annotations are comments; identifiers in quotes are words', () => {
  const text = '(a (@b "(" (c) ;; )\n , (; ) ;) ]) $"d e" x"y" (@"f g") (@ h) (@i ä))';
  const annotations: WatRange[] = [];
  const tokens = scanWat(text, annotations);
  assert.deepEqual(
    annotations.map(({ start, end }) => text.slice(start, end)),
    ['(@b "(" (c) ;; )\n , (; ) ;) ])', '(@"f g")'],
  );
  assert.equal(tokens.map(({ start, end }) => text.slice(start, end)).join(' '), '( a $"d e" x "y" ( @ h ) ( @i ä ) )');
});

test('what wabt takes has the same places', () => {
  const text = String.raw`(@a) (func $"a b" $a_b $"a\u{63}" $"ac") (@b
"ä") $"" (@"\ff") $c`;
  const plain = plainText(text, 'x');
  assert.equal(
    plain,
    String.raw`     (func $a_b1  $a_b $ac        $ac  )${'    '}
     $"" (@"\ff") $c`,
  );
  assert.throws(
    () => plainText('(module\n (func $ (nop)))', 'x'),
    (error: PlacedError) => {
      assert.deepEqual(error.place, { file: 'x', line: 2, column: 8 });
      return /empty identifier/.test(error.message);
    },
  );
});

test('many annotations that do not end, and many identifiers: in proportion, too', () => {
  assert.equal(scanWat('(@a '.repeat(200_000)).length, 2 * 200_000);
  assert.match(plainText('$"a b" $"c" (@d)'.repeat(100_000), 'x'), / $/);
});
