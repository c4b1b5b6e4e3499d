/**
 * The protocol's own requests and events, as far as they are spoken here: arguments with their checks, and where lines
 * and columns are in what is answered. Names and fields are the protocol's; types of answers are its package's.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Granularity } from '../recording/stepping.ts';
import {
  anything,
  as,
  type Body,
  body,
  type CheckedOf,
  columnOfSource,
  flag,
  integer,
  lineOfSource,
  list,
  oneOf,
  optional,
  otherwise,
  record,
  type Schema,
  text,
} from './schema.ts';

/** A request: what is sent with it, and what its response says. */
export function request<A extends Schema<unknown, unknown>, B extends Body<unknown>>(args: A, answer: B) {
  return { arguments: args, answer } as const;
}

/** Of an expression that called functions: the tokens that the model said for it, and what they printed. */
interface CallReport {
  tokens?: number;
  output?: string;
}

/** Lines and columns as the protocol spells them. */
const PLACE = { line: 'line', endLine: 'line', column: 'column', endColumn: 'column' } as const;

const NOTHING = record({});
export const DONE = body<void>();
/** The answer to requests that set breakpoints: one for each. */
export const BREAKPOINTS = body<DebugProtocol.SetBreakpointsResponse['body']>({ breakpoints: PLACE });

const MOST = 2 ** 31 - 1;
const anyInteger = integer({ min: Number.MIN_SAFE_INTEGER });
const count = otherwise(integer(), 0);

/** A source by its path. */
const source = as(record({ path: optional(text), name: optional(text) }), ({ path, name }) => path ?? name ?? '');

/** Who does not say how far means lines. */
const granularity: Schema<Granularity, Granularity | undefined> = otherwise(
  oneOf(['statement', 'line', 'instruction']),
  'line',
);

const format = otherwise(record({ hex: otherwise(flag, false) }), { hex: false });

const THREAD = { threadId: otherwise(integer(), 1) };
const thread = record(THREAD);
/** A step of any kind. */
export const step = request(record({ ...THREAD, granularity }), DONE);

/** What every kind of breakpoint has. */
const SPEC = { condition: optional(text), hitCondition: optional(text), logMessage: optional(text) };
const spec = record(SPEC);
export type BreakpointSpec = CheckedOf<typeof spec>;

/** Requests that the adapter answers by itself, or that start and end sessions. */
export const ADAPTER_REQUESTS = {
  initialize: request(
    record({
      pathFormat: otherwise(text, 'path'),
      linesStartAt1: otherwise(flag, true),
      columnsStartAt1: otherwise(flag, true),
      supportsInvalidatedEvent: otherwise(flag, false),
      supportsMemoryEvent: otherwise(flag, false),
      supportsProgressReporting: otherwise(flag, false),
      /** Whether the client answers `stepformer/inputNeeded`. */
      stepformerInput: otherwise(flag, false),
    }),
    body<DebugProtocol.Capabilities>(),
  ),
  // Attributes are checked where the program is loaded, see launch.ts.
  launch: request(anything, DONE),
  restart: request(record({ arguments: anything }), DONE),
  attach: request(anything, DONE),
  disconnect: request(NOTHING, DONE),
  terminate: request(NOTHING, DONE),
  cancel: request(record({ requestId: optional(integer()), progressId: optional(text) }), DONE),
  threads: request(NOTHING, body<DebugProtocol.ThreadsResponse['body']>()),
} as const;

