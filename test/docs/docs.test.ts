/**
 * What can be checked of the documents: what they link to and name is there, commands and options exist, walks are walks,
 * and the numbers are those of one bench.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { helpText } from '../../engine/cli/help.ts';
import { packageReadme } from '../../scripts/package-readme.ts';
import { filesBelow, root, textOf } from '../house/sources.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...filesBelow('docs').filter((file) => file.endsWith('.md')),
  ...filesBelow('extension/walkthrough').filter((file) => file.endsWith('.md')),
];
const FOLDERS = ['engine', 'debug-adapter', 'extension', 'test', 'scripts', 'docs', 'examples', 'syntaxes'];
const sources = FOLDERS.flatMap(filesBelow);
const names = new Set(sources.map((file) => path.posix.basename(file)));

interface Contributes {
  readonly commands: readonly { readonly command: string }[];
  readonly views: Record<string, readonly { readonly id: string }[]>;
}
const manifest = JSON.parse(textOf('package.json')) as { scripts: Record<string, string>; contributes: Contributes };

/** Every match of a pattern in every page, with the page it is in. */
function* matches(pattern: RegExp, pages: readonly string[] = PAGES): Generator<[page: string, ...groups: string[]]> {
  for (const page of pages) for (const [, ...groups] of textOf(page).matchAll(pattern)) yield [page, ...groups];
}

/** Fails with all that was found, a line each. */
const none = (found: readonly string[]) => assert.ok(found.length === 0, found.join('\n'));

/** How a heading is linked to. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('links lead to files that are there, and to their headings', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const [page, target] of matches(/\]\((?!https?:|command:)([^)\s]+)\)/g)) {
    count++;
    const [file, heading] = target.split('#');
    const at = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
    if (!existsSync(path.join(root, at))) wrong.push(`${page}: ${target}`);
    else if (heading) {
      const anchors = [...textOf(at).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchor(text));
      if (!anchors.includes(heading)) wrong.push(`${page}: ${target}`);
    }
  }
  assert.ok(count > 50);
  none(wrong);
});

test('files and folders that are named are there', () => {
  const wrong: string[] = [];
  // With a folder: from the root, or from the folder that the page speaks of.
  for (const [page, file] of matches(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)) {
    const isOurs = /\.(ts|c|h|md|json|css|yml|sh)$/.test(file) || FOLDERS.includes(file.split('/')[0]);
    const isMade = /^(dist|node_modules|extension\/(views|host)\/counter)/.test(file);
    const bare = file.replace(/\/$/, '');
    const isThere = sources.some((known) => `/${known}/`.includes(`/${bare}/`)) || existsSync(path.join(root, bare));
    if (isOurs && !isMade && !isThere) wrong.push(`${page}: ${file}`);
  }
  for (const [page, file] of matches(/`([\w.-]+\.ts)`/g)) if (!names.has(file)) wrong.push(`${page}: ${file}`);
  none(wrong);
});

test('npm scripts that are named exist, in workflows too', () => {
  const pages = [...PAGES, '.ci/run', '.github/workflows/checks.yml'];
  const run = [...matches(/\bnpm run ([\w:-]+)/g, pages)].filter(([, script]) => !manifest.scripts[script]);
  none(run.map((found) => found.join(': ')));
  const documented = new Set(
    [...matches(/\bnpm (?:run )?([\w:-]+)/g, ['CONTRIBUTING.md'])].map(([, script]) => script),
  );
  for (const script of ['test', 'test:fast', 'test:vscode', 'check', 'bench', 'fuzz', 'package', 'mutate']) {
    assert.ok(manifest.scripts[script] && documented.has(script), script);
  }
});

test('commands of the command line that are named exist, and so do their options', () => {
  const known = new Set([...helpText().matchAll(/^ {2}stepformer ([a-z]+)/gm)].map(([, command]) => command));
  assert.ok(known.size > 5);
  const wrong: string[] = [];
  let options = 0;
  for (const [page, command, rest] of matches(/(?:npx |`)stepformer ([a-z]+)((?: [^`\n#]*)?)/g)) {
    if (!known.has(command)) wrong.push(`${page}: stepformer ${command}`);
    for (const [, option] of rest.matchAll(/ (--[a-z-]+)/g)) {
      options++;
      if (option !== '--help' && !helpText(command).includes(option)) wrong.push(`${page}: ${command} ${option}`);
    }
  }
  assert.ok(options > 8);
  none(wrong);
});

test('what VS Code is asked to do by a link in a page exists', () => {
  const contributed = [
    ...manifest.contributes.commands.map(({ command }) => command),
    ...Object.values(manifest.contributes.views).flatMap((views) => views.map(({ id }) => `${id}.focus`)),
  ];
  const linked = [...matches(/\(command:(stepformer\.[\w.]+)/g, [...PAGES, 'package.json'])];
  assert.ok(linked.length > 3);
  none(linked.filter(([, command]) => !contributed.includes(command)).map((found) => found.join(': ')));
});

test('a walk opens at most ten files, each once', () => {
  const walks = textOf('docs/walks.md').split(/^## /m).slice(1);
  assert.equal(walks.length, 4);
  for (const walk of walks) {
    const [title] = walk.split('\n');
    const steps = [...walk.matchAll(/^\d+\. \[([^\]]+)\]\(\.\.\/([^)]+)\): \S/gm)];
    assert.equal(steps.length, [...walk.matchAll(/^\d+\./gm)].length, `${title}: every step is a file`);
    assert.ok(steps.length >= 5 && steps.length <= 10, `${title}: ${steps.length} files`);
    assert.equal(new Set(steps.map(([, , file]) => file)).size, steps.length, `${title}: no file twice`);
    none(
      steps.filter(([, text, file]) => text !== file || !sources.includes(file)).map(([, text]) => `${title}: ${text}`),
    );
  }
});

/** The rows of the tables between the marks that the bench writes between. */
function measured(page: string, mark: string): string[][] {
  const [, block] = new RegExp(`<!-- ${mark}\\b[^>]*-->([\\s\\S]*?)<!-- /${mark} -->`).exec(textOf(page)) ?? [];
  assert.ok(block, `${page} has a block "${mark}"`);
  const lines = block.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) => line.slice(2, -2).split(' | '));
}

