/**
 * The requests that a session answers, with the checks of their arguments: from anything a client may send to what
 * session.ts can rely on. Names and fields are the protocol's.
 */

import type { Granularity } from '../recording/stepping.ts';
import type { Arguments } from './arguments.ts';

const MOST = 2 ** 31 - 1;
/** Hops or readers told at once: of each the heads are looked at. */
const MOST_HOPS = 1000;

export interface BreakpointSpec {
  /** Of a source breakpoint. */
  line: number;
  condition: string | undefined;
  hitCondition: string | undefined;
  logMessage: string | undefined;
}

const spec = (args: Arguments): BreakpointSpec => ({
  line: args.integer('line', { max: MOST, fallback: 1 }),
  condition: args.optionalText('condition'),
  hitCondition: args.optionalText('hitCondition'),
  logMessage: args.optionalText('logMessage'),
});

const path = (args: Arguments) => {
  const source = args.object('source');
  return source.optionalText('path') ?? source.optionalText('name') ?? '';
};

const granularity = (args: Arguments): { granularity: Granularity } => {
  const size = args.oneOf('granularity', ['statement', 'line', 'instruction']);
  return { granularity: size === 'instruction' ? 'instruction' : 'line' };
};

const thread = (args: Arguments) => {
  args.integer('threadId', { fallback: 1 });
  return {};
};

const step = (args: Arguments) => ({ ...thread(args), ...granularity(args) });

const hex = (args: Arguments) => (args.has('format') ? args.object('format').flag('hex', false) : false);

const REQUESTS = {
  restart: (args: Arguments) => ({ arguments: args.raw('arguments') }),
  configurationDone: () => ({}),
  setBreakpoints: (args: Arguments) => ({
    path: path(args),
    breakpoints: args.objects('breakpoints').map((item) => {
      item.integer('line', { max: MOST });
      return spec(item);
    }),
  }),
  setFunctionBreakpoints: (args: Arguments) => ({
    breakpoints: args.objects('breakpoints').map((item) => ({ ...spec(item), name: item.text('name') })),
  }),
  setInstructionBreakpoints: (args: Arguments) => ({
    breakpoints: args.objects('breakpoints').map((item) => ({
      ...spec(item),
      instructionReference: item.text('instructionReference'),
      offset: item.integer('offset', { min: -MOST, max: MOST, fallback: 0 }),
    })),
  }),
  breakpointLocations: (args: Arguments) => {
    const line = args.integer('line', { max: MOST });
    return { path: path(args), line, endLine: args.integer('endLine', { max: MOST, fallback: line }) };
  },
  continue: thread,
  reverseContinue: thread,
  pause: thread,
  next: step,
  stepIn: step,
  stepOut: step,
  stepBack: step,
  stackTrace: (args: Arguments) => ({
    ...thread(args),
    startFrame: args.integer('startFrame', { fallback: 0 }),
    levels: args.integer('levels', { fallback: 0 }),
  }),
  scopes: (args: Arguments) => ({ frameId: args.integer('frameId') }),
  variables: (args: Arguments) => ({
    variablesReference: args.integer('variablesReference', { min: 1 }),
    filter: args.has('filter') ? args.oneOf('filter', ['named', 'indexed']) : undefined,
    start: args.integer('start', { fallback: 0 }),
    count: args.integer('count', { fallback: 0 }),
    hex: hex(args),
  }),
  evaluate: (args: Arguments) => ({
    expression: args.text('expression'),
    frameId: args.has('frameId') ? args.integer('frameId') : undefined,
    context: args.text('context', ''),
    hex: hex(args),
  }),
  completions: (args: Arguments) => ({
    text: args.text('text'),
    column: args.integer('column'),
    line: args.integer('line', { fallback: 1 }),
    frameId: args.has('frameId') ? args.integer('frameId') : undefined,
  }),
  readMemory: (args: Arguments) => ({
    memoryReference: args.text('memoryReference'),
    offset: args.integer('offset', { min: Number.MIN_SAFE_INTEGER, fallback: 0 }),
    count: args.integer('count'),
  }),
  disassemble: (args: Arguments) => ({
    memoryReference: args.text('memoryReference'),
    offset: args.integer('offset', { min: Number.MIN_SAFE_INTEGER, fallback: 0 }),
    instructionOffset: args.integer('instructionOffset', { min: Number.MIN_SAFE_INTEGER, fallback: 0 }),
    instructionCount: args.integer('instructionCount', { max: 100_000 }),
  }),
  source: (args: Arguments) => ({
    path: args.has('source') ? path(args) : '',
    sourceReference: args.integer('sourceReference', { fallback: 0 }),
  }),
  loadedSources: () => ({}),
  exceptionInfo: thread,
  gotoTargets: (args: Arguments) => ({ path: path(args), line: args.integer('line', { max: MOST }) }),
  goto: (args: Arguments) => ({ ...thread(args), targetId: args.integer('targetId') }),
  restartFrame: (args: Arguments) => ({ frameId: args.integer('frameId') }),
  'stepformer/tracePage': (args: Arguments) => ({ page: args.integer('page', { max: MOST }) }),
  'stepformer/position': () => ({}),
  'stepformer/attention': (args: Arguments) => ({ token: args.has('token') ? args.integer('token') : undefined }),
  'stepformer/origin': (args: Arguments) => ({
    expression: args.optionalText('expression'),
    frameId: args.has('frameId') ? args.integer('frameId') : undefined,
    token: args.has('token') ? args.integer('token') : undefined,
    bytes: args.has('bytes') ? args.integer('bytes', { min: 1, max: 8 }) : undefined,
    limit: args.integer('limit', { min: 1, max: MOST_HOPS, fallback: 20 }),
  }),
  'stepformer/readers': (args: Arguments) => ({
    token: args.integer('token'),
    limit: args.integer('limit', { min: 1, max: MOST_HOPS, fallback: 20 }),
  }),
  'stepformer/control': (args: Arguments) => ({
    traceLine: args.has('traceLine') ? args.integer('traceLine') : undefined,
  }),
  'stepformer/stepToken': (args: Arguments) => ({ direction: args.oneOf('direction', ['forward', 'backward']) }),
  'stepformer/travel': (args: Arguments) => ({ token: args.integer('token') }),
};

type Requests = typeof REQUESTS;

/** Names of the requests that a session answers. */
export type Command = keyof Requests;

/** The checked arguments of a request. */
export type ArgumentsOf<C extends Command> = ReturnType<Requests[C]>;

/** Checks the arguments of a request; undefined when there is no such request. @throws BadRequest */
export function checkedArguments(command: string, args: Arguments): object | undefined {
  return Object.hasOwn(REQUESTS, command) ? REQUESTS[command as Command](args) : undefined;
}