/** Requests that a session answers. */
export const SESSION_REQUESTS = {
  configurationDone: request(NOTHING, DONE),
  setBreakpoints: request(
    record({
      source,
      breakpoints: otherwise(list(record({ ...SPEC, line: lineOfSource, column: optional(columnOfSource) })), []),
    }),
    BREAKPOINTS,
  ),
  setFunctionBreakpoints: request(
    record({ breakpoints: otherwise(list(record({ ...SPEC, name: text })), []) }),
    BREAKPOINTS,
  ),
  setInstructionBreakpoints: request(
    record({
      breakpoints: otherwise(
        list(
          record({
            ...SPEC,
            instructionReference: text,
            offset: otherwise(integer({ min: -MOST, max: MOST }), 0),
          }),
        ),
        [],
      ),
    }),
    BREAKPOINTS,
  ),
  dataBreakpointInfo: request(
    record({
      name: text,
      variablesReference: as(otherwise(integer(), 0), (reference) => reference || undefined),
      frameId: optional(integer()),
      bytes: optional(integer({ min: 1 })),
      asAddress: otherwise(flag, false),
    }),
    body<DebugProtocol.DataBreakpointInfoResponse['body']>(),
  ),
  setDataBreakpoints: request(
    record({
      breakpoints: otherwise(
        list(
          record({
            dataId: text,
            accessType: optional(oneOf(['read', 'write', 'readWrite'])),
            condition: optional(text),
            hitCondition: optional(text),
          }),
        ),
        [],
      ),
    }),
    BREAKPOINTS,
  ),
  setExceptionBreakpoints: request(
    record({
      filters: otherwise(list(text), []),
      filterOptions: otherwise(list(record({ filterId: text, condition: optional(text) })), []),
    }),
    BREAKPOINTS,
  ),
  breakpointLocations: request(
    record({ source, line: lineOfSource, endLine: optional(lineOfSource) }),
    body<DebugProtocol.BreakpointLocationsResponse['body']>({ breakpoints: PLACE }),
  ),
  continue: request(thread, body<DebugProtocol.ContinueResponse['body']>()),
  reverseContinue: request(thread, DONE),
  pause: request(thread, DONE),
  next: step,
  stepIn: request(record({ ...THREAD, granularity, targetId: optional(integer()) }), DONE),
  stepInTargets: request(
    record({ frameId: integer() }),
    body<DebugProtocol.StepInTargetsResponse['body']>({ targets: PLACE }),
  ),
  stepOut: step,
  stepBack: step,
  stackTrace: request(
    record({ ...THREAD, startFrame: count, levels: count }),
    body<DebugProtocol.StackTraceResponse['body']>({ stackFrames: PLACE }),
  ),
  scopes: request(record({ frameId: integer() }), body<DebugProtocol.ScopesResponse['body']>({ scopes: PLACE })),
  variables: request(
    record({
      variablesReference: integer({ min: 1 }),
      filter: optional(oneOf(['named', 'indexed'])),
      start: count,
      count,
      format,
    }),
    body<DebugProtocol.VariablesResponse['body']>(),
  ),
  evaluate: request(
    record({ expression: text, frameId: optional(integer()), context: otherwise(text, ''), format }),
    body<DebugProtocol.EvaluateResponse['body'] & CallReport>(),
  ),
  completions: request(
    record({ text, column: columnOfSource, frameId: optional(integer()) }),
    body<DebugProtocol.CompletionsResponse['body']>({ targets: { start: 'column' } }),
  ),
  readMemory: request(
    record({ memoryReference: text, offset: otherwise(anyInteger, 0), count: integer() }),
    body<DebugProtocol.ReadMemoryResponse['body']>(),
  ),
  disassemble: request(
    record({
      memoryReference: text,
      offset: otherwise(anyInteger, 0),
      instructionOffset: otherwise(anyInteger, 0),
      instructionCount: integer({ max: 100_000 }),
    }),
    body<DebugProtocol.DisassembleResponse['body']>({ instructions: PLACE }),
  ),
  source: request(record({ source: otherwise(source, '') }), body<DebugProtocol.SourceResponse['body']>()),
  loadedSources: request(NOTHING, body<DebugProtocol.LoadedSourcesResponse['body']>()),
  modules: request(record({ startModule: count, moduleCount: count }), body<DebugProtocol.ModulesResponse['body']>()),
  locations: request(
    record({ locationReference: integer({ min: 1 }) }),
    body<NonNullable<DebugProtocol.LocationsResponse['body']>>(PLACE),
  ),
  exceptionInfo: request(thread, body<DebugProtocol.ExceptionInfoResponse['body']>()),
  gotoTargets: request(
    record({ source, line: lineOfSource }),
    body<DebugProtocol.GotoTargetsResponse['body']>({ targets: PLACE }),
  ),
  goto: request(record({ ...THREAD, targetId: integer() }), DONE),
  restartFrame: request(record({ frameId: integer() }), DONE),
} as const;

/** Events that a session sends. */
export const SESSION_EVENTS = {
  continued: body<DebugProtocol.ContinuedEvent['body']>(),
  stopped: body<DebugProtocol.StoppedEvent['body']>(),
  output: body<DebugProtocol.OutputEvent['body']>(PLACE),
  breakpoint: body<DebugProtocol.BreakpointEvent['body']>({ breakpoint: PLACE }),
  exited: body<DebugProtocol.ExitedEvent['body']>(),
  terminated: body<Record<string, never>>(),
  memory: body<DebugProtocol.MemoryEvent['body']>(),
  invalidated: body<DebugProtocol.InvalidatedEvent['body']>(),
  progressStart: body<DebugProtocol.ProgressStartEvent['body']>(),
  progressUpdate: body<DebugProtocol.ProgressUpdateEvent['body']>(),
  progressEnd: body<DebugProtocol.ProgressEndEvent['body']>(),
} as const;
