/**
 * Names of C++ types as people write them: with their namespaces, without what the library adds by itself (inline
 * namespaces, allocators, comparisons that are the usual ones), and by their short names: `std::vector<std::string>`.
 */
import { AT, TAG } from '../dwarf/constants.ts';
import type { Entry } from '../dwarf/entries.ts';

/** DW_LANG_C_plus_plus, of 1998 to 2020. */
const CXX = new Set([0x04, 0x1a, 0x21, 0x2b]);

/** Deeper nesting than any program has. */
const DEPTH_LIMIT = 60;

/** Whether an entry belongs to a unit in C++. */
export function isCxx(entry: Entry): boolean {
  return CXX.has(entry.unit.root?.number(AT.language) ?? 0);
}

/** DW_LANG_Rust. */
const RUST = 0x1c;

export function isRust(entry: Entry): boolean {
  return entry.unit.root?.number(AT.language) === RUST;
}

/** An entry's name with those of the namespaces and classes around it. */
export function qualifiedName(entry: Entry, name: string): string {
  let whole = name;
  let around = entry.parent;
  for (let depth = 0; around && depth < DEPTH_LIMIT; depth++, around = around.parent) {
    const isScope = around.tag === TAG.namespace || around.tag === TAG.structureType || around.tag === TAG.classType;
    const outer = isScope ? around.text(AT.name) : undefined;
    if (outer !== undefined && !isInline(outer)) whole = `${outer}::${whole}`;
  }
  return whole;
}

/** Namespaces that a library puts around its names for its versions. */
function isInline(name: string): boolean {
  return /^__(\d+|cxx11|fs)$/.test(name);
}

/** A qualified name as people write it. */
export function shortName(name: string, depth = 0): string {
  const open = name.indexOf('<');
  const close = open < 0 || depth > DEPTH_LIMIT ? -1 : closing(name, open);
  if (close < 0) return plain(name);
  const head = plain(name.slice(0, open));
  const given = separated(name.slice(open + 1, close)).map((argument) =>
    shortName(argument.trim(), depth + 1).replace(/^(-?\d+)U?L*$/, '$1'),
  );
  return named(head, withoutUsual(head, given)) + shortName(name.slice(close + 1), depth + 1);
}

function plain(name: string): string {
  return name.replace(/\b__(\d+|cxx11|fs)::/g, '');
}

/** Where the bracket at `open` is closed, or -1. */
function closing(name: string, open: number): number {
  let depth = 0;
  for (let i = open; i < name.length; i++) {
    if (name[i] === '<' || name[i] === '(') depth++;
    else if ((name[i] === '>' && name[i - 1] !== '-') || name[i] === ')') depth--;
    if (depth === 0) return i;
  }
  return -1;
}

/** Arguments between commas that lie in no brackets. */
function separated(list: string): string[] {
  if (list.trim() === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    if (/[<([]/.test(list[i])) depth++;
    else if (/[>)\]]/.test(list[i]) && list[i - 1] !== '-') depth--;
    else if (list[i] === ',' && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, list.slice(start)];
}

/** Arguments of a template of the library without those at the end that it would have by itself. */
function withoutUsual(head: string, given: string[]): string[] {
  if (!head.startsWith('std::')) return given;
  const [first] = given;
  const usual = new Set(
    ['less', 'hash', 'equal_to', 'default_delete', 'char_traits'].map((name) => `std::${name}<${first}>`),
  );
  if (/^std::(stack|queue)$/.test(head)) usual.add(`std::deque<${first}>`);
  if (head === 'std::priority_queue') usual.add(`std::vector<${first}>`);
  if (head === 'std::span') usual.add(String(2 ** 32 - 1));
  const last = given.findLastIndex(
    (argument, index) => index === 0 || !(usual.has(argument) || /^std::allocator<.*>$/.test(argument)),
  );
  return given.slice(0, last + 1);
}

const WIDTHS: Readonly<Record<string, string>> = {
  char: '',
  wchar_t: 'w',
  char8_t: 'u8',
  char16_t: 'u16',
  char32_t: 'u32',
};

/** Strings and streams are templates with names of their own. */
function named(head: string, given: string[]): string {
  const basic = /^std::basic_(\w+)$/.exec(head);
  if (basic && given.length === 1 && Object.hasOwn(WIDTHS, given[0])) return `std::${WIDTHS[given[0]]}${basic[1]}`;
  return `${head}<${given.join(', ')}>`;
}
