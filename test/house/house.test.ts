/**
 * The house as it is meant: which room may use which, and how much lies in one place. There are no exceptions: where a
 * rule is in the way, the rule is changed here, for all.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SLOW } from '../slow.ts';
import {
  circles,
  filesBelow,
  functionLengths,
  importsOf,
  lengthWithoutTables,
  root,
  sourcesBelow,
  textOf,
} from './sources.ts';

/** From the ground up: a layer imports itself and those before it. */
const LAYERS = ['engine', 'debug-adapter', 'extension'];

/** The adapter's rooms, from the ground up. */
const ROOMS = ['recording', 'protocol', 'breakpoints', 'inspect', 'explain', 'session', 'wire'];

const LINES = 400;
const FUNCTION_LINES = 80;
const SIDE_BY_SIDE = 20;

const ours = sourcesBelow(...LAYERS);
const everything = [...ours, ...sourcesBelow('scripts', 'test')];
const imports = new Map(ours.map((file) => [file, importsOf(file)]));
const isPackage = (name: string) =>
  !name.includes('/') || /^(@|node:)/.test(name) || !existsSync(path.join(root, name));

/** Fails with all that was found, a line each. */
const none = (found: readonly string[], what: string) => assert.ok(found.length === 0, `${what}:\n${found.join('\n')}`);

/** Arrows between files for which `allowed` is false. */
function wrongArrows(allowed: (from: string, to: string) => boolean): string[] {
  const wrong: string[] = [];
  for (const [from, targets] of imports) {
    for (const to of targets) if (!allowed(from, to)) wrong.push(`${from} -> ${to}`);
  }
  return wrong;
}

test('every import of our own leads to a file', () => {
  assert.ok(ours.length > 200);
  const relative = everything.flatMap((file) => importsOf(file).map((to) => [file, to]));
  const lost = relative.filter(([file, to]) => LAYERS.includes(to.split('/')[0]) && !imports.has(to) && file !== to);
  none(
    lost.map((pair) => pair.join(' -> ')),
    'imported, and not there',
  );
});

test('layers: engine, the adapter above it, the extension above both', () => {
  const rank = (file: string) => LAYERS.indexOf(file.split('/')[0]);
  none(
    wrongArrows((from, to) => rank(to) <= rank(from)),
    'imports that go up',
  );
});

test('the engine knows neither VS Code nor its protocols, the adapter no VS Code', () => {
  const forbidden: Record<string, RegExp> = {
    engine: /vscode/,
    'debug-adapter': /^vscode($|-language)/,
    extension: /^$/,
  };
  none(
    wrongArrows((from, to) => !isPackage(to) || !forbidden[from.split('/')[0]].test(to)),
    'packages of another layer',
  );
});

test('rooms of the adapter stand one above the other', () => {
  const room = (file: string) => /^debug-adapter\/([\w-]+)\//.exec(file)?.[1];
  const rank = (file: string) => ROOMS.indexOf(room(file) as string);
  const unknown = ours.filter((file) => room(file) !== undefined && rank(file) < 0);
  none(unknown, 'rooms that are not in the order');
  none(
    wrongArrows((from, to) => rank(from) < 0 || rank(to) <= rank(from)),
    'imports that go up',
  );
});

test('the forward passes import nothing but each other', () => {
  const isPass = (file: string) => /^engine\/(transformer|kernel)\//.test(file);
  none(
    wrongArrows((from, to) => !isPass(from) || isPass(to) || isPackage(to) || to === 'engine/errors.ts'),
    'imports of what computes',
  );
});

test('nothing imports in a circle, types included', () => {
  none(
    circles(imports).map((group) => group.join(', ')),
    'files that import each other',
  );
});

test('rooms beside each other do not import in a circle', () => {
  const found: string[] = [];
  const folders = new Set(ours.flatMap((file) => file.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))));
  for (const folder of folders) {
    const depth = folder === '' ? 0 : folder.split('/').length;
    const within = (file: string) => folder === '' || file.startsWith(`${folder}/`);
    const room = (file: string) =>
      file
        .split('/')
        .slice(0, depth + 1)
        .join('/');
    const arrows = new Map<string, Set<string>>();
    for (const [from, targets] of imports) {
      if (!within(from)) continue;
      const set = arrows.get(room(from)) ?? new Set();
      arrows.set(room(from), set);
      for (const to of targets) if (imports.has(to) && within(to) && room(to) !== room(from)) set.add(room(to));
    }
    found.push(...circles(arrows).map((group) => group.join(', ')));
  }
  none(found, 'rooms that import each other');
});

test(`no file has more than ${LINES} lines, tables aside`, () => {
  const long = everything.map((file) => [file, lengthWithoutTables(textOf(file))] as const);
  none(
    long.filter(([, lines]) => lines > LINES).map(([file, lines]) => `${file}: ${lines}`),
    'long files',
  );
});

test(`no function has more than ${FUNCTION_LINES} lines`, () => {
  const found: string[] = [];
  for (const file of everything) {
    for (const { line, length, own } of functionLengths(textOf(file))) {
      // A suite of tests is a list of functions: what counts there is what lies between them.
      const lines = file.startsWith('test/') ? own : length;
      if (lines > FUNCTION_LINES) found.push(`${file}:${line}: ${lines}`);
    }
  }
  none(found, 'long functions');
});

test(`no folder has more than ${SIDE_BY_SIDE} sources side by side`, () => {
  const count = new Map<string, number>();
  for (const file of everything) {
    const folder = path.posix.dirname(file);
    count.set(folder, (count.get(folder) ?? 0) + 1);
  }
  none(
    [...count].filter(([, files]) => files > SIDE_BY_SIDE).map(([folder, files]) => `${folder}: ${files}`),
    'crowded folders',
  );
});

test('what the fast run leaves out is there to be left out', () => {
  none(
    [...SLOW].filter((file) => !everything.includes(`test/${file}`)),
    'slow files that are not there',
  );
});

test('every source says in its first lines what it is', () => {
  const silent = everything.filter((file) => !/^(#!.*\n)?(\/\/\/ <reference.*\n)?\/(\*\*|\/) ?\S*/.test(textOf(file)));
  none(silent, 'files without a first comment');
  assert.ok(filesBelow('engine').length > ours.filter((file) => file.startsWith('engine/')).length);
});
