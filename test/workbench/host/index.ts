/**
 * Entry of the tests that run inside the extension host: VS Code calls `run`, here and on a desktop. What comes out is
 * written to a file, because an extension host that dies reports success.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { PATIENCE } from '../../patience.ts';
import { inputSuite } from './input-suite.ts';
import { suite } from './suite.ts';

/** What the harness reads. */
export interface HostResults {
  passed: string[];
  failed: { title: string; message: string }[];
}

export function run(): Promise<void> {
  const results: HostResults = { passed: [], failed: [] };
  const grep = process.env.STEPFORMER_TEST_GREP;
  const mocha = new Mocha({ ui: 'bdd', timeout: PATIENCE, reporter: 'dot', ...(grep ? { grep } : {}) });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  suite();
  inputSuite();
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const file = process.env.STEPFORMER_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify(results));
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    runner.on('pass', (test) => results.passed.push(test.fullTitle()));
    runner.on('fail', (test, error) =>
      results.failed.push({ title: test.fullTitle(), message: error.stack ?? error.message }),
    );
  });
}
