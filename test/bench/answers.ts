/** What a debugger's answers cost on a long recording: Inkala's Sudoku, run to its end by the kernel. Prints JSON. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Breakpoints } from '../../debug-adapter/breakpoints/breakpoints.ts';
import { launchOptions, openRecording } from '../../debug-adapter/protocol/launch.ts';
import {
  type ArgumentsOf,
  isWork,
  REQUESTS,
  type RequestName,
  type SentWith,
} from '../../debug-adapter/protocol/protocol.ts';
import { checkSent } from '../../debug-adapter/protocol/schema.ts';
import { Debuggee } from '../../debug-adapter/recording/debuggee.ts';
import { finish, Pace, SLICE } from '../../debug-adapter/recording/pace.ts';
import { Recording } from '../../debug-adapter/recording/recording.ts';
import { transformerSources } from '../../debug-adapter/recording/transformer-source.ts';
import { Branches } from '../../debug-adapter/session/branches.ts';
import { restore } from '../../debug-adapter/session/saving.ts';
import { inputOf } from '../../engine/toolchain/load.ts';
import { quantile, randomNumbers, timed } from './measure.ts';
import { exampleFile, loadExample } from './programs.ts';

/** Milliseconds of one kind of answer. */
export interface AnswerReport {
  readonly what: string;
  readonly median: number;
  readonly worst: number;
  /** Milliseconds that the median should stay below. */
  readonly limit: number;
}

const MOMENTS = 40;
const RUNS = 5;

const file = exampleFile('sudoku');
const text = readFileSync(file, 'utf8').split('\n');
const lineOf = (part: string) => text.findIndex((line) => line.includes(part)) + 1;

const loaded = await loadExample('sudoku');
const input = inputOf(loaded, [], new Uint8Array());
const options = launchOptions({ program: file, stopOnEntry: true });
const source = await transformerSources().source({ ...options, program: loaded.program, input });
const recording = new Recording({ program: loaded.program, input, source, budget: options.maxTokens });
const session = new Branches({
  debuggee: new Debuggee(loaded),
  recording,
  breakpoints: new Breakpoints(),
  options,
  emit: () => {},
});

function ask<C extends RequestName>(command: C, args: SentWith<C>): unknown {
  const checked = checkSent<unknown>(REQUESTS[command].arguments, command, args) as ArgumentsOf<C>;
  const answering: unknown = session.request(command, checked);
  return isWork(answering) ? finish(answering) : answering;
}

/** A request and what it sets off, to its end. */
function run<C extends RequestName>(command: C, args: SentWith<C>): void {
  ask(command, args);
  while (session.busy) session.work(SLICE);
}

const reports: AnswerReport[] = [];
function report(what: string, limit: number, times: readonly number[]): void {
  reports.push({ what, limit, median: quantile(times, 0.5), worst: Math.max(...times) });
}

run('configurationDone', {});
run('continue', {});
const end = recording.lines - 1;

const random = randomNumbers();
const moments = Array.from({ length: MOMENTS }, () => Math.floor(random() * end));
const times: Record<'steps' | 'scopes' | 'stacks', number[]> = { steps: [], scopes: [], stacks: [] };
for (const traceLine of moments) {
  ask('stepformer/travel', { traceLine });
  for (const command of ['stepIn', 'stepBack', 'stepBack', 'stepIn'] as const) {
    times.steps.push(timed(() => run(command, { threadId: 1 })));
  }
  times.stacks.push(timed(() => ask('stackTrace', { threadId: 1 })));
  const { stackFrames } = ask('stackTrace', { threadId: 1 }) as { stackFrames: { id: number }[] };
  const scopesAndVariables = () => {
    const { scopes } = ask('scopes', { frameId: stackFrames[0].id }) as {
      scopes: { name: string; variablesReference: number }[];
    };
    for (const { name, variablesReference } of scopes) {
      // The heads are a look at the model: a view of its own opens it.
      if (name !== 'Attention') ask('variables', { variablesReference });
    }
  };
  times.scopes.push(timed(scopesAndVariables));
}
report('a step, forwards and back', 5, times.steps);
report('scopes and their variables', 15, times.scopes);
report('the stack', 10, times.stacks);

/** Reverse continue from the end to the beginning. */
function backOverEverything(what: string, limit: number): void {
  const runs = Array.from({ length: RUNS }, () => {
    ask('stepformer/travel', { traceLine: end });
    return timed(() => run('reverseContinue', { threadId: 1 }));
  });
  report(`reverse continue, ${what}`, limit, runs);
}

