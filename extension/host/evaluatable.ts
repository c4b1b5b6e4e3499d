/**
 * What in a C file is worth asking the debugger about: the expression under the pointer (`p->next->value`, which VS
 * Code's own rule would cut at the arrow) and the variables beside whose lines values are shown. In WebAssembly's text it
 * is names, and the numbers of locals.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './adapter-process.ts';

export function registerExpressions(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerEvaluatableExpressionProvider(['c', 'cpp'], { provideEvaluatableExpression: pathAt }),
    vscode.languages.registerInlineValuesProvider(['c', 'cpp'], {
      provideInlineValues: async (document, range, { frameId, stoppedLocation }) => {
        const session = vscode.debug.activeDebugSession;
        if (session?.type !== DEBUG_TYPE) return [];
        return variables(document, range, stoppedLocation.end.line, await longValues(session, frameId));
      },
    }),
    vscode.languages.registerEvaluatableExpressionProvider('wat', { provideEvaluatableExpression: nameAt }),
  );
}

/** The expression at a position of a source, if there is one. */
export function expressionAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
  const found = document.languageId === 'wat' ? nameAt(document, position) : pathAt(document, position);
  return found?.expression;
}

/** Comments and literals: no names in there. */
const OPAQUE = /\/\/.*|\/\*.*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|^\s*#.*/g;
const KEYWORDS = new Set(
  'auto bool break case char const continue default do double else enum extern false float for goto if inline int long register return short signed sizeof static struct switch true typedef union unsigned void volatile while NULL'.split(
    ' ',
  ),
);

function blanked(text: string): string {
  return text.replace(OPAQUE, (match) => ' '.repeat(match.length));
}

function pathAt(document: vscode.TextDocument, position: vscode.Position): vscode.EvaluatableExpression | undefined {
  const { text, range } = document.lineAt(position);
  const path = /[A-Za-z_]\w*(?:\[\w+\])*(?:(?:\.|->)[A-Za-z_]\w*(?:\[\w+\])*)*/g;
  for (const match of blanked(text).matchAll(path)) {
    const end = match.index + match[0].length;
    if (position.character < match.index || position.character > end) continue;
    // Up to the end of the word pointed at: over `a` of `a->b` it is `a`.
    const word = /^\w*(?:\[\w+\])*/.exec(match[0].slice(position.character - match.index));
    const stop = Math.min(position.character + (word?.[0].length ?? 0), end);
    const found = range.start.with({ character: match.index });
    const expression = text.slice(match.index, stop);
    // What is called has no value to show.
    const isCalled = stop === end && /^\s*\(/.test(text.slice(end));
    if (expression === '' || isCalled || KEYWORDS.has(expression)) return undefined;
    return new vscode.EvaluatableExpression(new vscode.Range(found, found.with({ character: stop })), expression);
  }
  return undefined;
}

/** In WebAssembly's text, the local or global under the pointer. */
function nameAt(document: vscode.TextDocument, position: vscode.Position): vscode.EvaluatableExpression | undefined {
  const { text, range } = document.lineAt(position);
  const code = text.replace(/;;.*|"(?:[^"\\]|\\.)*"/g, (match) => ' '.repeat(match.length));
  for (const match of code.matchAll(/\b(local|global)\.(?:get|set|tee)\s+(\$[^\s()";]+|\d+)|\$[^\s()";]+/g)) {
    const end = match.index + match[0].length;
    if (position.character < match.index || position.character > end) continue;
    const [whole, kind, named = whole] = match;
    const start = end - named.length;
    const place = new vscode.Range(range.start.with({ character: start }), range.start.with({ character: end }));
    return new vscode.EvaluatableExpression(place, named.startsWith('$') ? named : `$${kind}${named}`);
  }
  return undefined;
}

/** Characters of a value beside a line. */
const LONGEST_VALUE = 32;

/** Values of locals that would fill the rest of a line (an array's, a struct's), cut. */
async function longValues(session: vscode.DebugSession, frameId: number): Promise<ReadonlyMap<string, string>> {
  try {
    const { scopes }: DebugProtocol.ScopesResponse['body'] = await session.customRequest('scopes', { frameId });
    const locals = scopes.find(({ presentationHint }) => presentationHint === 'locals');
    if (!locals) return new Map();
    const { variablesReference } = locals;
    const answer: DebugProtocol.VariablesResponse['body'] = await session.customRequest('variables', {
      variablesReference,
    });
    const long = answer.variables.filter(({ value }) => value.length > LONGEST_VALUE);
    return new Map(long.map(({ name, value }) => [name, `${value.slice(0, LONGEST_VALUE)}…`]));
  } catch {
    // The session went on meanwhile: what is shown is asked for again.
    return new Map();
  }
}

/** Variables on the visible lines of the function, down to the line where the program stands. */
function variables(
  document: vscode.TextDocument,
  { start }: vscode.Range,
  last: number,
  long: ReadonlyMap<string, string>,
): vscode.InlineValue[] {
  const found: vscode.InlineValue[] = [];
  const first = Math.max(start.line, functionStart(document, last));
  for (let line = first; line <= last; line++) {
    const seen = new Set<string>();
    // A name that is called, a member and a tag are no variables.
    for (const match of blanked(document.lineAt(line).text).matchAll(
      /(?<![\w.]|->|\b(?:struct|union|enum)\s+)[A-Za-z_]\w*(?!\w|\s*\()/g,
    )) {
      const [name] = match;
      if (KEYWORDS.has(name) || seen.has(name)) continue;
      seen.add(name);
      const range = new vscode.Range(line, match.index, line, match.index + name.length);
      const value = long.get(name);
      found.push(
        value === undefined
          ? new vscode.InlineValueVariableLookup(range, name, true)
          : new vscode.InlineValueText(range, `${name} = ${value}`),
      );
    }
  }
  return found;
}

/** A closing brace in the first column ends what comes before a function. */
function functionStart(document: vscode.TextDocument, last: number): number {
  for (let line = last - 1; line >= 0; line--) {
    if (document.lineAt(line).text.startsWith('}')) return line + 1;
  }
  return 0;
}
