/** Tokenises text with a grammar of this extension, as VS Code does: vscode-textmate on oniguruma. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const root = new URL('../../', import.meta.url);

/** A piece of a line with its scopes, outermost first. */
export interface Piece {
  readonly text: string;
  readonly scopes: readonly string[];
}

interface Contributes {
  readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
}

const { contributes } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { contributes: Contributes };

async function makeRegistry() {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(new Uint8Array(readFileSync(wasm)).buffer);
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    async loadGrammar(scopeName) {
      const entry = contributes.grammars.find((grammar) => grammar.scopeName === scopeName);
      if (!entry) return null;
      return textmate.parseRawGrammar(readFileSync(new URL(entry.path, root), 'utf8'), entry.path);
    },
  });
}

let registry: ReturnType<typeof makeRegistry> | undefined;

/** The pieces of each line of a text in a language that package.json contributes; blanks between words are left out. */
export async function tokenize(language: string, text: string): Promise<Piece[][]> {
  registry ??= makeRegistry();
  const scopeName = contributes.grammars.find((grammar) => grammar.language === language)?.scopeName;
  const grammar = scopeName ? await (await registry).loadGrammar(scopeName) : null;
  if (!grammar) throw new Error(`package.json contributes no grammar for ${language}`);
  let state = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes: scopes.slice(1) }))
      .filter((piece) => piece.text.trim() !== '');
  });
}

/** `text` has, at its place in the line, a scope that starts with `scope`. */
export function hasScope(line: readonly Piece[], text: string, scope: string): boolean {
  return line.some((piece) => piece.text.trim() === text && piece.scopes.some((name) => name.startsWith(scope)));
}
