/** How a command line is read: options with their values, negative numbers, what stands behind `--`, and mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from '../../engine/cli/options.ts';

const KINDS = { json: 'flag', stdin: 'value', arg: 'values' } as const;

test('options with values, apart or joined, and what is none', () => {
  const parsed = parseOptions(['a.c', '--stdin', '-', '--arg', '--json', '--arg=x=y', '--arg=', 'b.c', '-'], KINDS);
  assert.deepEqual(parsed.files, ['a.c', 'b.c', '-']);
  assert.equal(parsed.flag('json'), false, 'the value of an option is none');
  assert.equal(parsed.value('stdin'), '-');
  assert.deepEqual(parsed.values('arg'), ['--json', 'x=y', '']);
  assert.equal(parseOptions(['--stdin', 'a', '--stdin', 'b'], KINDS).value('stdin'), 'b', 'the last one counts');
  assert.deepEqual([parsed.value('json'), parsed.values('none')], [undefined, []]);
});

test('negative numbers are no options', () => {
  const numbers = ['-5', '-0x1p-3', '-1.5e-7', '-inf', '-nan', '-nan:0x200000', '-12=3'];
  assert.deepEqual(parseOptions(['f', ...numbers, '--json', '-7'], KINDS).files, ['f', ...numbers, '-7']);
});

test('everything behind dashes is no option', () => {
  const parsed = parseOptions(['--json', 'f', '--', '--stdin', '-x', '--', '-5'], KINDS);
  assert.deepEqual(parsed.files, ['f', '--stdin', '-x', '--', '-5']);
  assert.equal(parsed.value('stdin'), undefined);
});

test('mistakes say what is meant', () => {
  const cases: readonly (readonly [args: string[], says: string])[] = [
    [['--stdn', 'x'], 'unknown option --stdn; did you mean --stdin?'],
    [['--jsn=1'], 'unknown option --jsn=1; did you mean --json?'],
    [['--something'], 'unknown option --something; there are --json, --stdin, --arg'],
    [['-json'], 'unknown option -json; did you mean --json?'],
    [['--__proto__'], 'unknown option --__proto__; there are --json, --stdin, --arg'],
    [['--json=yes'], '--json takes no value'],
    [['a', '--stdin'], '--stdin needs a value'],
  ];
  for (const [args, says] of cases) {
    assert.throws(
      () => parseOptions(args, KINDS),
      (error: Error) => error instanceof UsageError && error.message === says,
    );
  }
});
