/** `stepformer wast`: the specification's test scripts inside the model; also `npm run conformance`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlacedError } from '../errors.ts';
import { createGenerator, ENGINES } from '../run/engines.ts';
import { EXIT_STATUS } from '../run/exit-status.ts';
import { readReadyModel } from '../run/model-files.ts';
import { DEFAULT_BUDGET } from '../run/run.ts';
import { loadHelpers } from '../toolchain/helpers/load-helpers.ts';
import { type Report, runScript } from '../wast/runner.ts';
import { answering, choice, parseOptions, UsageError, wholeNumber } from './options.ts';

const OPTIONS = { engine: 'value', 'max-tokens': 'value', brief: 'flag', json: 'flag' } as const;

/** Runs scripts; resolves with the exit status. */
export function wast(args: readonly string[]): Promise<number> {
  return answering(args, async () => {
    const parsed = parseOptions(args, OPTIONS);
    const json = parsed.flag('json');
    const files = parsed.files.flatMap(scriptsOf);
    if (files.length === 0) throw new UsageError('no script given: name .wast files, or folders of them');
    const engine = choice(parsed, 'engine', ENGINES);
    const budget = wholeNumber(parsed, 'max-tokens', 1, Number.MAX_SAFE_INTEGER) ?? DEFAULT_BUDGET;
    const [{ model, prepared }, helpers] = await Promise.all([readReadyModel(), loadHelpers()]);
    const generator = () => createGenerator(model, 'hull', engine, prepared);
    const reports: Report[] = [];
    for (const file of files) {
      const report = await attempted(files.length > 1, file, () =>
        runScript(readScript(file), file, { generator, helpers, budget }),
      );
      reports.push(report);
      if (!json) process.stdout.write(textOf(report, parsed.flag('brief')));
    }
    if (json) process.stdout.write(`${JSON.stringify({ files: reports })}\n`);
    else if (reports.length > 1) process.stdout.write(`${reports.length} scripts: ${counts(reports)}\n`);
    return reports.some(({ failed }) => failed > 0) ? EXIT_STATUS.claimFailed : 0;
  });
}

/** One script of several that cannot be read is a failure, and the others are run. */
async function attempted(ofSeveral: boolean, file: string, run: () => Promise<Report>): Promise<Report> {
  try {
    return await run();
  } catch (error) {
    if (!ofSeveral || !(error instanceof PlacedError)) throw error;
    const failure = { line: error.place.line ?? 1, expected: 'a script', got: error.message };
    return { file, passed: 0, failed: 1, failures: [failure], skipped: [] };
  }
}

/** The scripts of a folder, by name; a file is one. */
function scriptsOf(path: string): string[] {
  return attempt(path, () => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.wast'));
    if (names.length === 0) throw new PlacedError('The folder has no .wast files.', { file: path });
    return names.sort().map((name) => join(path, name));
  });
}

function readScript(file: string): string {
  return attempt(file, () => readFileSync(file, 'utf8'));
}

function attempt<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    throw new PlacedError(`The file cannot be read: ${(error as Error).message}.`, { file });
  }
}

function textOf(report: Report, brief: boolean): string {
  const { file, failures, skipped } = report;
  const lines = [`${file}: ${counts([report])}`];
  if (brief) return `${lines[0]}\n`;
  for (const { line, expected, got } of failures) lines.push(`  line ${line}: expected ${expected}, got ${got}`);
  const reasons = new Map<string, number[]>();
  for (const { line, reason } of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), line]);
  for (const [reason, at] of reasons) {
    const where = at.length === 1 ? `line ${at[0]}` : `${at.length} from line ${at[0]} on`;
    lines.push(`  skipped, ${where}: ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

function counts(reports: readonly Report[]): string {
  const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0);
  return `${sum((r) => r.passed)} passed, ${sum((r) => r.failed)} failed, ${sum((r) => r.skipped.length)} skipped`;
}
