/**
 * The README as the package has it. VS Code shows pictures on an extension's page only from the web, and of a README on GitHub
 * they lie beside it: what stands between `<!-- pictures -->` and `<!-- /pictures -->` is left out. The walkthrough has pictures.
 */
const PICTURES = /<!-- pictures -->\n[\s\S]*?<!-- \/pictures -->\n+/g;

/** @throws RangeError for a picture outside of the marks, which would be a broken one */
export function packageReadme(readme: string): string {
  const text = readme.replace(PICTURES, '');
  const [left] = /!\[[^\]]*\]\((?!https:)[^)]*\)/.exec(text) ?? [];
  if (left) throw new RangeError(`README.md: ${left} stands outside of <!-- pictures -->`);
  return text;
}
