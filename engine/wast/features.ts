/** Which extension of the language a module's or a value's text needs, as far as its words tell: reasons of skipping name it. */
import { scanWat } from '../wat/scanner.ts';

const EXTENSIONS: readonly (readonly [words: RegExp, name: string])[] = [
  [/\((?:struct|array|rec|sub)\b|\bi31\.|\bref\.(?:i31|cast|test|eq)\b/, 'garbage collection'],
  [/\(ref\.(?:any|eq|i31|struct|array|host)\b|\(ref\.null (?:any|none|eq|i31|struct|array)\b/, 'garbage collection'],
  [/\b(?:i31|eq|any|struct|array)ref\b|\(ref\s+(?:null\s+)?(?:i31|eq|any|struct|array)\b/, 'garbage collection'],
  [/\(ref\s|\bcall_ref\b|\bbr_on_(?:non_)?null\b|\bref\.as_non_null\b/, 'typed function references'],
  [
    /\(table (?:[$\d]\S* | ?\((?:export|import)[^)]*\) )*\w+ref \((?!elem\b)/,
    'tables with an initial value (typed function references)',
  ],
  [/\btuple\./, "another tool's tuple instructions"],
  [/\.atomic\.|\batomic\.fence\b|\bshared\b/, 'threads'],
  [/\((?:memory|table)\s+(?:\$\S+\s+)?i64\b/, '64-bit memory'],
];

/** Name of the extension, or undefined. Comments and strings do not count. */
export function extensionOf(text: string): string | undefined {
  let code = '';
  for (const { kind, start, end } of scanWat(text)) {
    if (kind === '(') code += ' (';
    else if (kind === ')') code += ')';
    else if (kind === 'atom') code += `${code.endsWith('(') ? '' : ' '}${text.slice(start, end)}`;
  }
  return EXTENSIONS.find(([words]) => words.test(code))?.[1];
}

/** Those that wabt does not know, or not well: what it says of a module that uses them says nothing. */
const UNJUDGED: readonly string[] = ['garbage collection', 'typed function references'];

/** Name of such an extension. */
export function unjudgedExtensionOf(text: string): string | undefined {
  const extension = extensionOf(text);
  return UNJUDGED.find((name) => extension?.includes(name)) && extension;
}
