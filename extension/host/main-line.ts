/** Where a C file defines `main`. */

/** Comments, strings and characters: a `main` in there is none. */
const OPAQUE = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** The line (from 0) with the name of `main`, where the text defines it; a declaration or a call is no definition. */
export function lineOfMain(text: string): number | undefined {
  const code = text.replace(OPAQUE, (opaque) => opaque.replace(/[^\n]/g, ' '));
  // In front of it stands a type, perhaps on a line of its own; what follows its parameters is its body.
  const found = /(?:^|[\w*\s])\bmain\s*\([^()]*\)\s*\{/.exec(code);
  if (!found) return undefined;
  const name = found.index + found[0].indexOf('main');
  return code.slice(0, name).split('\n').length - 1;
}
