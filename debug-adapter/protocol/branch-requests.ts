/** Requests that change what was, those about the branches that this makes, and about all of them as a file. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { request } from './dap-messages.ts';
import { chunk, place, token, traceLine } from './moments.ts';
import { body, flag, integer, kind, list, optional, otherwise, record, text } from './schema.ts';

const format = otherwise(record({ hex: otherwise(flag, false) }), { hex: false });

const base64 = kind<string>('bytes in base64', (value) => typeof value === 'string' && /^[\w+/]*={0,2}$/.test(value));

/** A trace line by which somebody changed something. */
const edit = record({
  traceLine,
  token,
  /** What it changed: `cell = 7 (was 4)`. */
  text,
  /** The line of the source that was about to be executed. */
  place: optional(place),
});

/** A sequence of tokens: the first, or a fork of another. */
const branch = record({
  id: integer(),
  name: text,
  parent: optional(integer()),
  /** The trace line of the parent that it begins at. */
  from: optional(integer()),
  current: flag,
  /** What was changed on it, and before on those that it comes from: the oldest first. */
  edits: list(edit),
});

/** One of two branches that are held against each other. */
const side = record({
  id: integer(),
  name: text,
  /** The moment that is compared, and the function that it is in. */
  traceLine,
  function: text,
  /** What was printed from the first difference on, and how many chunks there are of it. */
  output: list(chunk),
  total: integer(),
});

export const BRANCH_REQUESTS = {
  setVariable: request(
    record({ variablesReference: integer({ min: 1 }), name: text, value: text, format }),
    body<DebugProtocol.SetVariableResponse['body']>(),
  ),
  setExpression: request(
    record({ expression: text, value: text, frameId: optional(integer()), format }),
    body<DebugProtocol.SetExpressionResponse['body']>(),
  ),
  writeMemory: request(
    record({
      memoryReference: text,
      offset: otherwise(integer({ min: Number.MIN_SAFE_INTEGER }), 0),
      allowPartial: otherwise(flag, false),
      data: base64,
    }),
    body<DebugProtocol.WriteMemoryResponse['body']>(),
  ),
  /**
   * Takes back the last change of this branch up to the position. If the branch begins with it, the branch goes, and one
   * is where it began; if something has followed, another branch begins there without it. Then `stopped`.
   */
  'stepformer/undoEdit': request(record({}), record({})),
  /** This branch and another, each at its position. */
  'stepformer/compareBranches': request(
    record({ with: integer() }),
    record({
      here: side,
      there: side,
      /** The first trace line in which they differ; missing where they are the same as far as both go. */
      differs: optional(traceLine),
      /** Of the innermost frames, by scope; one that is not on both sides differs. */
      variables: list(record({ scope: text, name: text, here: optional(text), there: optional(text), differs: flag })),
    }),
  ),
  /** Writes all branches into a file, which `attach` with `recording` opens. */
  'stepformer/saveRecording': request(record({ path: text }), record({ bytes: integer() })),
  'stepformer/branches': request(record({}), record({ branches: list(branch) })),
  'stepformer/switchBranch': request(record({ id: integer() }), record({})),
  'stepformer/renameBranch': request(record({ id: integer(), name: text }), record({})),
  'stepformer/dropBranch': request(record({ id: integer() }), record({})),
} as const;
