/**
 * What it costs to be told why, on the whole of Inkala's Sudoku: origins by the write logs alone, the evidence of a hop,
 * readers, control. Prints a table.
 *
 *     npx tsx test/bench/explaining.ts
 */
import { Explanations } from '../../debug-adapter/explain/explanations.ts';
import { Inspector } from '../../debug-adapter/inspect/inspector.ts';
import { launchOptions } from '../../debug-adapter/protocol/launch.ts';
import { Debuggee } from '../../debug-adapter/recording/debuggee.ts';
import { finish, Pace } from '../../debug-adapter/recording/pace.ts';
import { Recording } from '../../debug-adapter/recording/recording.ts';
import { transformerSources } from '../../debug-adapter/recording/transformer-source.ts';
import { inputOf } from '../../engine/toolchain/load.ts';
import { quantile, randomNumbers, timed } from './measure.ts';
import { exampleFile, loadExample } from './programs.ts';

const HOPS = 10;
const LOOKS = 1000;

const loaded = await loadExample('sudoku');
const input = inputOf(loaded, [], new Uint8Array());
const options = launchOptions({ program: exampleFile('sudoku') });
const source = await transformerSources().source({
  program: loaded.program,
  input,
  attention: 'hull',
  engine: undefined,
});
const recording = new Recording({ program: loaded.program, input, source, budget: options.maxTokens });
finish(recording.complete(Number.POSITIVE_INFINITY, new Pace()));
recording.reached = recording.lastPosition;
const { history } = recording;
const debuggee = new Debuggee(loaded);
const why = new Explanations(debuggee, recording, new Inspector(debuggee, recording).evaluation);

/** Milliseconds of `ask` on random numbers below `most`; what has no answer is not counted. */
function times(most: number, ask: (number: number) => unknown): number[] {
  const random = randomNumbers();
  const found: number[] = [];
  for (let tried = 0; found.length < LOOKS && tried < 3 * LOOKS; tried++) {
    const number = Math.floor(random() * most);
    let answered = true;
    const time = timed(() => {
      try {
        ask(number);
      } catch {
        answered = false;
      }
    });
    if (answered) found.push(time);
  }
  return found;
}

const generated = history.tokenCount - history.promptLength;
const tokenOf = (number: number) => history.promptLength + number;
const origin = (number: number, evidence: boolean, limit = HOPS) =>
  why.originOfToken(tokenOf(number), { limit, evidence });

const rows: [what: string, milliseconds: number[]][] = [
  [`origin of a token, ${HOPS} hops, by the write logs`, times(generated, (number) => origin(number, false))],
  ['the first hop with its evidence', times(generated, (number) => origin(number, true, 1))],
  [
    'the first reader with its evidence; the log of reads is made by the first',
    times(generated, (number) => why.readersOf(tokenOf(number), 1)),
  ],
  ['what led to a line', times(history.lines, (line) => why.controlOf(line))],
];
console.log(`${history.tokenCount} tokens, ${history.lines} lines; milliseconds: first, median, 99 %, most`);
for (const [what, found] of rows) {
  const numbers = [found[0], quantile(found, 0.5), quantile(found, 0.99), Math.max(...found)];
  console.log(`${what}: ${numbers.map((number) => number.toFixed(2)).join(', ')}`);
}