const onLine = (line: number, condition?: string) =>
  ask('setBreakpoints', { source: { path: file }, breakpoints: [{ line, condition }] });
onLine(lineOf('printf("A puzzle is 81 digits'));
backOverEverything('a line that is never executed', 100);
onLine(lineOf('int row = cell / 9, column = cell % 9;'), 'cell == 1000');
backOverEverything('a condition that is false', 200);
ask('setBreakpoints', { source: { path: file }, breakpoints: [] });

const onData = (name: string, accessType: 'read' | 'write', condition?: string) => {
  const { stackFrames } = ask('stackTrace', { threadId: 1 }) as { stackFrames: { id: number }[] };
  const { dataId } = ask('dataBreakpointInfo', { name, frameId: stackFrames[0].id }) as { dataId: string };
  ask('setDataBreakpoints', { breakpoints: [{ dataId, accessType, condition }] });
};
run('stepBack', { threadId: 1 });
onData('*(int *)4', 'write');
backOverEverything('writes of data that is never written', 200);
onData('*(int *)4', 'read');
backOverEverything('reads of data that is never read', 200);
onData('units[0][0]', 'read', 'units[0][0] == 100');
backOverEverything('reads of data, a condition that is false', 200);
ask('setDataBreakpoints', { breakpoints: [] });

ask('stepformer/travel', { traceLine: end });
ask('setBreakpoints', {
  source: { path: file },
  breakpoints: [{ line: lineOf('if (*can & digit) {'), condition: 'k == 12345' }],
});
const pauses = Array.from({ length: RUNS }, (_, i) => {
  ask('stepformer/travel', { traceLine: end });
  ask('reverseContinue', { threadId: 1 });
  for (let slice = 0; slice < 3 + i; slice++) session.work(SLICE);
  return timed(() => run('pause', { threadId: 1 }));
});
report('pause', 100, pauses);

/** Questions that look back, asked at the end. */
function lookingBack<C extends RequestName>(what: string, limit: number, command: C, args: SentWith<C>): void {
  report(
    what,
    limit,
    Array.from({ length: RUNS }, () => timed(() => ask(command, args))),
  );
}
ask('setBreakpoints', { source: { path: file }, breakpoints: [] });
ask('stepformer/travel', { traceLine: end });
run('stepBack', { threadId: 1 });
const solved = 'board.can[0]';
lookingBack('origin of a value, ten hops with their heads', 70, 'stepformer/origin', { expression: solved, limit: 10 });
lookingBack('the history of a value', 50, 'stepformer/history', { expression: solved });
/** A print over as many should take a second at most; no line of this program is executed as often. */
const HITS = 100_000;
const innermost = lineOf('if (*can & digit) {');
const often = { path: file, line: innermost, expression: 'digit', limit: HITS };
const { total } = ask('stepformer/print', often) as { total: number };
lookingBack(`a print after the fact, ${total} hits`, (1000 * total) / HITS, 'stepformer/print', often);
lookingBack('every call of a function', 1000, 'stepformer/calls', { function: 'place', limit: HITS });

/** A change in the past, and what it costs to go on from there: the model is given the tokens so far. */
const data = Buffer.from([1, 2, 3, 4]).toString('base64');
ask('stepformer/travel', { traceLine: Math.floor(0.9 * end) });
report('a change in the past', 200, [timed(() => ask('writeMemory', { memoryReference: '16', data }))]);
report('the first step on the new branch', 2000, [timed(() => run('next', { threadId: 1 }))]);

const folder = mkdtempSync(join(tmpdir(), 'stepformer-'));
const recorded = join(folder, 'recording');
report('saving a recording of two branches', 1000, [timed(() => ask('stepformer/saveRecording', { path: recorded }))]);
const started = performance.now();
const opened = await openRecording({ recording: recorded });
const { saved } = opened;
const again = recording.sibling();
finish(restore(again, saved.branches, saved.current, new Pace()));
const other = new Branches({
  debuggee: new Debuggee(opened.loaded),
  recording: again,
  breakpoints: new Breakpoints(),
  options,
  emit: () => {},
  saved,
});
other.request('configurationDone', {});
while (other.busy) other.work(SLICE);
report('opening it', 1000, [performance.now() - started]);
rmSync(folder, { recursive: true });
console.log(JSON.stringify(reports));
