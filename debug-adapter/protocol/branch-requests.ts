/** Requests that change what was, and those about the branches that this makes. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { request } from './dap-messages.ts';
import { body, flag, integer, kind, list, optional, otherwise, record, text } from './schema.ts';

const format = otherwise(record({ hex: otherwise(flag, false) }), { hex: false });

const base64 = kind<string>('bytes in base64', (value) => typeof value === 'string' && /^[\w+/]*={0,2}$/.test(value));

/** A sequence of tokens: the first, or a fork of another. */
const branch = record({
  id: integer(),
  name: text,
  parent: optional(integer()),
  /** The trace line of the parent that it begins at. */
  from: optional(integer()),
  current: flag,
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
  'stepformer/branches': request(record({}), record({ branches: list(branch) })),
  'stepformer/switchBranch': request(record({ id: integer() }), record({})),
  'stepformer/renameBranch': request(record({ id: integer(), name: text }), record({})),
  'stepformer/dropBranch': request(record({ id: integer() }), record({})),
} as const;
