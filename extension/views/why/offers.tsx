/** Before anything is asked: what can be, of the variables that are in sight. */
/// <reference lib="dom" />
import type { DebugProtocol } from '@vscode/debugprotocol';
import { useEffect, useState } from 'preact/hooks';
import { useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { useNotebook } from './use-notebook.ts';

type Variable = DebugProtocol.Variable;

/** Variables that are offered. */
const MOST = 12;

export function Offers() {
  const link = useLink();
  const notebook = useNotebook();
  const { stops, status } = link.session;
  const [variables, setVariables] = useState<readonly Variable[]>([]);
  useEffect(() => {
    let isWanted = true;
    if (status?.state === 'running') return;
    locals(link).then(
      (found) => isWanted && setVariables(found),
      () => isWanted && setVariables([]),
    );
    return () => {
      isWanted = false;
    };
  }, [link, stops, status?.state]);
  return (
    <div class="offers">
      <p>
        Every value has a history: what wrote it is what a head attends to. Ask here, or choose “Where did this come
        from?” at a variable, in the editor or in a watch.
      </p>
      <ul>
        {variables.slice(0, MOST).map(({ name, value, evaluateName = name }) => (
          <li key={name}>
            <button
              type="button"
              class="link"
              onClick={() => notebook.ask({ kind: 'origin', expression: evaluateName })}
            >
              Why is <code>{name}</code> {value}?
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="link" onClick={() => notebook.ask({ kind: 'control' })}>
            Why are we here?
          </button>
        </li>
      </ul>
    </div>
  );
}

/** Variables of the innermost call. */
async function locals(link: Link): Promise<readonly Variable[]> {
  const { stackFrames } = await link.ask('stackTrace', { threadId: 1, levels: 1 });
  if (!stackFrames[0]) return [];
  const { scopes } = await link.ask('scopes', { frameId: stackFrames[0].id });
  const scope = scopes.find(({ name }) => name === 'Locals');
  if (!scope) return [];
  const { variables } = await link.ask('variables', { variablesReference: scope.variablesReference });
  return variables.filter(({ evaluateName }) => evaluateName !== undefined);
}