test("the README's numbers are those of the bench in docs/performance.md", () => {
  const full = measured('docs/performance.md', 'measured');
  const at = full.findIndex((row) => row.includes('plain pass') && row.includes('warm'));
  const column = (name: string) => full[at].indexOf(name);
  const rows = measured('README.md', 'numbers').slice(2);
  assert.ok(rows.length >= 5);
  for (const [program, tokens, , , rate, , plain] of rows) {
    const row = full.slice(at + 1).find(([name]) => name === program);
    assert.ok(row, `${program} is in docs/performance.md`);
    assert.deepEqual([tokens, rate, plain], [row[column('tokens')], row[column('warm')], row[column('plain pass')]]);
  }
});

test("the README in the package has no picture that an extension's page would not load, and everything else", () => {
  const readme = textOf('README.md');
  const packed = packageReadme(readme);
  assert.ok(readme.includes('](docs/images/') && !packed.includes('](docs/images/'));
  const headings = (text: string) => text.match(/^#.*$/gm);
  assert.deepEqual(headings(packed), headings(readme));
  assert.throws(() => packageReadme('![somewhere](docs/images/why.png)'), RangeError);
});

test('the package has the pictures of the pages that it has, and no others', () => {
  const listed = textOf('.vscodeignore').split('\n');
  const pages = filesBelow('docs').filter((file) => {
    return (
      file.endsWith('.md') &&
      (listed.includes(`!${file}`) || (listed.includes('!docs/tutorial-*.md') && /tutorial-/.test(file)))
    );
  });
  assert.ok(pages.length >= 5);
  const shown = new Set([...matches(/\]\((images\/[^)]+)\)/g, pages)].map(([, picture]) => `docs/${picture}`));
  const packed = filesBelow('docs/images').filter((file) => listed.includes(`!${file}`));
  assert.deepEqual(packed, [...shown].sort());
});
