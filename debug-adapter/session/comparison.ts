/** Two branches side by side: where they part, what each printed from there on, and the variables of both positions. */
import type { AnswerOf } from '../protocol/protocol.ts';
import type { Session } from './session.ts';

type Comparison = AnswerOf<'stepformer/compareBranches'>;

/** One of the two. */
export interface Side {
  readonly id: number;
  readonly name: string;
  readonly session: Session;
}

export function compare(here: Side, there: Side): Comparison {
  const { history } = here.session.recording;
  const { history: other } = there.session.recording;
  const line = history.firstDifference(other);
  const isSame = line === history.lines && line === other.lines && history.tokenCount === other.tokenCount;
  return {
    here: sideOf(here, line),
    there: sideOf(there, line),
    ...(isSame ? {} : { differs: line }),
    variables: variablesOf(here.session, there.session),
  };
}

function sideOf({ id, name, session }: Side, line: number): Comparison['here'] {
  const traceLine = session.shown();
  const { chunks, total } = session.output.from(line);
  return { id, name, traceLine, function: frameOf(session).name, output: chunks, total };
}

function frameOf(session: Session): { id: number; name: string } {
  return session.inspector.stackTrace(session.shown(), { threadId: 1, startFrame: 0, levels: 1 }).stackFrames[0];
}

/** Rows of both sides, those of the first in their order, then what the second alone has. */
function variablesOf(here: Session, there: Session): Comparison['variables'] {
  const [ours, theirs] = [here, there].map(valuesOf);
  const rows = new Map([...ours, ...theirs]);
  return [...rows].map(([key, { scope, name }]) => {
    const [mine, other] = [ours.get(key)?.value, theirs.get(key)?.value];
    return {
      scope,
      name,
      ...(mine === undefined ? {} : { here: mine }),
      ...(other === undefined ? {} : { there: other }),
      differs: mine !== other,
    };
  });
}

/** Scopes that are compared: those of C, or without debug information the machine's. */
const SCOPES = ['Locals', 'Globals'];
const MACHINE_SCOPES = ['Wasm Locals', 'Globals'];

function valuesOf(session: Session): Map<string, { scope: string; name: string; value: string }> {
  const { inspector } = session;
  const { scopes } = inspector.scopes({ frameId: frameOf(session).id });
  const wanted = scopes.some(({ name }) => name === SCOPES[0]) ? SCOPES : MACHINE_SCOPES;
  const all = scopes.filter(({ name }) => wanted.includes(name));
  const rows = all.flatMap(({ name: scope, variablesReference }) => {
    const page = { variablesReference, start: 0, count: 0, format: { hex: false }, filter: undefined };
    const seen = new Map<string, number>();
    return inspector.children(page).variables.map(({ name, value }) => {
      // An inner variable may have the name of an outer one.
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      return [`${scope} ${name} ${nth}`, { scope, name, value }] as const;
    });
  });
  return new Map(rows);
}
