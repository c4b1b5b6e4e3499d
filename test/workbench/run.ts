/**
 * `npm run test:vscode`: the extension in a real VS Code. First the suite in the extension host (in desktop VS Code too,
 * where that can be had), then views in a plain page, the workbench as people see it, then the package installed without the repository.
 * Last line: `N passed, N failed`. A part in which no test ran is a failure.
 *
 * Words choose parts: `npm run test:vscode -- host`, `plain`, `ui`, `package`; `--grep TEXT` chooses tests by their title.
 */
import { Missing, root, run } from '../../scripts/vscode-cache.ts';
import { runHostSuite } from './host-suite.ts';
import { runPlainTests } from './plain-tests.ts';
import { runUiTests } from './ui-tests.ts';

/** How a part went. */
export interface Tally {
  passed: number;
  failed: number;
}

const words = process.argv.slice(2);
const grepAt = words.indexOf('--grep');
const grep = grepAt < 0 ? undefined : words.splice(grepAt, 2)[1];
const wants = (part: string) => words.length === 0 || words.includes(part);

const total: Tally = { passed: 0, failed: 0 };

/** Runs a part; what breaks outside of tests counts as a failure. */
async function part(name: string, body: () => Promise<Tally>): Promise<void> {
  if (!wants(name)) return;
  console.log(`\n== ${name}`);
  try {
    const { passed, failed } = await body();
    total.passed += passed;
    total.failed += failed;
    if (passed + failed === 0 && grep === undefined) throw new Error('no test was run');
  } catch (error) {
    total.failed++;
    console.error(error instanceof Missing ? error.message : error);
  }
}

const started = Date.now();
if (!process.env.STEPFORMER_NO_BUILD) run('npm', ['run', 'build', '--silent'], { cwd: root });
await part('host', () => runHostSuite(grep));
await part('plain', () => runPlainTests(grep));
await part('ui', () => runUiTests('project', grep));
await part('package', () => runUiTests('package', grep));
console.log(`\n${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
