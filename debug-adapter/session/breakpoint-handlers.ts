/** Answers to what is asked about breakpoints once there is a program: see breakpoints.ts for those that may come earlier. */
import type { BreakpointRequest, Breakpoints } from '../breakpoints/breakpoints.ts';
import { placeLocations } from '../breakpoints/placement.ts';
import { dataInfoBody } from '../inspect/data-info.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { Handlers } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';

/** What the answers need of the session. */
export interface Stopping {
  readonly breakpoints: Breakpoints;
  readonly debuggee: Debuggee;
  readonly inspector: Inspector;
  /** The trace line that is shown. */
  shown(): number;
}

type Asked = BreakpointRequest | 'dataBreakpointInfo' | 'breakpointLocations';

export function breakpointHandlers(session: Stopping): Pick<Handlers, Asked> {
  const set = () => session.breakpoints.handlers;
  return {
    setBreakpoints: (args) => set().setBreakpoints(args),
    setFunctionBreakpoints: (args) => set().setFunctionBreakpoints(args),
    setInstructionBreakpoints: (args) => set().setInstructionBreakpoints(args),
    setDataBreakpoints: (args) => set().setDataBreakpoints(args),
    setExceptionBreakpoints: (args) => set().setExceptionBreakpoints(args),
    'stepformer/setOutputBreakpoints': (args) => set()['stepformer/setOutputBreakpoints'](args),
    'stepformer/setAttentionBreakpoints': (args) => set()['stepformer/setAttentionBreakpoints'](args),
    dataBreakpointInfo: (args) => {
      const info = session.inspector.dataInfo(session.shown(), args);
      if (info.dataId !== undefined) session.breakpoints.data.remember(info.dataId, info.known);
      return dataInfoBody(info);
    },
    breakpointLocations: (args) => ({ breakpoints: placeLocations(session.debuggee.code, args) }),
  };
}
