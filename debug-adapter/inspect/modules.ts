/** `modules`: the program is one module, whatever it was made from. */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';

/** The module that every frame is in. */
export const MODULE_ID = 1;

export function modules(
  { files, debug, program }: Debuggee,
  { startModule, moduleCount }: ArgumentsOf<'modules'>,
): DebugProtocol.ModulesResponse['body'] {
  const found: DebugProtocol.Module = {
    id: MODULE_ID,
    name: files.map((file) => basename(file)).join(' + '),
    path: files[0],
    isUserCode: true,
    symbolStatus: debug ? 'debug information read' : 'no debug information',
    addressRange: `0–${program.ops.length - 1}`,
  };
  const all = startModule === 0 ? [found] : [];
  return { modules: moduleCount === 0 ? all : all.slice(0, moduleCount), totalModules: 1 };
}
